// The words of the map, translated by the server.
import { counting } from "../plurals.js";

/** Reads the texts and adds `count(n)`: "7 Angebote", by the plural rules of the page's language. */
export function readTexts() {
  const texts = JSON.parse(document.getElementById("map-texts").textContent);
  texts.count = counting(texts.offers);
  return texts;
}
