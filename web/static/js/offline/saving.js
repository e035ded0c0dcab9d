// Saves a thing whole or not at all: everything that its list names goes into a new cache; then the old one is deleted.
import { describe, PREFIX, startWorker, tidy } from "./store.js";

const AT_ONCE = 4;
const LOCK = "unterwegs";

export class FullError extends Error {}

// The worker lets pass what takes no redirects; pages that lead elsewhere could not be shown from a cache either.
async function ask(address, signal) {
  const cache = address.startsWith("/static/") ? "default" : "no-cache"; // a file of a build never changes
  const answer = await fetch(address, { cache, redirect: "error", signal });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

async function fill(cache, addresses, onProgress, signal) {
  const waiting = [...addresses];
  let done = 0;
  let size = 0;
  async function work() {
    while (waiting.length) {
      const address = waiting.shift();
      const answer = await ask(address, signal);
      const copy = answer.clone();
      await cache.put(address, answer);
      const body = await copy.blob();
      size += body.size;
      done += 1;
      onProgress(done / addresses.length);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return size;
}

async function refuseIfFull(bytes) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota !== undefined && quota - usage < bytes) throw new FullError();
}

async function saveNow(address, onProgress, signal) {
  const { addresses, ...about } = await (await ask(address, signal)).json();
  await refuseIfFull(about.bytes);
  const at = Date.now();
  const name = `${PREFIX}${about.id} ${at}`;
  const stop = new AbortController(); // where one address fails, the others need not come
  const either = () => stop.abort();
  signal?.addEventListener("abort", either);
  try {
    const cache = await caches.open(name);
    const bytes = await fill(cache, addresses, onProgress, stop.signal);
    if (stop.signal.aborted) throw new Error("cancelled");
    await describe(cache, { ...about, list: address, bytes, at });
    await startWorker();
  } catch (error) {
    stop.abort();
    await caches.delete(name);
    throw error.name === "QuotaExceededError" ? new FullError() : error;
  } finally {
    signal?.removeEventListener("abort", either);
  }
  return about;
}

/** Runs a task while no other page of ours saves or tidies. */
export function alone(task) {
  return navigator.locks ? navigator.locks.request(LOCK, task) : task();
}

/** Saves what a list names and returns the thing's description; raises FullError where there is no room. */
export function save(address, { onProgress = () => {}, signal } = {}) {
  return alone(async () => {
    try {
      return await saveNow(address, onProgress, signal);
    } finally {
      await tidy();
    }
  });
}
