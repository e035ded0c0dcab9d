// Polygons of one division: named, focusable, choosing one changes the address of the page.
import { visit } from "../results/visit.js";
import { onActivate } from "./keys.js";
import { createLabels } from "./labels.js";
import { reach } from "./reach.js";
import { addressWith } from "./where.js";

/** The page's address with this space chosen. */
export function addressFor(properties, resident, { spacePath, listPath }) {
  if (resident && spacePath) return spacePath + properties.slug;
  const [key, value] = resident ? ["stadtteil", properties.slug] : ["raum", properties.key];
  return addressWith(key, value, spacePath ? listPath : "");
}

export function createSpaces(map, section, texts) {
  const labels = createLabels(map);
  let layer = null;
  let chosen = null;
  let shown = null; // what is drawn: a collection and its division

  const isSelected = ({ key }) => key === section.dataset.selected;

  function open(properties, resident) {
    if (isSelected(properties)) return chosen && map.fitBounds(chosen.getBounds(), { padding: [48, 48] });
    return visit(addressFor(properties, resident, section.dataset));
  }

  function name(path, properties, resident) {
    path.setAttribute("role", "link");
    path.setAttribute("tabindex", "0");
    path.setAttribute("aria-label", isSelected(properties) ? `${properties.name}, ${texts.spaceChosen}` : properties.name);
    if (isSelected(properties)) path.setAttribute("aria-current", "true");
    onActivate(path, () => open(properties, resident));
  }

  function focusedKey() {
    const focused = layer?.getLayers().find((polygon) => polygon.getElement() === document.activeElement);
    return focused?.feature.properties.key;
  }

  /** Puts on the map what show() has made. */
  function put() {
    if (!layer || map.hasLayer(layer)) return;
    layer.addTo(map);
    chosen?.bringToFront();
    reach(map, layer);
  }

  function putLabels() {
    if (!layer) return;
    labels.set(shown.collection.features, layer, section.dataset.selected);
    labels.place();
  }

  /** Makes the polygons of a division; before the map knows where it looks they are only made. */
  function show(collection, division) {
    const focus = focusedKey();
    layer?.remove();
    chosen = null;
    shown = { collection, division };
    const { resident } = division;
    layer = L.geoJSON(collection, {
      style: ({ properties }) => ({
        className: isSelected(properties) ? "map-space is-chosen" : "map-space",
        fillOpacity: 1,
      }),
      onEachFeature({ properties }, polygon) {
        if (isSelected(properties)) chosen = polygon;
        polygon.on("click", () => open(properties, resident));
        polygon.on("add", () => name(polygon.getElement(), properties, resident));
      },
    });
    if (map.getZoom() !== undefined) {
      put();
      putLabels();
    }
    const again = layer.getLayers().find(({ feature }) => feature.properties.key === focus);
    if (focus) again?.getElement()?.focus({ preventScroll: true });
  }

  map.on("moveend", () => reach(map, layer));

  return {
    show,
    put,
    putLabels,
    /** Draws the same spaces with another one chosen. */
    again: () => shown && show(shown.collection, shown.division),
    bounds: () => layer?.getBounds(),
    chosenBounds: () => chosen?.getBounds(),
  };
}
