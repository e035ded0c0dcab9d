// Keys for the list of tasks: a comfort on top of Tab and Enter, switched off with one box (WCAG 2.1.4).
// Single letters never act while somebody types, and never together with Ctrl, Alt or Meta.

const OFF = "pflege-tasten-aus"; // kept on this device, and only once somebody has switched them off
const list = document.querySelector("[data-keys]");
const help = document.querySelector("[data-keys-help]");

function remembered() {
  try {
    return localStorage.getItem(OFF) === "ja";
  } catch {
    return false;
  }
}

function remember(isOff) {
  try {
    if (isOff) localStorage.setItem(OFF, "ja");
    else localStorage.removeItem(OFF);
  } catch {
    // Then it holds for this page alone.
  }
}

function isTyping(target) {
  const { type } = target;
  if (target.matches("input")) return !["checkbox", "radio", "button", "submit"].includes(type);
  return target.matches("textarea, select") || target.isContentEditable;
}

function items() {
  return list ? [...list.querySelectorAll(".queue-item")] : [];
}

function current() {
  return items().findIndex((item) => item.contains(document.activeElement));
}

function step(by) {
  const all = items();
  if (all.length === 0) return;
  const now = current();
  const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + by, 0), all.length - 1);
  all[next].querySelector("a").focus();
}

function choose() {
  const box = items()[current()]?.querySelector("input[type=checkbox]");
  if (box) box.click();
}

function showHelp() {
  help.open = !help.open;
  if (help.open) help.querySelector("summary").focus();
}

const letters = { j: () => step(1), k: () => step(-1), x: choose, "?": showHelp };
const arrows = { ArrowDown: () => step(1), ArrowUp: () => step(-1) };

if (help) {
  const box = help.querySelector("[data-keys-switch]");
  help.hidden = false;
  box.checked = !remembered();
  box.addEventListener("change", () => remember(!box.checked));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (isTyping(event.target)) return;
    // Arrows move only from item to item; everywhere else they scroll, as ever.
    const act = box.checked && letters[event.key] || current() >= 0 && arrows[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
