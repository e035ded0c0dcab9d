// One pin on a map: dragged, or moved by the arrow keys in metres.
const METRES = 111_195; // of a degree of latitude
const STEP = 5;
const LEAP = 50; // with the shift key
const WAYS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function icon() {
  const shape = document.createElement("span");
  shape.className = "staff-offer-pin-shape";
  // The tip of the turned square is the point.
  return L.divIcon({ className: "map-marker staff-offer-marker", html: shape, iconSize: [44, 44], iconAnchor: [22, 46] });
}

function moved({ lat, lng }, [north, east], metres) {
  const degrees = metres / METRES;
  return [lat + north * degrees, lng + (east * degrees) / Math.cos((lat * Math.PI) / 180)];
}

/** Puts a pin on a map and calls `onMove(lat, lon)` when somebody has moved it. */
export function createPin(map, latlng, label, onMove) {
  const marker = L.marker(latlng, { icon: icon(), draggable: true, autoPan: true }).addTo(map);
  const element = marker.getElement();
  element.setAttribute("aria-label", label);

  function tell() {
    const { lat, lng } = marker.getLatLng();
    onMove(lat, lng);
  }

  marker.on("dragend", tell);
  element.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation(); // the map would move as well
    marker.setLatLng(moved(marker.getLatLng(), way, event.shiftKey ? LEAP : STEP));
    map.panInside(marker.getLatLng(), { padding: [60, 60], animate: false });
    tell();
  });

  return {
    put(point) {
      marker.setLatLng(point);
      if (!map.getBounds().pad(-0.1).contains(point)) map.setView(point, map.getZoom(), { animate: false });
    },
    focus: () => element.focus(),
    remove: () => marker.remove(),
  };
}
