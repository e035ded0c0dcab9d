// What is saved on this device: one cache for each thing, with a description inside that is written last.
// Names here and in service-worker.js mean the same.

export const PREFIX = "unterwegs ";
const ABOUT = "/unterwegs/beschreibung.json";
const WORKER = "/service-worker.js";

/** Registers the worker that shows saved pages. A newer one takes its place at the next visit. */
export async function startWorker() {
  await navigator.serviceWorker.register(WORKER, { scope: "/", updateViaCache: "none" });
  await navigator.serviceWorker.ready;
}

/** Whether the operator has taken the worker away for good. */
export async function isWithdrawn() {
  try {
    const answer = await fetch(WORKER, { method: "HEAD", cache: "no-store" });
    return answer.status === 404 || answer.status === 410;
  } catch {
    return false;
  }
}

/** Writes the description: from now on the thing is whole. */
export function describe(cache, about) {
  return cache.put(ABOUT, new Response(JSON.stringify(about), { headers: { "Content-Type": "application/json" } }));
}

/** Every cache of ours, the newest first; about is null where saving was broken off. */
async function all() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const found = await Promise.all(names.map(async (name) => {
    const about = await (await caches.open(name)).match(ABOUT);
    return { name, about: about ? await about.json() : null };
  }));
  return found.sort((a, b) => (b.about?.at ?? 0) - (a.about?.at ?? 0));
}

/** Descriptions of all saved things, the newest first. */
export async function things() {
  const known = new Map();
  for (const { about } of await all()) if (about && !known.has(about.id)) known.set(about.id, about);
  return [...known.values()];
}

/** Deletes what is half or older than the same thing saved again; not while something is being saved. */
export async function tidy() {
  const seen = new Set();
  for (const { name, about } of await all()) {
    if (!about || seen.has(about.id)) await caches.delete(name);
    else seen.add(about.id);
  }
  if (!seen.size) await stopWorker();
}

export async function remove(id) {
  for (const { name, about } of await all()) if (about?.id === id) await caches.delete(name);
  if (!(await things()).length) await stopWorker();
}

export async function removeAll() {
  for (const { name } of await all()) await caches.delete(name);
  await stopWorker();
}

async function stopWorker() {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
}
