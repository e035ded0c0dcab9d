// The suggestions as a list box, grouped by kind. Words from outside become text, never markup.
import { icon } from "../icon.js";

const ICONS = { topic: "herz", space: "ort", offer: "liste", place: "anbieter" };
const GERMAN = ["space", "offer", "place"]; // names that no catalogue translates

function element(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export function createList(sprite, texts) {
  const box = element("div", "search-list", { id: "suche-vorschlaege", role: "listbox", "aria-label": texts.list });
  let shown = []; // in the order of the page: {suggestion, option}
  box.hidden = true;

  function createOption(suggestion) {
    const option = element("div", "search-option", { role: "option", "aria-selected": "false" });
    const line = document.createElement("span"); // wrapped lines begin where the page's lines begin
    const name = document.createElement("bdi");
    name.textContent = suggestion.label;
    if (GERMAN.includes(suggestion.kind)) name.lang = "de";
    option.id = `${box.id}-${shown.length}`;
    line.append(name);
    option.append(line);
    shown.push({ suggestion, option });
    return option;
  }

  function createGroup(kind, suggestions) {
    const group = element("div", "search-group", { role: "group", "aria-labelledby": `${box.id}-${kind}` });
    const title = element("div", "search-kind", { role: "presentation", id: `${box.id}-${kind}` });
    title.append(icon(sprite, ICONS[kind]), texts.kinds[kind]);
    group.append(title, ...suggestions.map(createOption));
    return group;
  }

  function fill(suggestions) {
    shown = [];
    const kinds = [...new Set(suggestions.map(({ kind }) => kind))].filter((kind) => kind in ICONS);
    box.replaceChildren(...kinds.map((kind) => createGroup(kind, suggestions.filter((one) => one.kind === kind))));
    box.scrollTop = 0;
  }

  /** Marks the option at a position and returns it; -1 marks none. */
  function mark(position) {
    shown.forEach(({ option }, at) => option.setAttribute("aria-selected", String(at === position)));
    const option = shown[position]?.option ?? null;
    option?.scrollIntoView({ block: "nearest" });
    return option;
  }

  return {
    element: box,
    fill,
    mark,
    at: (position) => shown[position].suggestion,
    positionOf: (option) => shown.findIndex((one) => one.option === option),
    size: () => shown.length,
  };
}
