// Small comforts on every page; nothing here is needed to use it.

function enableCopyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const words = button.querySelector("span");
    const before = words.textContent;
    words.setAttribute("role", "status");
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      words.textContent = button.dataset.copied;
      setTimeout(() => { words.textContent = before; }, 4000);
    });
  }
}

function closeMenusOnEscapeAndOutside() {
  const menus = document.querySelectorAll("details[data-menu]");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  for (const menu of menus) {
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}

// An empty field says nothing: keep it out of the address, so that links to a view stay short.
function leaveOutEmptyFields() {
  for (const form of document.querySelectorAll("form[method=get]")) {
    form.addEventListener("formdata", (event) => {
      for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    });
  }
}

// What the address says meanwhile, behind ? and #, is said in the other language, too; the server never hears of #.
function keepStateInOtherLanguages() {
  for (const link of document.querySelectorAll("a[data-language]")) {
    link.addEventListener("click", () => {
      link.search = location.search;
      link.hash = location.hash;
    });
  }
}

// What only works with scripts shows itself only then.
function showWhatNeedsScripts() {
  for (const element of document.querySelectorAll("[data-scripted]")) element.hidden = false;
}

function enablePrintButtons() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
}

showWhatNeedsScripts();
enablePrintButtons();
enableCopyButtons();
closeMenusOnEscapeAndOutside();
keepStateInOtherLanguages();
leaveOutEmptyFields();
