"""What somebody sees who needs large letters: is everything still there, whole and inside of the screen?"""

from typing import Final

from playwright.sync_api import Page

# Texts that stand outside of the screen or are cut off by what they stand in. Two places cut on purpose:
# a long answer about hours in a list, whole on the offer's page, and the map, whose names the list has, too.
CUT: Final = """() => {
  const away = ".visually-hidden, .skip-link, .keep-link-words, .clamp, .sending-trap, .near .hint, "
    + "select, script, style, noscript, template, [data-map-canvas]";
  const name = (it) => [it.localName, ...it.classList].join(".");
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text; (text = walker.nextNode());) {
    const it = text.parentElement;
    if (!text.data.trim() || it.closest(away) || !it.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
    if (boxes.some(({ left, right }) => left < -1 || right > innerWidth + 1)) {
      said.push(`outside: ${name(it)} “${text.data.trim().slice(0, 40)}”`);
    }
    for (let around = it; around !== document.body; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around);
      if (overflowX === "visible" && overflowY === "visible") continue;
      const frame = around.getBoundingClientRect();
      const isCut = ({ left, right, top, bottom }) =>
        (["hidden", "clip"].includes(overflowX) && (left < frame.left - 1 || right > frame.right + 1))
        || (["hidden", "clip"].includes(overflowY) && (top < frame.top - 2 || bottom > frame.bottom + 2));
      if (boxes.some(isCut)) said.push(`cut by ${name(around)}: “${text.data.trim().slice(0, 40)}”`);
      break;
    }
  }
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) said.push(`scrolls: ${scrollWidth}`);
  return said;
}"""
# What stays in its place while the page moves, and takes more than a third of the height.
STUCK: Final = """() => [...document.querySelectorAll("body *")]
  .filter((it) => ["fixed", "sticky"].includes(getComputedStyle(it).position) && it.checkVisibility())
  .filter((it) => it.getBoundingClientRect().height > innerHeight / 3)
  .map((it) => it.outerHTML.slice(0, 120))"""
# WCAG 1.4.12; the page's own rules allow no style from outside, a sheet made by a script they do.
SPACED: Final = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""


def double_letters(page: Page) -> None:
    """Make letters twice as large, as the browser's own setting does."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
