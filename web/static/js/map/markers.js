// Pins with the numbers of the list, plain dots for all other hits, and clusters that say what they hold.
import { onActivate } from "./keys.js";

const TARGET = 44;
const MOST_NUMBERS = 4;

/** Numbers of the list entries on this page, by offer id. */
function numbersOnPage() {
  const entries = document.querySelectorAll("[data-offer][data-number]");
  return new Map([...entries].map((entry) => [Number(entry.dataset.offer), Number(entry.dataset.number)]));
}

function shape(className, text = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

function markerIcon(number) {
  return L.divIcon({
    className: "map-marker",
    html: number === undefined ? shape("map-dot-shape") : shape("map-pin-shape", String(number)),
    iconSize: [TARGET, TARGET],
    iconAnchor: [TARGET / 2, TARGET / 2],
  });
}

function clusterNumbers(cluster) {
  const numbers = cluster.getAllChildMarkers().map((marker) => marker.number).filter(Boolean);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function clusterIcon(cluster, texts) {
  const box = shape("map-cluster-shape");
  const numbers = clusterNumbers(cluster);
  box.append(shape("map-cluster-count", texts.count(cluster.getChildCount())));
  if (numbers.length) {
    const more = numbers.length > MOST_NUMBERS ? " …" : "";
    const listed = numbers.slice(0, MOST_NUMBERS).join(", ");
    box.append(shape("map-cluster-numbers", `${texts.numbers} ${listed}${more}`));
  }
  return L.divIcon({ className: "map-marker map-cluster", html: box, iconSize: [92, TARGET] });
}

function name(marker, label) {
  const element = marker.getElement();
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", label);
  return element;
}

function firstNumber(layer) {
  return layer.number ?? (layer.getAllChildMarkers ? clusterNumbers(layer)[0] : undefined) ?? 1e9;
}

function byNumber(a, b) {
  return (a.number ?? 1e9) - (b.number ?? 1e9);
}

/** The name of an offer on this page, read from its list entry. */
function entryName(offer) {
  return document.querySelector(`[data-offer="${offer}"] .offer-name`)?.textContent.trim() ?? "";
}

/** Draws all points. Returns the group, `byOffer` (offer id → markers) and `onChoose(listener)`. */
export function createMarkers(map, points, texts) {
  const numbers = numbersOnPage();
  const byOffer = new Map();
  let listener = () => {};

  const group = L.markerClusterGroup({
    maxClusterRadius: (zoom) => (zoom >= 15 ? 48 : 80), // a cluster is about 92 px wide
    showCoverageOnHover: false,
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    spiderfyDistanceMultiplier: 2.2, // fingers need room between 44 px targets
    iconCreateFunction: (cluster) => clusterIcon(cluster, texts),
    spiderLegPolylineOptions: { weight: 1.5, className: "map-leg" },
  });

  function makeMarker({ offer, latlng }) {
    const number = numbers.get(offer);
    const marker = L.marker(latlng, { icon: markerIcon(number), zIndexOffset: number ? 1000 : 0 });
    Object.assign(marker, { offer, number });
    marker.on("click", () => listener(marker));
    marker.on("add", () => {
      const label = number === undefined ? texts.dot : `${texts.pin} ${number}: ${entryName(offer)}`;
      onActivate(name(marker, label), () => listener(marker));
    });
    byOffer.set(offer, [...(byOffer.get(offer) ?? []), marker]);
    return marker;
  }

  // Clusters are made again on every zoom: name each one when it appears.
  map.on("layeradd", ({ layer }) => {
    if (!(layer instanceof L.MarkerCluster) || !layer.getElement()) return;
    const shown = clusterNumbers(layer).slice(0, MOST_NUMBERS);
    const suffix = shown.length ? `, ${texts.numbers} ${shown.join(", ")}` : "";
    const element = name(layer, texts.count(layer.getChildCount()) + suffix);
    onActivate(element, () => openCluster(layer));
  });

  /** Opens a cluster from the keyboard and keeps the focus inside what it held. */
  function openCluster(cluster) {
    const [inside] = cluster.getAllChildMarkers().sort(byNumber);
    const refocus = () => {
      group.off("animationend spiderfied", refocus);
      requestAnimationFrame(() => {
        const shown = group.getVisibleParent(inside) ?? inside;
        (shown.getElement() ?? map.getContainer()).focus({ preventScroll: true });
      });
    };
    group.on("animationend spiderfied", refocus);
    group.fire("click", { layer: cluster }); // markercluster makes "clusterclick" of it
  }

  /** Tab follows the numbers of the list, then everything else. */
  function order() {
    const pane = map.getPane("markerPane");
    if (pane.contains(document.activeElement)) return;
    const shown = [];
    group._featureGroup.eachLayer((layer) => {
      if (layer.getElement()) shown.push([layer, layer.getElement()]);
    });
    pane.append(...shown.sort(([a], [b]) => firstNumber(a) - firstNumber(b)).map(([, element]) => element));
  }

  group.addLayers(points.map(makeMarker));
  map.addLayer(group);
  map.whenReady(order);
  group.on("animationend", order);
  return { group, byOffer, onChoose: (action) => { listener = action; } };
}
