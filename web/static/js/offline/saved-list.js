// The list of what is saved on this device, with ways to remove it.
import { keep, kept, onChange } from "../merkliste/store.js";
import { remove, removeAll, things } from "./store.js";

const MEGABYTE = 1_000_000;

export function start() {
  const root = document.querySelector("[data-saved-things]");
  const part = (name) => root.querySelector(`[data-${name}]`);
  const form = { style: "unit", unit: "megabyte", maximumFractionDigits: 1 };
  const size = new Intl.NumberFormat(root.dataset.language, form);

  function entryOf(about) {
    const entry = part("entry").content.cloneNode(true);
    const link = entry.querySelector("a");
    link.href = about.page;
    link.textContent = about.title;
    entry.querySelector("[data-stand]").textContent = about.said;
    entry.querySelector("[data-size]").textContent = size.format(Math.max(about.bytes / MEGABYTE, 0.1));
    const button = entry.querySelector("[data-remove]");
    button?.setAttribute("aria-label", `${button.textContent.trim()}: ${about.title}`);
    button?.addEventListener("click", () => change(() => remove(about.id), about.title));
    return entry;
  }

  async function show() {
    const found = await things();
    const hasKept = kept().length > 0;
    part("entries").replaceChildren(...found.map(entryOf));
    part("kept").hidden = !hasKept;
    part("nothing").hidden = found.length > 0 || hasKept;
    part("all")?.toggleAttribute("hidden", !found.length && !hasKept);
  }

  /** Removes something, says so, and keeps the focus on the page. */
  async function change(action, what = "") {
    await action();
    await show();
    part("said").textContent = [what, root.dataset.removed].filter(Boolean).join(": ");
    part("head").focus();
  }

  part("forget")?.addEventListener("click", () => change(() => keep([])));
  part("all")?.addEventListener("click", () => change(async () => {
    keep([]);
    await removeAll();
  }));
  onChange(show);
  show();
}
