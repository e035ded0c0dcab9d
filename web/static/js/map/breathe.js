// Lets the page answer a finger between two steps of longer work.

export function breathe() {
  return window.scheduler?.yield?.() ?? new Promise((resolve) => { setTimeout(resolve); });
}
