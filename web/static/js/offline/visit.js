// Each page load of those who have saved something: says how old the page is, and keeps what is saved up to date.
import { kept } from "../merkliste/store.js";
import { alone, save } from "./saving.js";
import { isWithdrawn, removeAll, things, tidy } from "./store.js";

const DAY = 24 * 60 * 60 * 1000;

/** Asks the worker how this page came: null from the network. */
function howShown() {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return null;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ page: location.href.split("#")[0] }, [port2]);
  });
}

function showBanner({ stand }) {
  const banner = document.querySelector("[data-offline-banner]");
  const why = navigator.onLine ? "unreachable" : "offline";
  for (const words of banner.querySelectorAll("[data-why]")) words.hidden = words.dataset.why !== why;
  banner.querySelector("[data-stand]").textContent = stand;
  banner.hidden = false;
}

/** Dates that are over stand no longer among the next ones. */
function hidePast() {
  const now = Date.now();
  for (const time of document.querySelectorAll("main li time[datetime]")) {
    if (Date.parse(time.dateTime) < now) time.closest("li").hidden = true;
  }
  for (const heading of document.querySelectorAll(".hours-next")) {
    heading.hidden = !heading.nextElementSibling?.querySelector("li:not([hidden])");
  }
}

function showAsOld(how) {
  document.documentElement.classList.add("is-stale"); // css/offline.css: nothing is open "now"
  showBanner(how);
  hidePast();
  new MutationObserver(hidePast).observe(document.querySelector("main"), { childList: true, subtree: true });
}

/** The list of a saved thing as it would be asked for today; the Merkliste may have changed. */
function listNow({ id, list, isKept }) {
  return isKept ? `${id}?o=${kept().join(",")}` : list;
}

async function renew() {
  if (navigator.connection?.saveData) return;
  for (const thing of await things()) {
    const list = listNow(thing);
    const isEmpty = thing.isKept && !kept().length;
    if (isEmpty || (list === thing.list && Date.now() - thing.at < DAY)) continue;
    await save(list).catch((error) => console.warn(error)); // the old one stays
  }
}

export async function visit() {
  const how = await howShown();
  if (how) showAsOld(how);
  else if (await isWithdrawn()) await removeAll();
  else {
    await alone(tidy);
    await renew();
  }
  const isSaved = (await things()).length > 0;
  for (const link of document.querySelectorAll("[data-saved-link]")) link.hidden = !isSaved;
}
