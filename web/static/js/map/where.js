// What the address of the page, or the map itself, says about where to look, and the same page with another place.

const WHERE = ["stadtteil", "raum", "ausschnitt", "nahe", "umkreis"];

/** The list's address with one place instead of all that is said about where; starts again at the first page. */
export function addressWith(key, value, listPath = "") {
  const address = new URL(listPath || location.href, location.href);
  for (const [name, said] of [...address.searchParams]) {
    if (said === "" || name === "seite" || WHERE.includes(name)) address.searchParams.delete(name);
  }
  // The page's own address, spelled so that people can read it: commas and colons need no escape here.
  const query = address.searchParams.toString();
  const place = `${key}=${encodeURIComponent(value).replaceAll("%2C", ",")}`;
  address.search = query ? `${query}&${place}` : place;
  address.hash = "";
  return address.href;
}

function numbersOf(key) {
  const said = new URLSearchParams(location.search).get(key) ?? document.getElementById("karte")?.dataset[key];
  const numbers = said ? said.split(",").map(Number) : [];
  return numbers.every(Number.isFinite) ? numbers : [];
}

/** The part of the map that is asked for, as [[south, west], [north, east]], or null. */
export function chosenPart() {
  const [west, south, east, north] = numbersOf("ausschnitt");
  return north === undefined ? null : [[south, west], [north, east]];
}

/** The point near which is looked, as [lat, lon], or null. */
export function chosenPoint() {
  const [lon, lat] = numbersOf("nahe");
  return lat === undefined ? null : [lat, lon];
}
