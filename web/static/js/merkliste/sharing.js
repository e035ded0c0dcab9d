// Ways to hand a list on. The link carries the numbers behind #, which stays in the browser.

const CAN = { share: () => Boolean(navigator.share), clipboard: () => Boolean(navigator.clipboard) };

/** Shows the buttons of a piece of page that work here. */
export function showWhatWorks(piece) {
  for (const button of piece.querySelectorAll("[data-scripted]")) button.hidden = false;
  for (const button of piece.querySelectorAll("[data-needs]")) button.hidden = !CAN[button.dataset.needs]();
}

export async function share(link, title) {
  try {
    await navigator.share({ title, url: link });
  } catch {
    // Who changes their mind has not failed.
  }
}
