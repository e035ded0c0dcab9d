// List and map as one: choosing a pin marks its entry, an entry lights its pin, Escape leads back.

function isVisible(element) {
  return Boolean(element && element.offsetParent);
}

export function connectList(map, { group, byOffer, onChoose }, card) {
  let cameFrom = null; // the marker to which Escape returns
  let lit = [];

  function shownElement(marker) {
    return (group.getVisibleParent(marker) ?? marker).getElement?.() ?? null;
  }

  function light(offer) {
    for (const element of lit) element.classList.remove("is-highlighted");
    lit = (byOffer.get(offer) ?? []).map(shownElement).filter(Boolean);
    for (const element of lit) element.classList.add("is-highlighted");
  }

  function mark(entry) {
    for (const other of document.querySelectorAll(".is-selected")) other.classList.remove("is-selected");
    entry?.classList.add("is-selected");
  }

  function goBack() {
    if (!cameFrom) return false;
    const element = shownElement(cameFrom) ?? map.getContainer();
    element.focus({ preventScroll: true });
    cameFrom = null;
    return true;
  }

  /** Moves the map up when the card hides the marker it speaks of. */
  function makeRoom(box, marker) {
    const pin = shownElement(marker)?.getBoundingClientRect();
    const hidden = pin ? pin.bottom - box.getBoundingClientRect().top : 0;
    if (hidden > 0) map.panBy([0, hidden + 16]);
  }

  onChoose(async (marker) => {
    const entry = document.querySelector(`[data-offer="${marker.offer}"]`);
    cameFrom = marker;
    light(marker.offer);
    if (isVisible(entry)) {
      card.close();
      mark(entry);
      entry.scrollIntoView({ block: "center" });
      entry.focus({ preventScroll: true });
    } else {
      mark(null);
      const box = await card.open(marker.offer, { onClose: () => { light(null); goBack(); } });
      if (box) makeRoom(box, marker);
    }
  });

  for (const entry of document.querySelectorAll("[data-offer]")) {
    const offer = Number(entry.dataset.offer);
    entry.addEventListener("pointerenter", () => light(offer));
    entry.addEventListener("pointerleave", () => light(null));
    entry.addEventListener("focusin", () => light(offer));
    entry.addEventListener("focusout", () => light(null));
    entry.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && goBack()) mark(null);
    });
  }
  map.on("zoomend", () => light(null));
}
