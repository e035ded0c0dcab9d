// Draws the points that can be seen, and no others: pins with the numbers of the list, dots, clusters.
import { breathe } from "./breathe.js";
import { createClusters } from "./clusters.js";
import { onActivate } from "./keys.js";
import { clusterIcon, clusterName, pointIcon } from "./shapes.js";

const MARGIN = 0.4; // of the view, so that a short move shows what is already there
const AT_ONCE = 12; // markers made before the page may answer a finger
const PADDING = 56;

/** Numbers of the list entries on this page, by offer id. */
function numbersOnPage() {
  const entries = document.querySelectorAll("[data-offer][data-number]");
  return new Map([...entries].map((entry) => [Number(entry.dataset.offer), Number(entry.dataset.number)]));
}

/** The name of an offer on this page, read from its list entry. */
function entryName(offer) {
  return document.querySelector(`[data-offer="${offer}"] .offer-name`)?.textContent.trim() ?? "";
}

/** Returns `set(points)`, `elementsOf(offer)`, `onChoose(listener)` and `onChooseMany(listener)`. */
export function createMarkers(map, texts) {
  const layer = L.layerGroup().addTo(map);
  const pane = map.getPane("markerPane");
  const shown = new Map(); // cluster → its marker
  let points = [];
  let clusters = createClusters([]);
  let turn = 0; // counts the drawings: a later one ends those before it
  let choose = () => {};
  let chooseMany = () => {};

  const numbersOf = ({ members }) => {
    const numbers = members.map((point) => points[point].number).filter((number) => number !== undefined);
    return [...new Set(numbers)]; // points with numbers come first, in their order
  };

  /** Zooms in until a cluster falls apart; where it cannot, its offers are listed. */
  function open(cluster) {
    const bounds = L.latLngBounds(cluster.members.map((point) => points[point].latlng));
    const isOnePlace = bounds.getSouthWest().equals(bounds.getNorthEast());
    if (isOnePlace || map.getZoom() >= map.getMaxZoom()) {
      chooseMany(cluster.members.map((point) => points[point]), bounds);
      return;
    }
    const best = map.getBoundsZoom(bounds, false, L.point(PADDING, PADDING));
    map.setView(bounds.getCenter(), Math.min(Math.max(best, map.getZoom() + 1), map.getMaxZoom()));
  }

  function make(cluster) {
    const [first] = cluster.members;
    const point = points[first];
    const isOne = cluster.members.length === 1;
    const numbers = numbersOf(cluster);
    const marker = L.marker(cluster.latlng, {
      icon: isOne ? pointIcon(point.number) : clusterIcon(cluster.members.length, numbers, texts),
      zIndexOffset: numbers.length ? 1000 : 0,
    });
    const act = () => (isOne ? choose(point) : open(cluster));
    marker.on("click", act).addTo(layer);
    shown.set(cluster, marker);
    const single = point.number === undefined ? texts.dot : `${texts.pin} ${point.number}: ${entryName(point.offer)}`;
    const element = marker.getElement();
    element.setAttribute("role", "button");
    element.setAttribute("aria-label", isOne ? single : clusterName(cluster.members.length, numbers, texts));
    onActivate(element, act);
  }

  /** Tab follows the numbers of the list, then everything else; what is already in its place is not touched. */
  function putInOrder(fresh) {
    for (const cluster of fresh) shown.get(cluster).getElement().remove();
    let next = null;
    const backwards = [...shown.keys()].sort((a, b) => b.members[0] - a.members[0]);
    for (const cluster of backwards) {
      const element = shown.get(cluster).getElement();
      if (element.nextSibling !== next || !element.parentNode) pane.insertBefore(element, next);
      next = element;
    }
  }

  function drawSome(fresh) {
    fresh.forEach(make);
    putInOrder(fresh);
  }

  function elementOf(point) {
    return shown.get(clusters.of(map.getZoom(), point))?.getElement() ?? null;
  }

  /** Keeps the focus at the same point when a cluster falls apart or grows. */
  function focused() {
    for (const [cluster, marker] of shown) {
      if (marker.getElement() === document.activeElement) return cluster.members[0];
    }
    return null;
  }

  function within(bounds) {
    const [west, south, east, north] = bounds.toBBoxString().split(",").map(Number);
    return ({ latlng: [lat, lon] }) => south < lat && lat < north && west < lon && lon < east;
  }

  /** Draws a few at a time: first what has the focus, then what is in view. */
  async function draw() {
    const mine = turn += 1;
    const focus = focused();
    const wanted = new Set(clusters.at(map.getZoom()).filter(within(map.getBounds().pad(MARGIN))));
    for (const [cluster, marker] of shown) {
      if (wanted.has(cluster)) continue;
      layer.removeLayer(marker);
      shown.delete(cluster);
    }
    const isSeen = within(map.getBounds());
    const isFirst = (cluster) => focus !== null && cluster === clusters.of(map.getZoom(), focus);
    const rank = (cluster) => Number(isSeen(cluster)) + 2 * Number(isFirst(cluster));
    const fresh = [...wanted].filter((cluster) => !shown.has(cluster)).sort((a, b) => rank(b) - rank(a));
    drawSome(fresh.splice(0, AT_ONCE));
    if (focus !== null && !pane.contains(document.activeElement)) {
      (elementOf(focus) ?? map.getContainer()).focus({ preventScroll: true });
    }
    while (fresh.length) {
      await breathe();
      if (mine !== turn) return;
      drawSome(fresh.splice(0, AT_ONCE));
    }
  }

  /** Draws other points, or the same with the numbers that the list has now. */
  async function set(found) {
    const numbers = numbersOnPage();
    const hadFocus = pane.contains(document.activeElement);
    for (const point of found) point.number = numbers.get(point.offer);
    const numbered = found.filter(({ number }) => number !== undefined).sort((a, b) => a.number - b.number);
    points = [...numbered, ...found.filter(({ number }) => number === undefined)];
    clusters = createClusters(points);
    layer.clearLayers();
    shown.clear();
    const drawn = draw();
    if (hadFocus) map.getContainer().focus({ preventScroll: true });
    await drawn;
  }

  /** The markers that show an offer, one for each of its places. */
  function elementsOf(offer) {
    const found = [];
    points.forEach((point, at) => { if (point.offer === offer) found.push(elementOf(at)); });
    return found.filter(Boolean);
  }

  map.on("moveend", draw);
  return {
    set,
    elementsOf,
    onChoose: (action) => { choose = action; },
    onChooseMany: (action) => { chooseMany = action; },
  };
}
