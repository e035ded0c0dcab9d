// Shows beside the form what residents will see, made by the server as on the last step.
const REST = 400; // milliseconds until the next picture
const WIDE = matchMedia("(min-width: 62.5rem)");

const beside = document.querySelector("[data-beside]");
const inside = beside?.querySelector("[data-beside-inside]");
let asked = null;
let timer = 0;

async function load() {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(beside.dataset.beside, { signal: asked.signal });
    if (!answer.ok || answer.redirected) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    // The form beside it has the same names for other things.
    for (const one of found.querySelectorAll("[id]")) one.removeAttribute("id");
    inside.replaceChildren(...found.body.childNodes);
  } catch {
    // Without a connection the last picture stays.
  }
}

function later() {
  clearTimeout(timer);
  if (beside.open) timer = setTimeout(load, REST);
}

if (beside) {
  beside.hidden = false;
  beside.open = WIDE.matches;
  beside.addEventListener("toggle", later);
  document.addEventListener("entwurf", later);
  later();
}
