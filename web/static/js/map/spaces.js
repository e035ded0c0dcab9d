// Polygons of one division: named, focusable, choosing one changes the address of the page.
import { onActivate } from "./keys.js";
import { createLabels } from "./labels.js";

/** The page's address with this space chosen; starts again at the first page of the list. */
export function addressFor(properties, resident, { spacePath, listPath }, location) {
  if (resident && spacePath) return spacePath + properties.slug;
  const address = new URL(spacePath ? listPath : location.href, location.href);
  for (const [key, value] of [...address.searchParams]) {
    if (value === "" || ["stadtteil", "raum", "seite"].includes(key)) address.searchParams.delete(key);
  }
  address.searchParams.set(resident ? "stadtteil" : "raum", resident ? properties.slug : properties.key);
  address.hash = "";
  return address.href;
}

export function createSpaces(map, section, texts) {
  const { selected, spacePath, listPath } = section.dataset;
  const labels = createLabels(map);
  let layer = null;
  let chosen = null;

  function open(properties, resident) {
    if (properties.key === selected) return chosen && map.fitBounds(chosen.getBounds(), { padding: [48, 48] });
    return window.location.assign(addressFor(properties, resident, { spacePath, listPath }, window.location));
  }

  function name(path, properties, resident) {
    const isChosen = properties.key === selected;
    path.setAttribute("role", "link");
    path.setAttribute("tabindex", "0");
    path.setAttribute("aria-label", isChosen ? `${properties.name}, ${texts.spaceChosen}` : properties.name);
    if (isChosen) path.setAttribute("aria-current", "true");
    onActivate(path, () => open(properties, resident));
  }

  function show(collection, { resident }) {
    layer?.remove();
    chosen = null;
    layer = L.geoJSON(collection, {
      style: ({ properties }) => ({
        className: properties.key === selected ? "map-space is-chosen" : "map-space",
        fillOpacity: 1,
      }),
      onEachFeature({ properties }, polygon) {
        if (properties.key === selected) chosen = polygon;
        polygon.on("click", () => open(properties, resident));
        polygon.on("add", () => name(polygon.getElement(), properties, resident));
      },
    }).addTo(map);
    map.whenReady(() => chosen?.bringToFront());
    labels.set(collection.features, layer, selected);
  }

  return {
    show,
    placeLabels: labels.place,
    bounds: () => layer?.getBounds(),
    chosenBounds: () => chosen?.getBounds(),
  };
}
