// Names on the polygons: shown where they fit, hidden where they would run over a border or each other.

const LINE_PIXELS = 15;
const FONT = "600 13px sans-serif";

/** Breaks a name into short lines. */
export function breakName(name, most = 16) {
  const lines = [];
  for (const word of name.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function createMeasure() {
  const context = document.createElement("canvas").getContext("2d");
  context.font = FONT;
  return (lines) => ({
    width: Math.max(...lines.map((line) => context.measureText(line).width)),
    height: lines.length * LINE_PIXELS,
  });
}

function overlaps(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

function makeMarker({ lines, at, chosen }) {
  const words = document.createElement("span");
  words.textContent = lines.join("\n");
  return L.marker(at, {
    icon: L.divIcon({ className: chosen ? "map-label is-chosen" : "map-label", html: words, iconSize: [0, 0] }),
    interactive: false,
    keyboard: false,
    pane: "labels",
  });
}

export function createLabels(map) {
  const pane = map.createPane("labels");
  pane.style.zIndex = 450; // above the polygons, below pins and dots
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true");
  const measure = createMeasure();
  let labels = [];

  function fits(label, taken) {
    const size = map.latLngToLayerPoint(label.bounds.getSouthEast())
      .subtract(map.latLngToLayerPoint(label.bounds.getNorthWest()));
    if (!label.chosen && (label.width > size.x * 0.95 || label.height > size.y * 0.8)) return null;
    const at = map.latLngToLayerPoint(label.at);
    const box = {
      left: at.x - label.width / 2 - 4,
      right: at.x + label.width / 2 + 4,
      top: at.y - label.height / 2 - 2,
      bottom: at.y + label.height / 2 + 2,
    };
    return taken.some((other) => overlaps(box, other)) ? null : box;
  }

  function place() {
    if (!map.getZoom()) return;
    const taken = [];
    for (const label of labels) {
      const box = fits(label, taken);
      if (box) taken.push(box);
      if (box) (label.marker ??= makeMarker(label)).addTo(map);
      else label.marker?.remove();
    }
  }

  function set(features, layer, selected) {
    for (const label of labels) label.marker?.remove();
    const bounds = new Map(layer.getLayers().map((polygon) => [polygon.feature.properties.key, polygon.getBounds()]));
    labels = features.map(({ properties: { key, name, label: [lon, lat] } }) => {
      const lines = breakName(name);
      return { lines, at: [lat, lon], bounds: bounds.get(key), chosen: key === selected, marker: null, ...measure(lines) };
    });
    labels.sort((a, b) => Number(b.chosen) - Number(a.chosen));
  }

  map.on("zoomend", place);
  return { set, place };
}
