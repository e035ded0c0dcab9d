"""From an operator's Markdown to HTML: without any HTML of theirs, with links that lead somewhere safe."""

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt

from web.language import localized

# Addresses of the web, mail, phones, and pages of ours; "//host" would be somebody else's.
_SAFE: Final = re.compile(r"(?:https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)


def to_html(text: str, locale: str) -> str:
    """Return a Markdown text (CommonMark) as HTML; pictures are left out, nothing foreign is loaded.

    Links to pages of ours stay in the language of the page.
    """
    return str(_reader(locale).render(text))


class _Reader(MarkdownIt):
    """Reads CommonMark without HTML and without pictures."""

    def __init__(self, locale: str) -> None:
        super().__init__("commonmark", {"html": False})
        self.disable("image")
        self._locale = locale

    def validateLink(self, url: str) -> bool:  # noqa: N802 - as markdown-it names it
        """Return whether a link leads somewhere safe; else it stays text."""
        return _SAFE.match(url.strip()) is not None

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """Return a link as it stands in the page."""
        link = super().normalizeLink(url)
        is_ours = link.startswith("/") and not link.startswith("//")
        return localized(link, self._locale) if is_ours else link


@cache
def _reader(locale: str) -> _Reader:
    return _Reader(locale)


def title_of(text: str) -> str:
    """Return the first heading of a text, which is the title of its page; "" if it has none."""
    found = re.search(r"^#[ \t]+(.+?)[ \t#]*$", text, flags=re.MULTILINE)
    return re.sub(r"[*_`\\]", "", found[1]) if found else ""
