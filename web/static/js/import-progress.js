/* Says how far the work on a list is, and goes on to the next page when it is done. */
const PAUSE = 1500;

const place = document.querySelector("[data-import-progress]");
if (place) {
  place.querySelector("[data-reload]").hidden = true;
  setTimeout(look, PAUSE);
}

async function look() {
  try {
    const answer = await fetch(place.dataset.importProgress, { credentials: "same-origin" });
    if (!answer.ok) {
      location.reload();
      return;
    }
    show(await answer.json());
  } catch {
    setTimeout(look, PAUSE * 4); // the network will come back
  }
}

function show(standing) {
  if (standing.stage !== place.dataset.stage) {
    location.reload();
    return;
  }
  const text = place.querySelector("[data-text]");
  if (text.textContent !== standing.text) text.textContent = standing.text;
  if (standing.total) {
    const bar = place.querySelector("progress");
    bar.max = standing.total;
    bar.value = standing.done;
  }
  setTimeout(look, PAUSE);
}
