// Draws the map beside the list as soon as it can be seen. The list is complete without it.
import { addBasemap } from "./map/basemap.js";
import { createCard } from "./map/card.js";
import { createMarkers } from "./map/markers.js";
import { loadPoints } from "./map/points.js";
import { connectList } from "./map/selection.js";
import { createSpaces } from "./map/spaces.js";
import { readTexts } from "./map/texts.js";
import { loadVendors } from "./map/vendors.js";

const FIT = { padding: [48, 48], maxZoom: 16 };

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
    maxZoom: 18, // markercluster shows nothing on a map without tiles unless this is set
    zoomControl: false,
    zoomSnap: 0.25,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  L.control.zoom({ zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut }).addTo(map);
  // Leaflet's keys listen while the map itself has the focus; here also while something on it has.
  canvas.addEventListener("focusin", () => map.fire("focus"));
  canvas.addEventListener("focusout", ({ relatedTarget }) => {
    if (!canvas.contains(relatedTarget)) map.fire("blur");
  });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", texts.mapLabel);
  return map;
}

function firstView(map, chosen, points, spaces) {
  if (chosen) return map.fitBounds(chosen, FIT);
  if (points.length) return map.fitBounds(L.latLngBounds(points.map((point) => point.latlng)), FIT);
  if (spaces) return map.fitBounds(spaces, FIT);
  return map.setView([51, 10], 6);
}

function divisionChoice(section, texts, divisions, first, show) {
  if (divisions.length < 2) return;
  const bar = section.querySelector("[data-map-bar]");
  const label = document.createElement("label");
  const select = document.createElement("select");
  label.htmlFor = select.id = "karte-raumeinteilung";
  label.textContent = texts.divisionChoice;
  for (const division of divisions) {
    select.add(new Option(division.label, division.url, false, division === first));
  }
  select.addEventListener("change", () => show(divisions[select.selectedIndex]));
  bar.append(label, select);
}

async function draw(section, texts, say) {
  say(texts.loading);
  const divisions = JSON.parse(section.dataset.divisions || "[]");
  const first = divisions.find((division) => division.url === section.dataset.spaces)
    ?? { label: "", url: section.dataset.spaces, resident: true };
  const [, points, collection] = await Promise.all([
    loadVendors(section),
    loadPoints(section.dataset.points),
    fetchSpaces(first.url).catch(() => null),
  ]);
  const map = createMap(section, texts);
  addBasemap(map, section);
  const spaces = createSpaces(map, section, texts);
  if (collection) spaces.show(collection, first);
  firstView(map, spaces.chosenBounds(), points, spaces.bounds());
  spaces.placeLabels();
  const card = createCard(section, texts);
  const markers = createMarkers(map, points, texts);
  connectList(map, markers, card);
  say(collection ? "" : texts.spacesFailed);
  divisionChoice(section, texts, divisions, first, async (division) => {
    try {
      spaces.show(await fetchSpaces(division.url), division);
      spaces.placeLabels();
      say("");
    } catch {
      say(texts.spacesFailed);
    }
  });
  section.dataset.markers = String(points.length);
  section.dataset.ready = "1";
}

async function fetchSpaces(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
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
