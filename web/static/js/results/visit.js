// Goes to an address. Where the page can show it by itself it says so here; otherwise the browser goes there.

let show = null;

/** Registers who shows an address of this page; it returns false for addresses of other pages. */
export function onVisit(handler) {
  show = handler;
}

export function visit(address) {
  if (!show?.(new URL(address, location.href))) location.assign(address);
}
