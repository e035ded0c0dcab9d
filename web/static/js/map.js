// Draws the map beside the list as soon as it can be seen, and follows the list when it changes. The list is complete
// without it.
import { addBasemap } from "./map/basemap.js";
import { breathe } from "./map/breathe.js";
import { createCard } from "./map/card.js";
import { createDivisions, fetchSpaces } from "./map/divisions.js";
import { createMarkers } from "./map/markers.js";
import { loadPoints } from "./map/points.js";
import { createSearchHere } from "./map/search-here.js";
import { connectList } from "./map/selection.js";
import { createSpaces } from "./map/spaces.js";
import { readTexts } from "./map/texts.js";
import { loadVendors } from "./map/vendors.js";
import { createMap, fit } from "./map/view.js";
import { chosenPart, chosenPoint } from "./map/where.js";

function whenVisible(element, start) {
  const observer = new ResizeObserver(() => {
    if (!element.clientWidth || !element.clientHeight) return;
    observer.disconnect();
    start();
  });
  observer.observe(element);
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
  const searchHere = createSearchHere(map, section);
  searchHere.settle(() => fit(map, points, spaces));
  await breathe();
  spaces.put();
  await breathe();
  spaces.putLabels();
  const showHere = createHere(map, texts);
  showHere();
  await breathe();
  const markers = createMarkers(map, texts);
  await markers.set(points);
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
    }
    const isElsewhere = section.dataset.selected !== selected || chosenPart() || chosenPoint();
    selected = section.dataset.selected;
    const seen = map.getBounds();
    map.invalidateSize({ animate: false });
    searchHere.settle(() => {
      if (isElsewhere || !points.some(({ latlng }) => seen.contains(latlng))) fit(map, points, spaces);
    });
    showHere();
    await markers.set(points);
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
