// The card at the bottom of the map: one offer, or all offers of one house. Not modal, closed by button or Escape.
import { icon } from "../icon.js";
import { hoursOf } from "./hours.js";

const MOST = 50; // offers of one house; more stand in the list

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

async function fetchJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** What the map shows, asked for once more, but only inside of bounds. */
function searchWithin(bounds, { points, searchApi }) {
  const address = new URL(points, location.href);
  const room = 0.00002; // points are rounded to about a metre
  const box = [bounds.getWest() - room, bounds.getSouth() - room, bounds.getEast() + room, bounds.getNorth() + room];
  address.searchParams.set("bbox", box.map((degrees) => degrees.toFixed(6)));
  address.searchParams.set("per_page", MOST);
  return searchApi + address.search;
}

/** Offers whose names stand in the list beside a map that has its points from the page itself. */
function inList(points) {
  return [...new Set(points.map(({ offer }) => offer))].map((id) => {
    const link = document.querySelector(`[data-offer="${id}"] .offer-name a`);
    return { id, name: link.textContent, slug: decodeURIComponent(link.pathname.split("/").pop()) };
  });
}

export function createCard(section, texts) {
  const box = section.querySelector("[data-map-card]");
  let onClosed = () => {};
  let wanted = null;

  function close() {
    wanted = null;
    if (box.hidden) return;
    box.hidden = true;
    onClosed();
  }

  function fill(title, ...parts) {
    const button = element("button", "map-card-close");
    button.type = "button";
    button.setAttribute("aria-label", texts.close);
    button.append(icon(section.dataset.sprite, "schliessen"));
    button.addEventListener("click", close);
    title.id = "map-card-title";
    box.replaceChildren(title, button, ...parts);
  }

  /** A link to the page of an offer; from a frame it leads to a window of its own. */
  function linkTo(offer, className, words) {
    const link = element("a", className, words);
    link.href = section.dataset.offerPath + encodeURIComponent(offer.slug);
    if (section.dataset.linkTarget) {
      link.target = section.dataset.linkTarget;
      link.rel = "noopener";
    }
    return link;
  }

  function offerParts(offer) {
    const link = linkTo(offer, "button", texts.openOffer);
    link.setAttribute("aria-describedby", "map-card-title");
    const hours = hoursOf(offer, texts);
    const lines = hours ? [element("p", "map-card-hours", hours)] : [];
    return [element("h2", "", offer.name), element("p", "", offer.summary ?? ""), ...lines, link];
  }

  function listParts(offers, count, numbers) {
    const list = element("ul", "map-card-list");
    list.setAttribute("role", "list");
    for (const offer of offers) {
      const link = linkTo(offer, "", offer.name);
      const number = numbers.get(offer.id);
      if (number !== undefined) link.prepend(element("span", "map-card-number", String(number)), " ");
      const item = element("li", "");
      item.append(link);
      list.append(item);
    }
    return [element("h2", "", texts.count(count)), list];
  }

  /** Shows what is found; returns the card, or null when something else was chosen meanwhile. */
  async function show(ask, onClose) {
    const mine = {};
    onClosed = () => {};
    wanted = mine;
    let parts;
    try {
      parts = await ask();
    } catch (error) {
      console.warn(error);
      parts = [element("h2", "", texts.offerFailed)];
    }
    if (wanted !== mine) return null;
    fill(...parts);
    onClosed = onClose;
    box.hidden = false;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
    return box;
  }

  function open(id, { onClose }) {
    return show(async () => offerParts(await fetchJson(section.dataset.offerApi + id)), onClose);
  }

  async function within(bounds, numbers) {
    const { results } = await fetchJson(searchWithin(bounds, section.dataset));
    return results.map((result) => result.offer).filter(({ id }) => numbers.has(id));
  }

  /** Lists the offers of points that lie too close together for pins. */
  function openMany(points, bounds, { onClose }) {
    const numbers = new Map(points.map(({ offer, number }) => [offer, number]));
    return show(async () => {
      const offers = section.dataset.points.startsWith("#") ? inList(points) : await within(bounds, numbers);
      offers.sort((a, b) => (numbers.get(a.id) ?? Infinity) - (numbers.get(b.id) ?? Infinity) || 0);
      return listParts(offers, numbers.size, numbers);
    }, onClose);
  }

  box.tabIndex = -1;
  box.setAttribute("role", "group");
  box.setAttribute("aria-labelledby", "map-card-title");
  section.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return { open, openMany, close };
}
