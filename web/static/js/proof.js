// Does the small work that a form asks for before it is sent, while somebody still types.
// Where this does not run, the server asks for a number to copy instead.

const AT_ONCE = 250; // hashes between two looks at the page
const FRESH = 20 * 60 * 1000; // milliseconds; the server takes a task for half an hour

const form = document.querySelector("form[data-proof]");
const encoder = new TextEncoder();
let work = null;
let begun = 0;

function zeros(bytes) {
  let count = 0;
  for (const byte of bytes) {
    if (byte) return count + Math.clz32(byte) - 24;
    count += 8;
  }
  return count;
}

async function solution(task, bits) {
  for (let from = 0; ; from += AT_ONCE) {
    const hashes = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, step) =>
        crypto.subtle.digest("SHA-256", encoder.encode(`${task}.${from + step}`)),
      ),
    );
    const found = hashes.findIndex((hash) => zeros(new Uint8Array(hash)) >= bits);
    if (found >= 0) return String(from + found);
  }
}

async function solved() {
  const answer = await fetch(form.dataset.proof, { method: "POST" });
  if (!answer.ok) throw new Error(String(answer.status));
  const { task, bits } = await answer.json();
  return { aufgabe: task, loesung: await solution(task, bits) };
}

function begin() {
  if (work && performance.now() - begun < FRESH) return;
  begun = performance.now();
  work = solved();
  work.catch(() => { work = null; });
}

function set(name, value) {
  const field = form.elements.namedItem(name) ?? form.appendChild(document.createElement("input"));
  Object.assign(field, { type: "hidden", name, value });
}

async function send(event) {
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  form.querySelector("[data-proof-status]").textContent = form.dataset.proofWorking;
  begin();
  try {
    for (const [name, value] of Object.entries(await work)) set(name, value);
  } catch {
    // The server will ask for a number.
  }
  form.submit();
}

// A task holds once: who comes back with the browser's button gets a new one.
function renew(event) {
  if (!event.persisted) return;
  work = null;
  form.ariaBusy = null;
  form.querySelector("[data-proof-status]").textContent = "";
}

if (form && globalThis.crypto?.subtle) {
  form.addEventListener("input", begin, { once: true });
  form.addEventListener("submit", send);
  addEventListener("pageshow", renew);
}
document.querySelector("[data-summary]")?.focus();
