// The page of the Merkliste: this device's list, or one that a link has brought.
import { counting } from "../plurals.js";
import { createAsking } from "./asking.js";
import { say as sayFailure } from "./buttons.js";
import { createEntries, moved } from "./entries.js";
import { share, showWhatWorks } from "./sharing.js";
import { keep, kept, MOST, onChange } from "./store.js";

const root = document.querySelector("[data-merkliste]");
const part = (name) => root.querySelector(`[data-${name}]`);
const box = part("list");
const undo = root.querySelector("[data-do=undo]");
const texts = JSON.parse(document.getElementById("merkliste-texte").textContent);
const offers = counting(texts.offers);
const ask = createAsking(root.dataset.address);
let entries = null; // of the list that is shown
let gone = new Set(); // kept numbers whose offers are not there any more
let before = null; // the Merkliste before the last change
let isChanging = false; // by this page, which then shows the change itself

/** What the address says behind # or ?, or null if it names no list. */
function sent() {
  const behind = /^#o=(.*)$/.exec(location.hash);
  if (behind) return behind[1].replace(/%2C/gi, ",") || null;
  return new URLSearchParams(location.search).getAll("o").join(",") || null;
}

function say(text) {
  part("said").textContent = text;
}

function frame(isShared) {
  root.classList.toggle("is-shared", isShared);
  root.classList.toggle("is-own", !isShared);
  for (const words of root.querySelectorAll("[data-when]")) words.hidden = (words.dataset.when === "shared") !== isShared;
  part("take").hidden = !isShared || !entries?.numbers().length;
  root.querySelector("[data-do=replace]").hidden = !kept().length;
}

/** Makes what stands on the page work. */
function settle() {
  showWhatWorks(box);
  const list = part("entries");
  entries = list ? createEntries(list) : null;
}

/** Exchanges what depends on the whole list: its count, its link, its files. */
function renew(piece) {
  showWhatWorks(piece);
  for (const fresh of piece.querySelectorAll("[data-renewed]")) {
    box.querySelector(`[data-renewed=${fresh.dataset.renewed}]`)?.replaceWith(fresh);
  }
}

/** Shows a list: what is known already at once, and then what the server says of it. */
async function draw(said, isShared) {
  const numbers = said.split(",");
  const isKnown = !isShared && entries !== null && numbers.every((id) => entries.knows(id) || gone.has(id));
  if (isKnown) entries.arrange(numbers);
  const piece = await ask(said);
  if (piece === undefined) return;
  part("failed").hidden = piece !== null;
  if (piece === null) {
    // The link and the files on the page may be those of another list.
    box.querySelector("[data-renewed=more]")?.setAttribute("hidden", "");
    return;
  }
  if (isKnown) {
    renew(piece);
  } else {
    box.replaceChildren(piece);
    settle();
    if (!isShared) rename();
    gone = new Set(isShared ? [] : kept().filter((id) => !entries?.knows(id)));
  }
  frame(isShared);
}

/** Keeps offers that have become part of others under their new numbers, each once. */
function rename() {
  const now = new Map();
  for (const entry of box.querySelectorAll("[data-was]")) {
    for (const old of entry.dataset.was.split(" ")) now.set(old, entry.dataset.offer);
  }
  if (!now.size) return;
  isChanging = true;
  keep([...new Set(kept().map((id) => now.get(id) ?? id))]);
  isChanging = false;
}

function showNothing() {
  entries = null;
  part("failed").hidden = true;
  box.replaceChildren(part("empty").content.cloneNode(true));
}

function show() {
  const said = sent();
  const numbers = kept();
  frame(said !== null);
  if (said !== null) draw(said, true);
  else if (numbers.length) draw(numbers.join(","), false);
  else showNothing();
}

/** Keeps another list, shows it and says so; undoable: with a way back. */
function change(numbers, text, undoable = true) {
  const old = kept();
  isChanging = true;
  const isKept = keep(numbers);
  isChanging = false;
  if (!isKept) {
    sayFailure("failed");
    return;
  }
  before = undoable ? old : null;
  undo.hidden = !undoable;
  show();
  say(text);
}

/** The numbers that are shown, then those of offers that are gone: they may come back. */
function withGone(shown) {
  return [...shown, ...kept().filter((id) => gone.has(id))];
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function nameOf(entry) {
  return entry.querySelector("[data-name]").textContent;
}

function step(entry, action, steps) {
  const id = entry.dataset.offer;
  const shown = entries.numbers();
  const wanted = moved(shown, id, steps);
  if (wanted.join() === shown.join()) return;
  const values = { name: nameOf(entry), number: wanted.indexOf(id) + 1 };
  change(withGone(wanted), fill(texts.moved, values), false);
  entry.querySelector(`[data-do=${action}]`).focus();
}

function remove(entry) {
  const shown = entries.numbers().filter((id) => id !== entry.dataset.offer);
  change(withGone(shown), fill(texts.removed, { name: nameOf(entry) }));
  undo.focus();
}

function drop(numbers, text) {
  change(numbers, text);
  undo.focus();
}

/** Makes a list that was sent one's own. */
function take(numbers) {
  if (numbers.length > MOST) {
    sayFailure("full");
    return;
  }
  history.replaceState(history.state, "", root.dataset.address);
  change(numbers, fill(texts.taken, { offers: offers(numbers.length) }));
  part("head").focus();
}

function takeBack() {
  change(before, texts.undone, false);
  part("head").focus();
}

async function copy() {
  await navigator.clipboard.writeText(part("link").href);
  say(texts.copied);
}

const ACTIONS = {
  up: (entry) => step(entry, "up", -1),
  down: (entry) => step(entry, "down", 1),
  remove,
  undo: takeBack,
  clear: () => drop([], texts.cleared),
  tidy: () => drop(entries ? entries.numbers() : [], texts.tidied),
  add: () => take([...new Set([...kept(), ...entries.numbers()])]),
  replace: () => take(entries.numbers()),
  share: () => share(part("link").href, texts.title),
  copy,
  print: () => print(),
  again: show,
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) ACTIONS[button.dataset.do](button.closest("[data-offer]"));
});
onChange(() => {
  if (isChanging) return;
  if (sent() === null) show();
  else frame(true);
});
addEventListener("hashchange", show);

if (part("entries") && !location.hash) { // the server has shown the list of ?o=… already
  settle();
  frame(true);
} else {
  show();
}
