// Draws the map beside the list as soon as it can be seen, and follows the list when it changes. The list is complete
// without it.
import { addBasemap } from "./map/basemap.js";
import { createCard } from "./map/card.js";
import { createDivisions, fetchSpaces } from "./map/divisions.js";
import { createMarkers } from "./map/markers.js";
import { loadPoints } from "./map/points.js";
import { createSearchHere } from "./map/search-here.js";
import { connectList } from "./map/selection.js";
import { createSpaces } from "./map/spaces.js";
import { readTexts } from "./map/texts.js";
import { loadVendors } from "./map/vendors.js";
import { chosenPart, chosenPoint } from "./map/where.js";

const FIT = { padding: [48, 48], maxZoom: 16, animate: false };

function whenVisible(element, start) {
  const observer = new ResizeObserver(() => {
    if (!element.clientWidth || !element.clientHeight) return;
    observer.disconnect();
    start();
  });
  observer.observe(element);
}

function createMap(section, texts) {
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

function fit(map, points, spaces) {
  const part = chosenPart();
  if (part) return map.fitBounds(part, { animate: false });
  if (spaces.chosenBounds()) return map.fitBounds(spaces.chosenBounds(), FIT);
  const here = chosenPoint();
  if (points.length) return map.fitBounds([...points.map(({ latlng }) => latlng), ...(here ? [here] : [])], FIT);
  if (spaces.bounds()) return map.fitBounds(spaces.bounds(), FIT);
  return map.setView(here ?? [51, 10], here ? 14 : 6);
}

/** Shows where somebody has said to be; the address knows it only to about 100 m. */
function createHere(map, texts) {
  let marker = null;
  return () => {
    marker?.remove();
    const point = chosenPoint();
    if (!point) return;
    const words = document.createElement("span");
    words.textContent = texts.here;
    const icon = L.divIcon({ className: "map-here", html: words, iconSize: [0, 0] });
    marker = L.marker(point, { icon, interactive: false, keyboard: false, pane: "labels" }).addTo(map);
  };
}

/** Lets the page answer a finger between two steps. */
function breathe() {
  return new Promise((resolve) => { setTimeout(resolve); });
}

async function draw(section, texts, say) {
  say(texts.loading);
  let { points: pointsUrl, selected } = section.dataset;
  const spacesAsked = fetchSpaces(section.dataset.spaces);
  spacesAsked.catch(() => {}); // who waits for them says so
  let [points] = await Promise.all([loadPoints(pointsUrl), loadVendors(section)]);
  await breathe();
  const map = createMap(section, texts);
  addBasemap(map, section);
  await breathe();
  const spaces = createSpaces(map, section, texts);
  const divisions = createDivisions(section, spaces, texts, say);
  await divisions.show(section.dataset.spaces, spacesAsked);
  await breathe();
  const searchHere = createSearchHere(map, section);
  searchHere.settle(() => fit(map, points, spaces));
  await breathe();
  spaces.placeLabels();
  const showHere = createHere(map, texts);
  showHere();
  await breathe();
  const markers = createMarkers(map, texts);
  markers.set(points);
  const list = connectList(map, markers, createCard(section, texts), searchHere.quietly);

  /** The list shows something else: so does the map. It moves only if it would show nothing of it. */
  async function follow() {
    if (!section.clientWidth) return whenVisible(section, follow);
    const wanted = section.dataset.points;
    if (wanted !== pointsUrl) {
      const found = await loadPoints(wanted);
      if (wanted !== section.dataset.points) return; // asked again meanwhile
      [pointsUrl, points] = [wanted, found];
    }
    list.forget();
    if (section.dataset.selected === selected) {
      // The spaces stay as they are.
    } else if (section.dataset.selected && !divisions.isShown(section.dataset.spaces)) {
      await divisions.show(section.dataset.spaces);
    } else {
      spaces.again();
      spaces.placeLabels();
    }
    const isElsewhere = section.dataset.selected !== selected || chosenPart() || chosenPoint();
    selected = section.dataset.selected;
    const seen = map.getBounds();
    map.invalidateSize({ animate: false });
    searchHere.settle(() => {
      if (isElsewhere || !points.some(({ latlng }) => seen.contains(latlng))) fit(map, points, spaces);
    });
    showHere();
    markers.set(points);
    section.dataset.markers = String(points.length);
  }

  document.addEventListener("results", () => follow().catch(() => say(texts.failed)));
  section.dataset.markers = String(points.length);
  section.dataset.ready = "1";
  if (section.dataset.points !== pointsUrl) await follow(); // the list has changed while the map was made
}

function start(section) {
  const texts = readTexts();
  const finder = section.closest("[data-finder]");
  const message = section.querySelector("[data-map-message]");
  const say = (text) => { message.textContent = text; };
  section.hidden = false;
  finder?.classList.add("has-map");
  whenVisible(section, () => {
    draw(section, texts, say).catch((error) => {
      console.warn(error);
      section.dataset.failed = "1";
      section.querySelector("[data-map-canvas]").hidden = true;
      section.querySelector("[data-map-bar]")?.remove();
      finder?.classList.remove("has-map");
      say(texts.failed);
    });
  });
}

const section = document.getElementById("karte");
if (section) start(section);
