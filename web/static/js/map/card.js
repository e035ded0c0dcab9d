// The card of one offer at the bottom of the map: not modal, closed by button or Escape.
import { icon } from "../icon.js";
import { hoursOf } from "./hours.js";

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

export function createCard(section, texts) {
  const box = section.querySelector("[data-map-card]");
  const { offerApi, offerPath, sprite } = section.dataset;
  let onClosed = () => {};
  let wanted = null;

  function close() {
    if (box.hidden) return;
    box.hidden = true;
    wanted = null;
    onClosed();
  }

  function fill(title, ...parts) {
    const button = element("button", "map-card-close");
    button.type = "button";
    button.setAttribute("aria-label", texts.close);
    button.append(icon(sprite, "schliessen"));
    button.addEventListener("click", close);
    title.id = "map-card-title";
    box.replaceChildren(title, button, ...parts);
  }

  function fillOffer(offer) {
    const link = element("a", "button", texts.openOffer);
    link.href = offerPath + encodeURIComponent(offer.slug);
    link.setAttribute("aria-describedby", "map-card-title");
    const hours = hoursOf(offer, texts);
    const lines = hours ? [element("p", "map-card-hours", hours)] : [];
    fill(element("h2", "", offer.name), element("p", "", offer.summary ?? ""), ...lines, link);
  }

  /** Shows an offer; returns the card, or null when another offer was chosen meanwhile. */
  async function open(id, { onClose }) {
    onClosed = () => {};
    wanted = id;
    try {
      const answer = await fetch(offerApi + id);
      if (!answer.ok) throw new Error(String(answer.status));
      const offer = await answer.json();
      if (wanted !== id) return null; // another one was chosen meanwhile
      fillOffer(offer);
    } catch {
      if (wanted !== id) return null;
      fill(element("h2", "", texts.offerFailed));
    }
    onClosed = onClose;
    box.hidden = false;
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
    return box;
  }

  box.tabIndex = -1;
  box.setAttribute("role", "group");
  box.setAttribute("aria-labelledby", "map-card-title");
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return { open, close };
}
