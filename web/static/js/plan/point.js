// Where a family sets out: told by the device after a tap, or shown on a map. The point is rounded here, before it is sent.
import { addBasemap } from "../map/basemap.js";
import { fetchSpaces } from "../map/divisions.js";
import { loadVendors } from "../map/vendors.js";
import { createMap } from "../map/view.js";

const ASKING = { enableHighAccuracy: false, timeout: 10_000, maximumAge: 300_000 };

function addStyle(address) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: address, onload: resolve, onerror: reject });
    document.head.append(link);
  });
}

/** A map whose middle is the point: dragged, or moved by the arrow keys. */
async function draw(section) {
  const { spaces, leafletSheet, zoomIn, zoomOut, label } = section.dataset;
  const [found] = await Promise.all([spaces ? fetchSpaces(spaces) : null, loadVendors(section), addStyle(leafletSheet)]);
  section.hidden = false;
  const map = createMap(section, { zoomIn, zoomOut, mapLabel: label });
  addBasemap(map, section);
  const outlines = found && L.geoJSON(found, { interactive: false, style: () => ({ className: "map-space", fillOpacity: 1 }) });
  if (outlines?.getBounds().isValid()) map.fitBounds(outlines.getBounds(), { animate: false });
  else map.setView([51, 10], 6);
  outlines?.addTo(map);
  map.on("click", ({ latlng }) => map.panTo(latlng));
  section.dataset.ready = "1";
  return map;
}

export function startPoint(form) {
  const box = form.querySelector("[data-plan-point]");
  const field = box.querySelector("[name=punkt]");
  const message = box.querySelector("[data-point-message]");
  const section = box.querySelector("[data-start-map]");
  const drop = box.querySelector("[data-point-drop]");
  const opener = box.querySelector("[data-point-map]");
  const address = form.querySelector("[name=adresse]");
  let map = null;

  function take(lat, lon) {
    const digits = Number(box.dataset.digits);
    field.value = `${lon.toFixed(digits)},${lat.toFixed(digits)}`;
    address.value = "";
    message.textContent = box.dataset.chosen;
    drop.hidden = false;
  }

  function forget() {
    field.value = "";
    message.textContent = "";
    drop.hidden = true;
  }

  function ask() {
    message.textContent = box.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => take(coords.latitude, coords.longitude),
      () => { message.textContent = box.dataset.failed; },
      ASKING,
    );
  }

  async function open() {
    opener.disabled = true;
    try {
      map ??= await draw(section);
      section.hidden = false;
      opener.setAttribute("aria-expanded", "true");
      map.getContainer().focus();
    } catch (error) {
      console.warn(error);
      message.textContent = box.dataset.failed;
    }
    opener.disabled = false;
  }

  const here = box.querySelector("[data-point-here]");
  here.hidden = !navigator.geolocation;
  here.addEventListener("click", ask);
  opener.addEventListener("click", open);
  drop.addEventListener("click", () => {
    forget();
    opener.focus();
  });
  box.querySelector("[data-point-take]").addEventListener("click", () => {
    const { lat, lng } = map.getCenter();
    take(lat, lng);
    section.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  });
  address.addEventListener("input", () => { if (address.value) forget(); });
  box.hidden = false;
}
