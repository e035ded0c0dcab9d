// Renews the preview while somebody fills in the form, and keeps the address up to date.
// Without it the button does the same. Nothing is stored.

const REST = 400; // milliseconds until the fingers rest
const LONGEST = 7500; // letters of an address; the server takes 8000 bytes

const form = document.querySelector("[data-hours-form]");
const preview = document.querySelector("[data-preview]");
const status = document.querySelector("[data-status]");
const offline = document.querySelector("[data-offline]");
const peek = document.querySelector("[data-peek]");
const summary = document.querySelector("[data-summary]");
let timer = 0;
let running = null;

/** The query that says what the fields say; page.js leaves out the empty ones. */
function query() {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URLSearchParams(pairs);
}

// What has been mended is no longer shown as wrong; what is new waits until somebody sends the form.
function forgetMended() {
  const wrong = new Set([...preview.querySelectorAll("[data-mistake]")].map((link) => link.dataset.mistake));
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    if (wrong.has(field.id)) continue;
    field.removeAttribute("aria-invalid");
    const fault = document.getElementById(`${field.id}-fehler`);
    if (fault) fault.hidden = true;
  }
  if (!summary) return;
  for (const item of summary.querySelectorAll("[data-about]")) item.hidden = !wrong.has(item.dataset.about);
  summary.hidden = !summary.querySelector("[data-about]:not([hidden])");
}

function show(text) {
  const isOpen = preview.querySelector("[data-technical]")?.open ?? false;
  const found = new DOMParser().parseFromString(text, "text/html");
  preview.replaceChildren(...found.body.childNodes);
  const technical = preview.querySelector("[data-technical]");
  if (technical) technical.open = isOpen;
  const says = next();
  if (status.textContent !== says) status.textContent = says;
  peekAt(says);
  forgetMended();
}

function next() {
  return preview.querySelector("[data-says]")?.textContent.trim() ?? "";
}

// On a phone the preview lies below the form: its first date stays in sight.
function peekAt(says) {
  peek.hidden = !says;
  peek.querySelector("span").textContent = says;
}

async function renew() {
  const said = query();
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const address = `${form.action}?${said}`;
  if (address.length < LONGEST) history.replaceState(history.state, "", address);
  said.set("teil", "vorschau");
  try {
    const answer = await fetch(`${form.action}?${said}`, { signal: mine.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = await answer.text();
    if (running !== mine) return;
    offline.hidden = true;
    show(text);
  } catch {
    if (running === mine) offline.hidden = false;
  }
}

function soon(event) {
  if (event.target.name === "text") return; // a pasted text waits for its button
  clearTimeout(timer);
  timer = setTimeout(renew, REST);
}

// A link to a field leads into it, also if that is folded away.
function leadToField(event) {
  const link = event.target.closest("a[href^='#']");
  const field = link && form.querySelector(`#${CSS.escape(link.getAttribute("href").slice(1))}`);
  if (!field) return;
  event.preventDefault();
  const fold = field.closest("details");
  if (fold) fold.open = true;
  field.focus();
}

form.addEventListener("input", soon);
form.addEventListener("change", soon);
preview.addEventListener("click", leadToField);
summary?.addEventListener("click", leadToField);
peekAt(next());
if (summary && !location.hash) summary.focus();
