// List and map as one: choosing a pin marks its entry, an entry lights its pin, Escape leads back.

function isVisible(element) {
  return Boolean(element && element.offsetParent);
}

/** The entry of the list around an element; the list may be another one than a moment ago. */
function entryOf(target) {
  return target instanceof Element ? target.closest("[data-offer]") : null;
}

function mark(entry) {
  for (const other of document.querySelectorAll(".is-selected")) other.classList.remove("is-selected");
  entry?.classList.add("is-selected");
}

/** `quietly` moves the map without its being the visitor's move. Returns `forget()`, for when the list changes. */
export function connectList(map, markers, card, quietly) {
  let cameFrom = null; // the offer to whose pin Escape returns
  let lit = [];

  function light(offer) {
    for (const element of lit) element.classList.remove("is-highlighted");
    lit = offer === null ? [] : markers.elementsOf(offer);
    for (const element of lit) element.classList.add("is-highlighted");
  }

  function goBack() {
    if (cameFrom === null) return false;
    const [element = map.getContainer()] = markers.elementsOf(cameFrom);
    element.focus({ preventScroll: true });
    cameFrom = null;
    return true;
  }

  /** Moves the map up when the card hides the marker it speaks of. */
  function makeRoom(box, offer) {
    const pin = markers.elementsOf(offer)[0]?.getBoundingClientRect();
    const hidden = pin ? pin.bottom - box.getBoundingClientRect().top : 0;
    if (hidden > 0) quietly(() => map.panBy([0, hidden + 16], { animate: false }));
  }

  async function showCard(offer, opening) {
    mark(null);
    cameFrom = offer;
    light(offer);
    const box = await opening({ onClose: () => { light(null); goBack(); } });
    if (box) makeRoom(box, offer);
  }

  markers.onChoose(async ({ offer }) => {
    const entry = document.querySelector(`[data-offer="${offer}"]`);
    if (!isVisible(entry)) {
      await showCard(offer, (options) => card.open(offer, options));
      return;
    }
    card.close();
    cameFrom = offer;
    light(offer);
    mark(entry);
    entry.scrollIntoView({ block: "center" });
    entry.focus({ preventScroll: true });
  });

  markers.onChooseMany((points, bounds) => {
    showCard(points[0].offer, (options) => card.openMany(points, bounds, options));
  });

  function onEntry(kind, act) {
    document.addEventListener(kind, (event) => {
      const entry = entryOf(event.target);
      if (entry) act(Number(entry.dataset.offer), event, entry);
    });
  }
  const isInside = (entry, { relatedTarget }) => relatedTarget instanceof Node && entry.contains(relatedTarget);

  onEntry("pointerover", (offer, event, entry) => { if (!isInside(entry, event)) light(offer); });
  onEntry("pointerout", (_offer, event, entry) => { if (!isInside(entry, event)) light(null); });
  onEntry("focusin", (offer) => light(offer));
  onEntry("focusout", () => light(null));
  onEntry("keydown", (_offer, event) => {
    if (event.key === "Escape" && goBack()) mark(null);
  });
  map.on("zoomend", () => light(null));

  return {
    forget() {
      cameFrom = null;
      light(null);
      card.close();
    },
  };
}
