// The Tab key stops only at polygons that can be seen: nobody would see where they are on the others.

const LEAST = 8; // pixels inside of the edge of the view

function ringsOf(latlngs) {
  return Array.isArray(latlngs[0]) ? latlngs.flatMap(ringsOf) : [latlngs];
}

function isSeen(map, polygon) {
  if (!map.getBounds().intersects(polygon.getBounds())) return false;
  const { min, max } = map.getPixelBounds();
  const view = L.bounds(min.add([LEAST, LEAST]), max.subtract([LEAST, LEAST]));
  return ringsOf(polygon.getLatLngs()).some((ring) =>
    L.PolyUtil.clipPolygon(ring.map((latlng) => map.project(latlng)), view).length);
}

/** Sets which polygons of a layer can be come to; one that has the focus keeps it. */
export function reach(map, layer) {
  layer?.eachLayer((polygon) => {
    polygon.getElement()?.setAttribute("tabindex", isSeen(map, polygon) ? "0" : "-1");
  });
}
