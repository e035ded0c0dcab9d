// Suggestions while somebody types into the search field. Without them it is a plain form.
// Pattern: WAI-ARIA APG, editable combobox with list autocomplete. Nothing is stored.
import { counting } from "./plurals.js";
import { createAsking } from "./suggest/asking.js";
import { createCombobox } from "./suggest/combobox.js";
import { createList } from "./suggest/list.js";
import { go } from "./suggest/ways.js";

// Screen readers speak what appears here, so it is on the page before anything does.
function createStatus() {
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  document.body.append(status);
  return status;
}

function start(box) {
  const texts = JSON.parse(document.getElementById("suche-texte").textContent);
  const input = box.querySelector("input");
  const found = counting(texts.found);
  const status = createStatus();
  const list = createList(box.dataset.sprite, texts);
  box.append(list.element);
  const combobox = createCombobox(input, list, {
    onType: (typed) => asking.ask(typed),
    onChoose: (suggestion) => go(suggestion, input, box.dataset),
    onClose: () => {
      asking.stop();
      status.textContent = "";
    },
  });
  const asking = createAsking(box.dataset.suggestApi, (suggestions) => {
    combobox.show(suggestions ?? []);
    if (!suggestions) status.textContent = "";
    else status.textContent = suggestions.length ? found(suggestions.length) : texts.nothing;
  });
}

const box = document.querySelector("[data-suggest]");
if (box) start(box);
