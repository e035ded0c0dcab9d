// The numbers of kept offers in their order, on this device alone. Nothing is written before somebody presses "Merken".

const KEY = "merkliste";
const NUMBER = /^[1-9]\d{0,17}$/;

export const MOST = 100;
export const CHANGED = "merkliste"; // event of the document

/** Whether this browser lets pages read what they have kept. */
export function canKeep() {
  try {
    localStorage.getItem(KEY);
    return true;
  } catch {
    return false;
  }
}

/** The numbers as texts; whatever else stands there is passed over. */
export function kept() {
  if (!canKeep()) return [];
  const said = (localStorage.getItem(KEY) ?? "").split(",").filter((number) => NUMBER.test(number));
  return [...new Set(said)].slice(0, MOST);
}

/** Keeps exactly these numbers; an empty list leaves no trace. Returns whether the browser allows it. */
export function keep(numbers) {
  try {
    if (numbers.length) localStorage.setItem(KEY, numbers.join(","));
    else localStorage.removeItem(KEY);
  } catch {
    return false;
  }
  document.dispatchEvent(new Event(CHANGED));
  return true;
}

/** Calls back whenever the list may be another one: here, in another tab, or after going back to this page. */
export function onChange(callback) {
  document.addEventListener(CHANGED, callback);
  addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) callback();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) callback();
  });
}
