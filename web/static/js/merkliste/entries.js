// The entries of the list: in which order they stand, and their numbers.

/** Takes the list; remembers its entries, so that one that was removed can come back. */
export function createEntries(list) {
  const known = new Map([...list.children].map((entry) => [entry.dataset.offer, entry]));

  function numbers() {
    return [...list.children].map((entry) => entry.dataset.offer);
  }

  function number() {
    const last = list.children.length - 1;
    [...list.children].forEach((entry, position) => {
      entry.querySelector("[data-number]").textContent = String(position + 1);
      entry.querySelector("[data-do=up]").setAttribute("aria-disabled", String(position === 0));
      entry.querySelector("[data-do=down]").setAttribute("aria-disabled", String(position === last));
    });
  }

  /** Shows these of the known entries in this order. */
  function arrange(wanted) {
    list.replaceChildren(...wanted.filter((id) => known.has(id)).map((id) => known.get(id)));
    number();
  }

  number();
  return { arrange, numbers, knows: (id) => known.has(id) };
}

/** Returns the numbers with one of them moved by some steps, as far as the list goes. */
export function moved(numbers, id, steps) {
  const from = numbers.indexOf(id);
  const to = Math.min(Math.max(from + steps, 0), numbers.length - 1);
  const others = numbers.filter((other) => other !== id);
  return [...others.slice(0, to), id, ...others.slice(to)];
}
