// The empty map, and where it looks at first.
import { chosenPart, chosenPoint } from "./where.js";

const FIT = { padding: [48, 48], maxZoom: 16, animate: false };

export function createMap(section, texts) {
  const canvas = section.querySelector("[data-map-canvas]");
  const map = L.map(canvas, {
    attributionControl: false,
    maxZoom: 18,
    zoomControl: false,
    zoomSnap: 0.25,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.zoom({
    position: document.documentElement.dir === "rtl" ? "topright" : "topleft",
    zoomInTitle: texts.zoomIn,
    zoomOutTitle: texts.zoomOut,
  }).addTo(map);
  // Leaflet's keys listen while the map itself has the focus; here also while something on it has.
  canvas.addEventListener("focusin", () => map.fire("focus"));
  canvas.addEventListener("focusout", ({ relatedTarget }) => {
    if (!canvas.contains(relatedTarget)) map.fire("blur");
  });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", texts.mapLabel);
  return map;
}

/** Leaflet could do this, too, but makes an object of its own for every point. */
function boundsOf(latlngs) {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lat, lon] of latlngs) {
    if (lat < south) south = lat;
    if (lat > north) north = lat;
    if (lon < west) west = lon;
    if (lon > east) east = lon;
  }
  return [[south, west], [north, east]];
}

/** Moves the map to what is asked for, else to what is found. */
export function fit(map, points, spaces) {
  const part = chosenPart();
  if (part) return map.fitBounds(part, { animate: false });
  if (spaces.chosenBounds()) return map.fitBounds(spaces.chosenBounds(), FIT);
  const here = chosenPoint();
  const latlngs = points.map(({ latlng }) => latlng);
  if (here) latlngs.push(here);
  if (points.length) return map.fitBounds(boundsOf(latlngs), FIT);
  if (spaces.bounds()) return map.fitBounds(spaces.bounds(), FIT);
  return map.setView(here ?? [51, 10], here ? 14 : 6);
}
