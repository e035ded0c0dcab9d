"""Addresses in documents: of other documents, as they were asked for, and of a region's pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
MVT: Final = "application/vnd.mapbox-vector-tile"

Link = dict[str, Any]
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Site:
    """Where the documents of a region are found, and its pages."""

    base: str  # "https://example.org/ogc"
    pages: str  # "https://example.org"
    region: str | None  # said by the question; links say it, too

    def at(self, path: str, said: Mapping[str, Any] | None = None) -> str:
        """Return the whole address of a document, with what is said in its query."""
        query = {name: value for name, value in (said or {}).items() if value is not None}
        if self.region is not None:
            query["region"] = self.region
        return f"{self.base}{quote(path, safe='/:{}')}" + (f"?{urlencode(query)}" if query else "")

    def link(
        self, rel: str, path: str, kind: str, said: Mapping[str, Any] | None = None, title: str = ""
    ) -> Link:
        """Return a link to a document of a media type."""
        found = {"href": self.at(path, said), "rel": rel, "type": kind}
        return {**found, "title": title} if title else found

    def both(self, path: str, said: Mapping[str, Any], kind: str = JSON) -> list[Link]:
        """Return the links of a document to itself and to its page."""
        return [
            self.link("self", path, kind, said, "Dieses Dokument"),
            self.link("alternate", path, HTML, {**said, "f": "html"}, "Dieses Dokument als Seite"),
        ]


def origin(scheme: str, host: str) -> str:
    """Return where an address begins; nothing for a host that cannot be one."""
    return f"{scheme}://{host.lower()}" if _HOST.fullmatch(host.lower()) else ""
