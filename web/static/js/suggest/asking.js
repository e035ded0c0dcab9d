// Asks for suggestions once the fingers rest; an old answer never comes after a newer question.

const REST = 150; // milliseconds
const FEWEST = 2; // letters

/** Calls onAnswer with the suggestions for what is typed, or with null if there are none to be had. */
export function createAsking(api, onAnswer) {
  let timer = 0;
  let running = null;

  function stop() {
    clearTimeout(timer);
    running?.abort();
    running = null;
  }

  async function suggestions(typed, signal) {
    try {
      const answer = await fetch(`${api}&q=${encodeURIComponent(typed)}`, { signal });
      const found = answer.ok ? await answer.json() : null;
      return Array.isArray(found) ? found : null;
    } catch {
      return null; // the field works all the same
    }
  }

  async function askNow(typed) {
    const mine = new AbortController();
    running = mine;
    const found = await suggestions(typed, mine.signal);
    if (running === mine) onAnswer(found);
  }

  function ask(typed) {
    stop();
    const said = typed.trim();
    if (said.length < FEWEST) onAnswer(null);
    else timer = setTimeout(askNow, REST, said);
  }

  return { ask, stop };
}
