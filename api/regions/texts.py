"""Who runs a map and how to use it: a region's own Markdown, else what comes with the program."""

from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from api.core.build import ROOT
from api.regions.models import Region

FOLDER: Final = ROOT / "data" / "texts"
PAGES: Final = ("impressum", "datenschutz", "barrierefreiheit", "leichte-sprache")
GERMAN: Final = "de"
LONGEST: Final = 50_000  # letters

Texts = dict[str, dict[str, str]]  # page → language → Markdown


class Text(NamedTuple):
    """A text and the language it is written in."""

    markdown: str
    language: str


def of_region(region: Region, page: str, language: str) -> Text:
    """Return the text of one of PAGES in a language, else in German; the region's own comes first."""
    said = region.texts.get(page) or _ours()[page]
    return Text(said[language], language) if language in said else Text(said[GERMAN], GERMAN)


@cache
def _ours() -> Texts:
    return {
        page: {_language(path): path.read_text(encoding="utf-8") for path in _files(page)} for page in PAGES
    }


def _files(page: str) -> list[Path]:
    return [FOLDER / f"{page}.md", *FOLDER.glob(f"{page}.*.md")]


def _language(path: Path) -> str:
    return path.stem.partition(".")[2] or GERMAN
