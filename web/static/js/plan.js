// Comforts for the page of family plans: rows in place, the language menu that keeps what was typed, a point from device or
// map. Without them its buttons do the same. Nothing is stored, and nothing stands in an address.
import { startPoint } from "./plan/point.js";
import { onVisit } from "./results/visit.js";

const form = document.querySelector("[data-plan-form]");
const PLACEHOLDER = "NUMMER"; // stands in the new row for its number

/** "noch eine Sorge": one more row, at once. */
function addRows() {
  const more = form.querySelector("[data-plan-more]");
  const rows = form.querySelector("[data-plan-rows]");
  const fresh = form.querySelector("[data-plan-new]");
  more?.addEventListener("click", (event) => {
    event.preventDefault();
    const number = rows.querySelectorAll("[data-plan-row]").length + 1;
    const row = document.createElement("template");
    row.innerHTML = fresh.innerHTML.replaceAll(PLACEHOLDER, String(number));
    rows.append(row.content);
    more.hidden = number >= Number(more.dataset.planMore);
    rows.lastElementChild.querySelector("select").focus();
  });
}

/** Sends what is typed to the same page in another language. */
function keepInOtherLanguages() {
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.action = link.pathname;
      if (!document.getElementById("ergebnis")) form.append(hidden("schritt", "form"));
      form.submit();
    });
  }
}

function hidden(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  return field;
}

/** A link to a field leads into it, also if that is folded away. */
function leadToFields() {
  const summary = document.querySelector("[data-summary]");
  summary?.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
  });
  summary?.focus();
}

addRows();
keepInOtherLanguages();
leadToFields();
startPoint(form);
// A Stadtteil on the map opens beside the plan: nobody could come back to it by an address.
onVisit((address) => Boolean(window.open(address, "_blank", "noopener")) || true);
