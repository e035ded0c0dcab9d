// Reads the page's words aloud, each piece in its own language, with voices of this device alone: others would send the words away.
const READ = "h1, h2, h3, p, li, dt, address";

const speech = globalThis.speechSynthesis;
const button = document.querySelector("[data-read-aloud]");

function localVoice(language) {
  const short = language.split("-")[0];
  return speech.getVoices().find((voice) => voice.localService && voice.lang.split(/[-_]/)[0] === short);
}

function isRead(element) {
  if (element.closest("button, nav, form, [hidden], [aria-hidden=true], .visually-hidden")) return false;
  return element.getClientRects().length > 0 && !element.querySelector(READ);
}

/** The pieces of an element in their order: [text, language]; a piece in another language stands alone. */
function pieces(element) {
  const found = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!data.trim() || parentElement.closest("button, svg, [hidden], .visually-hidden, .in-german")) continue;
    const language = parentElement.closest("[lang]").lang;
    const last = found.at(-1);
    if (last?.[1] === language) last[0] += data;
    else found.push([data, language]);
  }
  return found.map(([text, language]) => [text.replace(/\s+/g, " ").trim(), language]);
}

let isReading = false;

function show(now) {
  isReading = now;
  button.querySelector("span").textContent = isReading ? button.dataset.stop : button.dataset.start;
}

function read() {
  const elements = [...document.querySelectorAll(`main :is(${READ})`)].filter(isRead);
  const spoken = elements.flatMap(pieces).filter(([text, language]) => text && localVoice(language));
  for (const [number, [text, language]] of spoken.entries()) {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = language;
    words.voice = localVoice(language);
    if (number === spoken.length - 1) words.addEventListener("end", () => show(false));
    speech.speak(words);
  }
  show(spoken.length > 0);
}

function stop() {
  speech.cancel();
  show(false);
}

function offer() {
  button.hidden = !localVoice(document.documentElement.lang);
}

if (speech && button) {
  offer();
  speech.addEventListener("voiceschanged", offer); // some browsers learn their voices late
  button.addEventListener("click", () => (isReading ? stop() : read()));
  addEventListener("pagehide", () => speech.cancel());
}
