// What is drawn of points: a pin with the number of the list, a plain dot, or a cluster that says what it holds.

const TARGET = 44;
const CLUSTER = 92;
const MOST_NUMBERS = 3; // more would be wider than the room that clusters keep free

function shape(className, text = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

export function pointIcon(number) {
  return L.divIcon({
    className: "map-marker",
    html: number === undefined ? shape("map-dot-shape") : shape("map-pin-shape", String(number)),
    iconSize: [TARGET, TARGET],
  });
}

export function clusterIcon(count, numbers, texts) {
  const box = shape("map-cluster-shape");
  box.append(shape("map-cluster-count", texts.count(count)));
  if (numbers.length) {
    const more = numbers.length > MOST_NUMBERS ? " …" : "";
    box.append(shape("map-cluster-numbers", `${texts.numbers} ${numbers.slice(0, MOST_NUMBERS).join(", ")}${more}`));
  }
  return L.divIcon({ className: "map-marker map-cluster", html: box, iconSize: [CLUSTER, TARGET] });
}

export function clusterName(count, numbers, texts) {
  const suffix = numbers.length ? `, ${texts.numbers} ${numbers.slice(0, MOST_NUMBERS).join(", ")}` : "";
  return texts.count(count) + suffix;
}
