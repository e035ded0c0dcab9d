// The "Merken" buttons of a page and the number in its head. Lists may be exchanged while the page stands.
import { canKeep, keep, kept, MOST, onChange } from "./store.js";

const SHOWN = 6000; // milliseconds that a good message stays

const status = document.querySelector("[data-keep-status]");
const link = document.querySelector("[data-keep-link]");
let timer = 0;

/** Says one of the texts that the server has put there: kept, dropped, full or failed. */
export function say(what) {
  clearTimeout(timer);
  status.textContent = status.dataset[what];
  if (what === "kept" || what === "dropped") timer = setTimeout(() => { status.textContent = ""; }, SHOWN);
}

function show() {
  const numbers = kept();
  for (const button of document.querySelectorAll("[data-keep]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(numbers.includes(button.dataset.keep)));
  }
  link.hidden = !numbers.length;
  link.querySelector("[data-keep-count]").textContent = numbers.length || "";
}

function press(button) {
  const number = button.dataset.keep;
  const numbers = kept();
  const isKept = numbers.includes(number);
  if (!isKept && numbers.length >= MOST) return say("full");
  const wanted = isKept ? numbers.filter((other) => other !== number) : [...numbers, number];
  return say(!keep(wanted) ? "failed" : isKept ? "dropped" : "kept");
}

function brings(records) {
  const added = records.flatMap((record) => [...record.addedNodes]).filter((node) => node instanceof Element);
  return added.some((node) => node.matches("[data-keep]") || node.querySelector("[data-keep]"));
}

export function start() {
  if (!canKeep()) return;
  show();
  onChange(show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-keep]");
    if (button) press(button);
  });
  new MutationObserver((records) => { if (brings(records)) show(); })
    .observe(document.body, { childList: true, subtree: true });
}
