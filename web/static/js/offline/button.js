// „Für unterwegs speichern“: the button, how far it is, and what came of it.
import { kept, onChange } from "../merkliste/store.js";
import { FullError, save } from "./saving.js";
import { things } from "./store.js";

const STEPS = 4; // how often screen readers hear how far it is

/** The list to save; for the Merkliste with the numbers that stand on this device. */
function listOf({ saveList, saveKept }) {
  return saveKept === undefined ? saveList : `${saveList}?o=${kept().join(",")}`;
}

export function enable(box) {
  const part = (name) => box.querySelector(`[data-save-${name}]`);
  const [button, cancel, bar, status, link] = ["now", "cancel", "bar", "said", "link"].map(part);
  const isKept = box.dataset.saveKept !== undefined;
  let running = null;

  /** Made when it is needed: the language's numbers take a slow phone a tenth of a second. */
  function percent(share) {
    return share.toLocaleString(box.dataset.language, { style: "percent" });
  }

  function say(text, more = "") {
    status.textContent = [text, more].filter(Boolean).join(" ");
  }

  function showSaved(about) {
    say(box.dataset.saved, about.said);
    part("name").textContent = box.dataset.again;
    link.hidden = false;
  }

  function showRunning(isRunning) {
    button.hidden = isRunning;
    cancel.hidden = bar.hidden = !isRunning;
    (isRunning ? cancel : button).focus();
  }

  function progress(share) {
    const step = (value) => Math.floor(value * STEPS);
    if (step(share) > step(bar.value) && share < 1) say(box.dataset.saving, percent(step(share) / STEPS));
    bar.value = share;
  }

  async function run() {
    running = new AbortController();
    bar.value = 0;
    showRunning(true);
    say(box.dataset.saving);
    try {
      showSaved(await save(listOf(box.dataset), { onProgress: progress, signal: running.signal }));
    } catch (error) {
      if (running.signal.aborted) say(box.dataset.cancelled);
      else say(error instanceof FullError ? box.dataset.full : box.dataset.failed);
    }
    running = null;
    showRunning(false);
  }

  function show() {
    box.hidden = isKept && !kept().length;
  }

  show();
  if (isKept) onChange(show);
  button.addEventListener("click", () => { if (!running) run(); });
  cancel.addEventListener("click", () => running?.abort());
  const { pathname } = new URL(box.dataset.saveList, location.href);
  things().then((found) => {
    const mine = found.find(({ id }) => id === pathname);
    if (mine && !running) showSaved(mine);
  });
}
