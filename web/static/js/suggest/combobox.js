// A field with a list below it: keys, mouse and what screen readers are told. The focus stays in the field.

export function createCombobox(input, list, { onType, onChoose, onClose }) {
  let active = -1; // position of the chosen option; -1: the field itself

  const isOpen = () => input.getAttribute("aria-expanded") === "true";

  function mark(position) {
    active = position;
    const option = list.mark(position);
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(suggestions) {
    list.fill(suggestions);
    list.element.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(Boolean(suggestions.length)));
    mark(-1);
  }

  function close() {
    show([]);
    onClose();
  }

  function choose(position) {
    const suggestion = list.at(position);
    close();
    onChoose(suggestion);
  }

  function down() {
    if (isOpen()) mark(active + 1 < list.size() ? active + 1 : -1);
    else onType(input.value);
    return true;
  }

  function up() {
    if (isOpen()) mark(active < 0 ? list.size() - 1 : active - 1);
    return isOpen();
  }

  function enter() {
    if (active < 0) return false; // the form is sent
    choose(active);
    return true;
  }

  function escape() {
    const wasOpen = isOpen();
    close();
    return wasOpen;
  }

  // Keys that move in the text lead back to it.
  function back() {
    mark(-1);
    return false;
  }

  const keys = {
    ArrowDown: down, ArrowUp: up, Enter: enter, Escape: escape, ArrowLeft: back, ArrowRight: back, Home: back, End: back,
  };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.element.id);
  input.addEventListener("input", () => {
    mark(-1);
    onType(input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the input method
    if (keys[event.key]?.()) event.preventDefault();
  });
  input.addEventListener("blur", close);
  list.element.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.element.addEventListener("click", ({ target }) => {
    const option = target.closest("[role=option]");
    if (option) choose(list.positionOf(option));
  });

  return { show };
}
