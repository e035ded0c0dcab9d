// "In diesem Ausschnitt suchen": a link over the map, there once somebody has moved it. Nothing is filtered by itself.
import { addressWith } from "./where.js";

const LEAST = 24; // pixels that count as a move
const PLACES = 1000; // parts of a degree: about 100 m

function inWords(bounds) {
  const [west, south, east, north] = bounds.toBBoxString().split(",").map((degrees) => Number(degrees) * PLACES);
  const box = [Math.floor(west), Math.floor(south), Math.ceil(east), Math.ceil(north)];
  return box.map((part) => (part / PLACES).toFixed(3)).join(",");
}

/** Returns `quietly(move)`, which moves the map without its counting as the visitor's move, and `settle(move)`: from then on
    the map is where it should be. */
export function createSearchHere(map, section) {
  const link = section.querySelector("[data-search-here]");
  const listPath = section.dataset.spacePath ? section.dataset.listPath : "";
  let home = null; // centre and zoom that nobody has chosen
  let isQuiet = false;

  function stay() {
    if (link.hidden) home = { center: map.getCenter(), zoom: map.getZoom() };
  }

  function quietly(move) {
    isQuiet = true;
    move();
    isQuiet = false;
    stay();
  }

  function isMoved() {
    if (!home || home.zoom !== map.getZoom()) return Boolean(home);
    return map.latLngToContainerPoint(home.center).distanceTo(map.getSize().divideBy(2)) > LEAST;
  }

  map.on("moveend", () => {
    if (isQuiet || !isMoved()) return;
    link.href = addressWith("ausschnitt", inWords(map.getBounds()), listPath);
    link.hidden = false;
  });
  map.on("resize", stay);

  return {
    quietly,
    settle(move) {
      if (link === document.activeElement) map.getContainer().focus({ preventScroll: true });
      link.hidden = true;
      quietly(move);
    },
  };
}
