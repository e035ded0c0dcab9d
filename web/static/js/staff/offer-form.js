// Saves a step of the form for an offer while somebody writes. Nothing leaves the form but to our own server, and
// nothing is kept in the browser: without a connection the words stay where they were typed. „Weiter“ saves, too.
import "./offer-beside.js";

const REST = 1200; // milliseconds until the fingers rest
const AGAIN = 15_000; // until another try
const KEPT_ALIVE = 60_000; // letters that a browser still sends when the page goes

const form = document.querySelector("[data-autosave]");
const status = form?.querySelector("[data-saved]");
const elsewhere = form?.querySelector("[data-elsewhere]");
let saved = form ? said() : ""; // what the server has
let timer = 0;
let running = null;
let isStopped = false; // somebody has to choose first

/** All fields as they are sent, without the version. */
function said() {
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("fassung");
  return fields.toString();
}

/** One line that is read out when it changes. */
function say(text, isWrong = false) {
  status.hidden = false;
  status.classList.toggle("is-wrong", isWrong);
  if (status.textContent !== text) status.textContent = text;
}

function later(milliseconds = REST) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

function save() {
  clearTimeout(timer);
  if (running || isStopped || said() === saved) return running;
  running = send(said()).finally(() => {
    running = null;
  });
  return running;
}

function post(fields) {
  const body = `${fields}&fassung=${encodeURIComponent(form.elements.fassung.value)}`;
  return fetch(form.dataset.autosave, {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { Accept: "application/json" },
    keepalive: body.length < KEPT_ALIVE,
  });
}

async function send(fields, isRenewed = false) {
  let answer;
  try {
    answer = await post(fields);
  } catch {
    say("Gerade keine Verbindung. Was Sie geschrieben haben, steht noch hier. Wir versuchen es gleich wieder.", true);
    return later(AGAIN);
  }
  if (answer.ok) return done(fields, await answer.json());
  if (answer.status === 409) return choose(await answer.json());
  if ([401, 403].includes(answer.status) && !isRenewed && await renew()) return send(said(), true);
  if ([401, 403].includes(answer.status)) {
    return say("Sie sind nicht mehr angemeldet. Was Sie geschrieben haben, steht noch hier. Bitte melden Sie sich in einem zweiten Fenster an und kommen Sie dann hierher zurück.", true);
  }
  say("Das Speichern klappt gerade nicht. Was Sie geschrieben haben, steht noch hier.", true);
  return later(AGAIN);
}

function done(fields, answer) {
  form.elements.fassung.value = answer.version;
  saved = fields;
  const isTheSame = said() === fields;
  say(answer.unfinished || `Gespeichert um ${answer.time}`, Boolean(answer.unfinished));
  // Others may write into the form, such as the point of an address; that came from the server.
  document.dispatchEvent(new CustomEvent("entwurf", { detail: { ...answer, fields } }));
  if (isTheSame) saved = said();
  else later();
}

/** Who has signed in again has another proof; the page knows it. Returns whether there is one. */
async function renew() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const proof = page.querySelector("[data-autosave] [name=formular]");
    if (!proof || proof.value === form.elements.formular.value) return false;
    for (const field of document.querySelectorAll("[name=formular]")) field.value = proof.value;
    return true;
  } catch {
    return false;
  }
}

/** Another window has saved: what stays is for its owner to say. */
function choose({ version }) {
  isStopped = true;
  elsewhere.hidden = false;
  status.hidden = true;
  elsewhere.querySelector("[data-mine]").onclick = () => {
    form.elements.fassung.value = version;
    isStopped = false;
    elsewhere.hidden = true;
    save();
    form.querySelector("h2, h3, input:not([type=hidden]), textarea")?.focus();
  };
  elsewhere.querySelector("[data-theirs]").onclick = () => {
    form.reset();
    location.reload();
  };
}

function start() {
  form.addEventListener("input", () => later());
  form.addEventListener("change", () => later());
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine) {
      event.preventDefault();
      say("Gerade keine Verbindung. Was Sie geschrieben haben, steht noch hier.", true);
      later(AGAIN);
    } else if (running) {
      // Both would say that they know the same version, and the second would be told of the first.
      event.preventDefault();
      const { submitter } = event;
      running.finally(() => form.requestSubmit(submitter));
    }
  });
  addEventListener("online", () => later(0));
  addEventListener("focus", () => later(0));
  document.addEventListener("visibilitychange", () => save());
}

if (form) start();
