// Asks the server for a list as it shows it; an old answer never comes after a newer question.

const LONGEST = 3000; // letters: more than any list has, and few enough for an address

/** Takes the page's address; returns ask(said), whose answer is a piece of page, null, or undefined if outrun. */
export function createAsking(address) {
  let running = null;

  return async function ask(said) {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    // The server says what is wrong with a list that is none; it does so in the part that was asked for.
    const query = encodeURIComponent(said.slice(0, LONGEST)).replaceAll("%2C", ",");
    try {
      const answer = await fetch(`${address}?o=${query}&teil=liste`, { signal: mine.signal });
      if (!answer.ok && answer.status !== 422) return running === mine ? null : undefined;
      const text = await answer.text();
      if (running !== mine) return undefined;
      const piece = document.createElement("template");
      piece.innerHTML = text;
      return piece.content;
    } catch {
      return running === mine ? null : undefined;
    }
  };
}
