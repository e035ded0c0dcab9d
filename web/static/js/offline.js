// Für unterwegs: loads what is needed and nothing for those who have never saved anything.

const isPossible = "serviceWorker" in navigator && "caches" in window;

if (isPossible) {
  caches.keys().then((names) => {
    if (names.length) import("./offline/visit.js").then(({ visit }) => visit());
  });
  const boxes = document.querySelectorAll("[data-save-offline]");
  if (boxes.length) import("./offline/button.js").then(({ enable }) => boxes.forEach(enable));
  if (document.querySelector("[data-saved-things]")) import("./offline/saved-list.js").then(({ start }) => start());
}
