// A map under each address: the point that was found by it, to be moved by hand, by keys or by typing.
// Without it the form finds the point as well, and says in words where it lies.
import { addBasemap } from "../map/basemap.js";
import { fetchSpaces } from "../map/divisions.js";
import { loadVendors } from "../map/vendors.js";
import { createMap } from "../map/view.js";
import { createPin } from "./offer-pin.js";

const REST = 400; // milliseconds until a moved pin is described
const CLOSE = 17; // zoom at which houses can be told apart
const POINT = /^\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/;
const TEXTS = {
  zoomIn: "Karte vergrößern",
  zoomOut: "Karte verkleinern",
  mapLabel: "Karte. Pfeiltasten: verschieben. Plus und Minus: vergrößern und verkleinern",
};

const about = document.querySelector("[data-pin-map]");
const spaces = about ? outlines() : null;

async function outlines() {
  try {
    const [found] = await Promise.all([about.dataset.spaces ? fetchSpaces(about.dataset.spaces) : null, loadVendors(about)]);
    return found;
  } catch (error) {
    console.warn(error);
    return null;
  }
}

function read(text) {
  const found = POINT.exec(text);
  return found && [found[1], found[2]].map((number) => Number(number.replace(",", ".")));
}

function button(text, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-quiet";
  made.textContent = text;
  made.addEventListener("click", onClick);
  return made;
}

function frame() {
  const section = document.createElement("section");
  section.className = "map staff-offer-map";
  section.setAttribute("aria-label", "Karte");
  section.hidden = true;
  Object.assign(section.dataset, { ...about.dataset });
  delete section.dataset.pinMap;
  const inner = document.createElement("div");
  inner.className = "map-frame";
  const canvas = document.createElement("div");
  canvas.className = "map-canvas";
  canvas.dataset.mapCanvas = "";
  inner.append(canvas);
  const hint = document.createElement("p");
  hint.className = "hours-hint";
  hint.textContent = "Ziehen Sie den Punkt dorthin, wo man hineingeht. Mit der Tastatur: Pfeiltasten, mit Umschalttaste in größeren Schritten.";
  section.append(inner, hint);
  return section;
}

/** The map of one place. */
function place(holder) {
  const path = holder.dataset.pin;
  const field = (name) => document.getElementById(`${path}/${name}`);
  const input = field("point");
  const words = holder.querySelector("[data-pin-words]");
  const section = frame();
  const set = button("Punkt auf der Karte setzen", () => begin());
  const again = button("Punkt wieder nach der Adresse suchen", () => {
    write("");
    words.textContent = "Wir suchen den Punkt …";
  });
  const ways = document.createElement("p");
  ways.className = "staff-buttons";
  ways.append(set, again);
  holder.prepend(section);
  holder.append(ways);
  let map = null;
  let pin = null;
  let timer = 0;

  function write(text) {
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function say({ text, is_inside: isInside = true, by_hand: byHand = false }) {
    words.className = isInside ? "hours-hint" : "notice";
    if (words.textContent !== text) words.textContent = text;
    again.hidden = !byHand || !field("street")?.value;
  }

  async function describe() {
    const asked = input.value;
    const answer = await fetch(`${about.dataset.place}?${new URLSearchParams({ lage: asked })}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (answer?.ok && asked === input.value) say({ ...await answer.json(), by_hand: true });
  }

  function describeLater() {
    clearTimeout(timer);
    timer = setTimeout(describe, REST);
  }

  async function draw(centre, zoom) {
    const found = await spaces;
    if (!window.L) return false;
    section.hidden = false;
    if (map) return true;
    map = createMap(section, TEXTS);
    // Whoever serves the tiles would learn where a hidden house is.
    if (!field("address_hidden")?.checked) addBasemap(map, section);
    const layer = found && L.geoJSON(found, {
      interactive: false,
      style: () => ({ className: "map-space", fillOpacity: 1 }),
    });
    if (centre) map.setView(centre, zoom);
    else if (layer?.getBounds().isValid()) map.fitBounds(layer.getBounds(), { animate: false });
    else map.setView([51, 10], 6);
    layer?.addTo(map);
    section.dataset.ready = "1";
    return true;
  }

  async function show() {
    const point = read(input.value);
    set.hidden = Boolean(point);
    if (!point) {
      pin?.remove();
      pin = null;
      section.hidden = true;
      again.hidden = true;
      return;
    }
    if (pin) return pin.put(point);
    if (!await draw(point, CLOSE)) return;
    pin?.remove();
    map.invalidateSize({ animate: false });
    map.setView(point, Math.max(map.getZoom(), CLOSE), { animate: false });
    const label = "Punkt auf der Karte. Pfeiltasten rücken ihn um 5 Meter, mit Umschalttaste um 50 Meter.";
    pin = createPin(map, point, label, (lat, lon) => {
      write(`${lat.toFixed(6)}, ${lon.toFixed(6)}`);
    });
  }

  /** Somebody wants to set the point: in the middle of the map, for a start. */
  async function begin() {
    if (!await draw()) return;
    map.invalidateSize({ animate: false });
    const { lat, lng } = map.getCenter();
    write(`${lat.toFixed(6)}, ${lng.toFixed(6)}`);
    await show();
    pin?.focus();
  }

  input.addEventListener("input", () => {
    if (read(input.value)) describeLater();
    show();
  });
  field("address_hidden")?.addEventListener("change", () => {
    pin?.remove();
    map?.remove();
    [pin, map] = [null, null];
    show();
  });
  document.addEventListener("entwurf", ({ detail }) => {
    const wasSent = new URLSearchParams(detail.fields).get(`${path}/point`) ?? "";
    if (!detail.points || wasSent !== input.value) return; // moved again meanwhile
    const found = detail.points[path];
    if (found) {
      input.value = found.said;
      say(found);
    } else {
      // What is no point stays as it was typed, to be put right.
      if (read(input.value)) input.value = "";
      say({ text: field("street")?.value ? "Diese Adresse kennen wir nicht. Sie können den Punkt selbst setzen." : "" });
    }
    show();
  });
  again.hidden = holder.dataset.byHand !== "ja" || !field("street")?.value;
  show();
}

for (const holder of document.querySelectorAll("[data-pin]")) place(holder);
