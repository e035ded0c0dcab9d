// Leaves a page at once: it goes blank, and the way back does not lead to it.
// Three times the shift key does the same, as on the pages of GOV.UK. Without scripts it is a plain link.

const TIMES = 3;
const WITHIN = 5000; // milliseconds

let presses = [];

function leave(link) {
  document.documentElement.hidden = true;
  document.title = "\u00a0";
  location.replace(link.href);
}

// The list may bring the link along later: nothing is bound to the link itself.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-exit]");
  if (!link) return;
  event.preventDefault();
  leave(link);
});

document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  const before = presses.filter((press) => event.timeStamp - press < WITHIN);
  presses = event.key === "Shift" ? [...before, event.timeStamp] : []; // somebody writes capital letters
  const link = document.querySelector("[data-exit]");
  if (link && presses.length >= TIMES) leave(link);
});

// Who comes back with the browser's button sees the page again, not a blank one.
addEventListener("pageshow", () => { document.documentElement.hidden = false; });
