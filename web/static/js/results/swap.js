// Puts the parts of a freshly fetched page in the place of those that are shown. Parts are marked with data-swap and an id.

const FIELDS = "fields"; // a form: field by field, so that nobody's open list is closed

function fieldsOf(part) {
  return [...part.querySelectorAll("[data-field]")];
}

/** Two forms have the same fields, folded up or not in the same way. */
function isAlike(part, other) {
  const shape = (one) => [one.firstElementChild?.className, ...fieldsOf(one).map(({ dataset }) => dataset.field)].join();
  return shape(part) === shape(other);
}

function swapFields(part, other, kept) {
  if (!isAlike(part, other)) {
    part.replaceChildren(...other.childNodes);
    return;
  }
  const fresh = new Map(fieldsOf(other).map((field) => [field.dataset.field, field]));
  for (const field of fieldsOf(part)) {
    if (!kept || !field.contains(kept)) field.replaceWith(fresh.get(field.dataset.field));
  }
  for (const input of part.querySelectorAll("input[type=hidden]")) input.remove();
  part.querySelector("form").prepend(...other.querySelectorAll("input[type=hidden]"));
}

function swapFinder(finder, other) {
  finder.className = finder.classList.contains("has-map") ? `${other.className} has-map` : other.className;
  const map = finder.querySelector("#karte");
  const otherMap = other.querySelector("#karte");
  for (const name of ["points", "spaces", "selected"]) map.dataset[name] = otherMap.dataset[name];
}

/** The links to other languages keep what is chosen. */
function swapLanguages(fresh) {
  const links = [...document.querySelectorAll("[hreflang]")];
  const others = [...fresh.querySelectorAll("[hreflang]")];
  links.forEach((link, at) => { if (others[at]) link.setAttribute("href", others[at].getAttribute("href")); });
}

/** Where the focus goes: to the same link, else to another one beside it, else to the list. */
function focusAgain(part, href, id) {
  const list = document.getElementById("liste");
  const same = (id && document.getElementById(id)) || (href && part.querySelector(`[href="${CSS.escape(href)}"]`));
  const target = part === list ? list : same || part.querySelector("a, button") || list;
  target.focus({ preventScroll: true });
}

/** `kept`: the control that somebody is using just now. */
export function swap(fresh, kept = null) {
  const focus = document.activeElement;
  const part = focus.closest("[data-swap]");
  const href = focus.getAttribute("href");
  const search = document.getElementById("suche");
  document.title = fresh.title;
  for (const shown of document.querySelectorAll("[data-swap]")) {
    const other = fresh.getElementById(shown.id);
    if (shown.dataset.swap === FIELDS) swapFields(shown, other, kept);
    else shown.replaceChildren(...other.childNodes);
  }
  swapFinder(document.querySelector("[data-finder]"), fresh.querySelector("[data-finder]"));
  swapLanguages(fresh);
  if (search !== focus) search.value = fresh.getElementById("suche").value;
  for (const element of document.querySelectorAll("[data-swap] [data-scripted]")) element.hidden = false;
  if (part && !document.contains(focus)) focusAgain(part, href, focus.id);
  document.dispatchEvent(new Event("results"));
}
