// Counts a tap on a telephone number or a way, by the number of the offer alone; nothing is kept in the browser.
const LINKS = 'a[href^="tel:"], a[href^="geo:"]';

document.addEventListener("click", (event) => {
  const about = event.target.closest?.(LINKS)?.closest("[data-uptake]");
  if (!about || navigator.globalPrivacyControl) return;
  // The browser may leave for the telephone at once: what is sent goes on without the page.
  navigator.sendBeacon?.("/zaehlen", new URLSearchParams({ angebot: about.dataset.uptake }));
});
