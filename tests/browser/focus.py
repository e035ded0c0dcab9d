"""What somebody sees who has no mouse: where the focus is, is it hidden, and how clearly is it marked?"""

import base64
from typing import Any, Final

from playwright.sync_api import FloatRect, Page

# What has the focus; None when nothing has. `seen`: it is on the screen and nothing lies over its middle.
# Shapes are rarely where their middle is: of these any part counts.
LOOK: Final = """wanted => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const isAgain = it.wasFocused === true;
  it.wasFocused = true;
  const classes = (e) => [...e.classList].filter((c) => !c.startsWith("is-")).sort();
  const name = (e) => e ? [e.localName, ...classes(e)].join(".") : "";
  const ground = (e) => {
    const colour = e ? getComputedStyle(e).backgroundColor : "";
    return e && colour === "rgba(0, 0, 0, 0)" ? ground(e.parentElement) : colour;
  };
  const inside = ({ left, top, right, bottom }) =>
    [Math.max(0, left), Math.max(0, top), Math.min(innerWidth, right), Math.min(innerHeight, bottom)];
  const isShape = it instanceof SVGElement;
  const steps = isShape ? Array.from({ length: 25 }, (_, at) => (at + 0.5) / 25) : [0.5];
  const isSeen = (box) => {
    const [left, top, right, bottom] = inside(box);
    return left < right && top < bottom && steps.some((x) => steps.some((y) =>
      it.contains(document.elementFromPoint(left + x * (right - left), top + y * (bottom - top)))));
  };
  const outlined = [[it], [it, "::after"], [it.parentElement]].map((which) => getComputedStyle(...which));
  const [left, top, right, bottom] = inside(it.getBoundingClientRect());
  return {
    isAgain, isShape, isMarked: outlined.some(
      (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3),
    isWanted: Boolean(wanted) && it.matches(wanted),
    isSeen: [...it.getClientRects()].some(isSeen),
    kind: [name(it), name(it.parentElement), ground(it.parentElement)].join(" in "),
    edge: 2 * (right - left + bottom - top),
    said: `${it.outerHTML.slice(0, 160)} ${[left, top, right, bottom].map(Math.round)}`,
  };
}"""
# What Tab should have come to, and has not.
MISSED: Final = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((it) => it.tabIndex >= 0 && !it.disabled && it.type !== "hidden" && !it.wasFocused
    && (it.type !== "radio" || it.checked) && it.checkVisibility({ visibilityProperty: true }))
  .map((it) => it.outerHTML.slice(0, 160))"""
# How many points of two pictures differ by a contrast of at least 3 : 1.
DIFFERENCE: Final = """async (pictures) => {
  const read = async (picture) => {
    const drawn = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const canvas = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
    canvas.drawImage(drawn, 0, 0);
    return canvas.getImageData(0, 0, drawn.width, drawn.height).data;
  };
  const [one, other] = await Promise.all(pictures.map(read));
  const linear = Array.from({ length: 256 }, (_, value) =>
    value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = (data, at) =>
    0.05 + 0.2126 * linear[data[at]] + 0.7152 * linear[data[at + 1]] + 0.0722 * linear[data[at + 2]];
  let count = 0;
  for (let at = 0; at < one.length; at += 4) {
    const [a, b] = [light(one, at), light(other, at)];
    if (Math.max(a, b) / Math.min(a, b) >= 3) count += 1;
  }
  return count;
}"""
# Shapes are marked by their line, which gets thicker within a frame.
IS_THICK: Final = "() => parseFloat(getComputedStyle(document.activeElement).strokeWidth) >= 4"
MOST_STOPS: Final = 400


def press(page: Page, key: str, wanted: str = "") -> dict[str, Any] | None:
    """Press a key; return what has the focus then, or None if nothing has."""
    page.keyboard.press(key)
    found: dict[str, Any] | None = page.evaluate(LOOK, wanted)
    if found and found["isShape"]:
        page.wait_for_timeout(100)
        found["isMarked"] = page.evaluate(IS_THICK)
    return found


def go_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Press a key until the focus is on what a selector names; every stop on the way can be seen."""
    for _ in range(MOST_STOPS):
        stop = press(page, key, wanted)
        assert stop, f"the focus is lost on the way to {wanted} on {page.url}"
        assert stop["isSeen"], f"hidden: {stop['said']} on {page.url}"
        assert stop["isMarked"], f"not marked: {stop['said']} on {page.url}"
        if stop["isWanted"]:
            return
    raise AssertionError(f"{key} does not come to {wanted} on {page.url}")


def clearness(page: Page, calculator: Page, stop: dict[str, Any]) -> float:
    """Return how many points the focus changes clearly, as a part of a line of two points around it."""
    size = page.viewport_size
    assert size
    clip: FloatRect = {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}
    page.wait_for_timeout(100)  # with reduced motion everything changes within a frame, not at once
    focused = page.screenshot(clip=clip)
    page.evaluate("() => { (window.hadFocus = document.activeElement).blur(); }")
    page.wait_for_timeout(100)
    plain = page.screenshot(clip=clip)
    page.evaluate("() => window.hadFocus.focus({ preventScroll: true })")
    pictures = [base64.b64encode(picture).decode() for picture in (focused, plain)]
    changed: int = calculator.evaluate(DIFFERENCE, pictures)
    return float(changed / max(1.0, 2 * stop["edge"]))
