// "In meiner Nähe": asks the device for the place only after a tap, and puts it into the address only to about 100 m.
import { addressWith } from "./map/where.js";
import { visit } from "./results/visit.js";

const DIGITS = 3; // of a degree
const ASKING = { enableHighAccuracy: false, timeout: 10_000, maximumAge: 300_000 };

function start(box) {
  const message = box.querySelector("[data-near-message]");

  function found({ coords }) {
    message.textContent = "";
    visit(addressWith("nahe", `${coords.longitude.toFixed(DIGITS)},${coords.latitude.toFixed(DIGITS)}`));
  }

  /** No, or no answer: there are other ways to say where. */
  function failed() {
    message.textContent = message.dataset.failed;
    const space = document.getElementById("filter-stadtteil");
    const fold = space.closest("details");
    if (fold) fold.open = true;
    space.focus();
  }

  box.querySelector("[data-near-ask]").addEventListener("click", () => {
    message.textContent = message.dataset.asking;
    navigator.geolocation.getCurrentPosition(found, failed, ASKING);
  });
  box.hidden = false;
}

const box = document.querySelector("[data-near]");
if (box && navigator.geolocation) start(box);
