"""Pictures of every page for the docs: phone and desk, light and dark, German and Arabic, kept small."""

import base64
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final, Literal, NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize

from ops.pages import PAGES
from web.language import localized

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
FOLDER: Final = DOCS / "bilder" / "ansichten"
INDEX: Final = DOCS / "reference" / "ansichten.md"
QUALITY: Final = 50  # of WebP, 0 to 100
# Width of the window in CSS pixels → its height, and how much smaller its picture is kept.
WINDOWS: Final = {360: (740, 0.75), 1280: (900, 0.5)}
LOCALES: Final = {"de": "Deutsch", "ar": "Arabisch"}
Scheme = Literal["light", "dark"]
SCHEMES: Final[dict[Scheme, str]] = {"light": "hell", "dark": "dunkel"}
WELCOME: Final = """# Ansichten

Jede Seite mit den Beispielregionen: auf dem Telefon (360 Pixel) und am Schreibtisch (1280), hell und dunkel,
auf Deutsch und auf Arabisch. Gezeigt ist der erste Bildschirm, verkleinert. `make screenshots` macht sie neu.
"""


class View(NamedTuple):
    """One picture: a page, its language, the width of the window in CSS pixels and the colour scheme."""

    page: str
    locale: str
    width: int
    scheme: Scheme

    @property
    def file(self) -> Path:
        """Where the picture is kept."""
        return FOLDER / f"{self.page}-{self.locale}-{self.width}-{SCHEMES[self.scheme]}.webp"


def views() -> Iterator[View]:
    """Yield all pictures, page by page."""
    for combination in product(PAGES, LOCALES, WINDOWS, SCHEMES):
        yield View(*combination)


def take_all(browser: Browser, base: str) -> Iterator[Path]:
    """Photograph every view of the service at `base` and write the page that shows them; yields the files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = set()
    for view in views():
        view.file.write_bytes(_picture(browser, base, view))
        kept.add(view.file)
        yield view.file
    for old in set(FOLDER.iterdir()) - kept:
        old.unlink()
    INDEX.write_text(index(), encoding="utf-8")


def index() -> str:
    """Return the Markdown page that shows all pictures."""
    return WELCOME + "".join(f"\n## {address}\n\n{_shown(page)}" for page, address in PAGES.items())


def _shown(page: str) -> str:
    return "".join(
        f"![{LOCALES[view.locale]}, {view.width} Pixel, {SCHEMES[view.scheme]}]({_from_index(view)})\n"
        for view in views()
        if view.page == page
    )


def _from_index(view: View) -> str:
    return f"../{view.file.relative_to(DOCS)}"


def _picture(browser: Browser, base: str, view: View) -> bytes:
    height, scale = WINDOWS[view.width]
    viewport = ViewportSize(width=view.width, height=height)
    context = browser.new_context(viewport=viewport, color_scheme=view.scheme)
    page = context.new_page()
    page.goto(base + localized(PAGES[view.page], view.locale), wait_until="networkidle")
    taken = webp(page, view.width, height, scale)
    context.close()
    return taken


def webp(page: Page, width: int, height: int, scale: float) -> bytes:
    """Return a picture of a page from its upper left corner on; width and height in CSS pixels."""
    # Playwright itself makes PNG and JPEG only, three times the size.
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}
    asked = {"format": "webp", "quality": QUALITY, "clip": clip}
    answer = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    return base64.b64decode(answer["data"])
