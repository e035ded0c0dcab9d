// Filters, pages of the list and chips change the list without loading the page anew. Every state has its address, and
// every address is a whole page: this script fetches that page and takes from it what has changed (ADR 19). Nothing is stored.
import { swap } from "./results/swap.js";
import { onVisit, visit } from "./results/visit.js";

const pageOf = ({ pathname, search }) => pathname + search;
const list = document.getElementById("liste");
let shown = pageOf(location);
let asking = null;

/** Fetches a page and shows it, or lets the browser go there; true when it is shown. */
async function show(address, { kept = null, before = () => {} } = {}) {
  asking?.abort();
  const mine = asking = new AbortController();
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: mine.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== asking) return false;
    before();
    shown = pageOf(address);
    swap(fresh, kept);
  } catch (error) {
    if (error.name === "AbortError") return false;
    console.warn(error);
    location.assign(address);
    return false;
  }
  list.removeAttribute("aria-busy");
  return true;
}

/** Another state of this list, with an entry of its own in the browser's history; `from`: what somebody has used. */
function go(address, from = null) {
  if (address.origin !== location.origin || address.pathname !== location.pathname) return false;
  const isInList = list.contains(from);
  show(address, {
    kept: from,
    before() {
      history.replaceState({ y: window.scrollY }, "");
      history.pushState(null, "", address);
    },
  }).then((isShown) => {
    if (!isShown || !isInList) return;
    list.focus({ preventScroll: true });
    list.scrollIntoView();
  });
  return true;
}

function addressOf(form) {
  const said = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  return new URL(said.size ? `${form.action}?${said}` : form.action);
}

function isFilter(form) {
  return form?.id === "filter";
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-finder] a[href]");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || link.hash || link.target || link.hasAttribute("download") || event.defaultPrevented) return;
  if (go(new URL(link.href), link)) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (!isFilter(event.target)) return;
  const address = addressOf(event.target);
  // New words are a new page: there the suggestions start afresh.
  const words = new URLSearchParams(location.search).get("q");
  if (address.searchParams.get("q") === words && go(address)) event.preventDefault();
});

// Choices count at once; what is typed counts when it is sent.
document.addEventListener("change", ({ target }) => {
  if (!isFilter(target.form) || !target.matches("select, [type=checkbox], [type=radio]")) return;
  go(addressOf(target.form), target);
});

window.addEventListener("popstate", async ({ state }) => {
  if (pageOf(location) === shown) return;
  const isShown = await show(new URL(location.href));
  if (isShown) window.scrollTo(0, state?.y ?? 0);
});

onVisit(go);
