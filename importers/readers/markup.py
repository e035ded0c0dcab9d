"""Texts that were made for a web page, as plain lines: without scripts and styles, links keep their words."""

import re
from html.parser import HTMLParser
from typing import Final

from importers.readers.limits import CELL

_SILENT: Final = frozenset({"script", "style", "iframe", "object", "template"})
_BREAKS: Final = frozenset({"br", "p", "div", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr"})
_MARKED: Final = re.compile(r"<[a-zA-Z/!]|&#?\w+;")


def plain(text: str) -> str:
    """Return the words of a text; one without markup stays as it is."""
    if not _MARKED.search(text):
        return text.strip()
    words = _Words()
    words.feed(text[:CELL])
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.found).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - html.parser
        """Note where words are not meant to be read, and where a line ends."""
        self.silent += tag in _SILENT
        if tag in _BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note the same of ends."""
        self.silent -= tag in _SILENT and self.silent > 0
        if tag in _BREAKS and tag != "br":
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self.silent:
            self.found.append(data)
