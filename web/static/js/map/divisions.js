// Which spaces the map shows: those that residents know, postcodes, or others that the region has.

export async function fetchSpaces(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** Returns `show(url, asked)` and `isShown(url)`, `asked` being the spaces if they are on their way already; with more than one division there is a choice above the map. */
export function createDivisions(section, spaces, texts, say) {
  const known = JSON.parse(section.dataset.divisions || "[]");
  let shown = "";

  const select = known.length > 1 ? choice() : null;

  function choice() {
    const label = document.createElement("label");
    const made = document.createElement("select");
    label.htmlFor = made.id = "karte-raumeinteilung";
    label.textContent = texts.divisionChoice;
    for (const { label: name, url } of known) made.add(new Option(name, url));
    made.addEventListener("change", () => show(made.value));
    section.querySelector("[data-map-bar]").append(label, made);
    return made;
  }

  async function show(url, asked = fetchSpaces(url)) {
    shown = url;
    if (select) select.value = url;
    try {
      const collection = await asked;
      if (shown !== url) return; // another one was chosen meanwhile
      spaces.show(collection, known.find((division) => division.url === url) ?? { resident: true });
      say("");
    } catch (error) {
      console.warn(error);
      say(texts.spacesFailed);
    }
  }

  return { show, isShown: (url) => url === shown };
}
