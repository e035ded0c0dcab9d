// Shows what somebody has saved for the way when the network is gone or slow. It saves nothing itself: js/offline/saving.js does,
// and only after a tap. One cache for each saved thing; a cache without its description is not whole and is never shown from.
// Names here and in js/offline/store.js mean the same.

const PREFIX = "unterwegs ";
const ABOUT = "/unterwegs/beschreibung.json";
const PATIENCE = 3000; // milliseconds
const FILE = /^\/static\/[0-9a-f]{10}\//; // under the address of its build a file never changes
const ALL = { ignoreVary: true };

const shown = new Map(); // address of a page → what was shown for it instead of the network's answer

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isOurs = request.method === "GET" && url.origin === self.location.origin && !request.headers.has("range");
  // Who saves takes no redirects and wants the network's answer, never an older one from here.
  if (!isOurs || request.redirect === "error") return;
  event.respondWith(FILE.test(url.pathname) ? file(request) : newest(request));
});

// A page asks how it came: null from the network, else when that was saved.
self.addEventListener("message", ({ data, ports }) => {
  ports[0]?.postMessage(shown.get(data.page) ?? null);
});

async function file(request) {
  return (await caches.match(request.url, ALL)) ?? fetch(request);
}

async function newest(request) {
  const isPage = request.mode === "navigate";
  const [address] = request.url.split("#");
  const network = fetch(request);
  const first = await Promise.race([network.catch(() => null), pause(PATIENCE)]);
  if (isPage) shown.delete(address);
  if (first && first.status < 500) return first;
  const saved = await fromSaved(address);
  if (saved) {
    if (isPage) shown.set(address, { stand: saved.about.said });
    return saved.answer;
  }
  try {
    return await network;
  } catch (error) {
    if (!isPage) throw error;
    return kindPage(address, error);
  }
}

function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

/** Every saved thing that is whole, the newest first. */
async function things() {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    const cache = await caches.open(name);
    const about = await cache.match(ABOUT);
    if (about) found.push({ cache, about: await about.json() });
  }
  return found.sort((a, b) => b.about.at - a.about.at);
}

async function fromSaved(address) {
  for (const { cache, about } of await things()) {
    const answer = await cache.match(address, ALL);
    if (answer) return { answer, about };
  }
  return null;
}

/** The page that says what is saved, in the language of the page that is not, if it was saved in that. */
async function kindPage(address, error) {
  const saved = await things();
  const { pathname } = new URL(address);
  const language = ({ about }) => about.offline.slice(0, about.offline.lastIndexOf("/") + 1);
  const same = saved.find((thing) => language(thing) !== "/" && `${pathname}/`.startsWith(language(thing)))
    ?? saved.find((thing) => language(thing) === "/") ?? saved[0];
  const answer = await same?.cache.match(same.about.offline, ALL);
  if (!answer) throw error;
  return answer;
}
