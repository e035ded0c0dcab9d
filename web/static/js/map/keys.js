// Makes a drawn thing work with the keyboard: Enter and Space do what a click does.

export function onActivate(element, action) {
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    action(event);
  });
}
