// One drawing from the sprite; always decoration, the words stand next to it.

const SVG = "http://www.w3.org/2000/svg";

export function icon(sprite, name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
