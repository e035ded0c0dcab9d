"""Documents of /ogc as pages: for those who look around before they open the address in their program.

They speak the German of a standard that professionals know, so they are German in every language.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from api.regions.models import Region
from web.language import localized
from web.rendering import locale_of, render

TITLES: Final[Mapping[str, str]] = {
    "conformance": "Erfüllte Standards",
    "collections": "Sammlungen",
    "items": "Objekte",
    "tilesets": "Vektorkacheln",
    "matrix_sets": "Kachelraster",
}
WAY_IN: Final = "Offene Daten für Programme und Karten"
AS_JSON: Final = "Dasselbe als JSON"


class Way(NamedTuple):
    """A link; without an address it is a pattern to copy."""

    title: str
    href: str | None
    text: str = ""


class Fact(NamedTuple):
    """A property and its value."""

    name: str
    value: str
    href: str | None = None


class Section(NamedTuple):
    """A part of the page with its own heading."""

    title: str
    text: str
    facts: list[Fact]
    ways: list[Way]
    href: str | None = None


def show(request: Request, session: Session, region: Region, kind: str, document: dict[str, Any]) -> Response:
    """Return a document as a page."""
    locale = locale_of(request)
    path = request.scope["path"].rstrip("/")
    query = {name: value for name, value in request.query_params.items() if name != "f"}
    return render(
        request,
        session,
        region,
        "ogc.html",
        title=_title(kind, document),
        lead=document.get("description", ""),
        count=_count(document, request),
        facts=_facts(document) if kind in {"item", "matrix_set", "conformance"} else [],
        sections=list(_sections(document, locale)),
        ways=_ways(document.get("links", []), locale),
        way_in=WAY_IN,
        json_title=AS_JSON,
        json_address=f"{path or '/'}?{urlencode({**query, 'f': 'json'})}",
        is_way_in=kind == "landing",
    )


def _title(kind: str, document: dict[str, Any]) -> str:
    named = document.get("title") or document.get("properties", {}).get("name") or document.get("id")
    return TITLES.get(kind) or str(named)


def _count(document: dict[str, Any], request: Request) -> str:
    if "numberMatched" not in document:
        return ""
    offset = int(request.query_params.get("offset", 0))
    shown = document["numberReturned"]
    return f"{offset + 1} bis {offset + shown} von {document['numberMatched']}" if shown else "0"


def _sections(document: dict[str, Any], locale: str) -> Iterable[Section]:
    for one in document.get("collections", []):
        yield Section(one["title"], one["description"], [], _ways(one["links"], locale))
    for one in (*document.get("tilesets", []), *document.get("tileMatrixSets", [])):
        yield Section(str(one.get("title") or one["id"]), "", [], _ways(one["links"], locale, here=True))
    for one in document.get("features", []):
        # A feature lies under its collection, which every page of features names last.
        address = urlsplit(f"{document['links'][-1]['href']}")
        query = f"?{address.query}" if address.query else ""
        path = localized(f"{address.path}/items/{quote(one['id'], safe=':')}", locale)
        yield Section(str(one["properties"]["name"]), "", _facts(one), [], path + query)


def _facts(document: dict[str, Any]) -> list[Fact]:
    plain = {name: value for name, value in document.items() if name in {"id", "uri", "crs", "conformsTo"}}
    found = {**plain, **_where(document.get("geometry")), **document.get("properties", {})}
    return [_fact(name, value) for name, value in found.items() if value not in (None, "", [])]


def _where(geometry: dict[str, Any] | None) -> dict[str, Any]:
    if geometry is None:
        return {}
    is_point = geometry["type"] == "Point"
    return {"geometry": ", ".join(map(str, geometry["coordinates"])) if is_point else geometry["type"]}


def _fact(name: str, value: Any) -> Fact:  # noqa: ANN401 - whatever JSON can say
    text = ", ".join(map(str, value)) if isinstance(value, list) else _plain(value)
    is_address = name in {"url", "website"} and urlsplit(text).scheme in {"http", "https"}
    return Fact(name, text, text if is_address else None)


def _plain(value: Any) -> str:  # noqa: ANN401
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ways(links: Iterable[dict[str, Any]], locale: str, *, here: bool = False) -> list[Way]:
    """Return links as ways on; here: also to what they stand for."""
    return [_way(link, locale) for link in links if _leads_on(link, here=here)]


def _leads_on(link: dict[str, Any], *, here: bool) -> bool:
    if link["rel"] in {"next", "prev"}:
        return True
    is_here = link["rel"] in {"self", "alternate"} and "tilejson" not in link["href"]
    return (here or not is_here) and link["type"] != "text/html"


def _way(link: dict[str, Any], locale: str) -> Way:
    if link.get("templated"):
        return Way(link["title"], None, link["href"])
    parts = urlsplit(link["href"])
    query = f"?{parts.query}" if parts.query else ""
    return Way(link["title"], localized(parts.path, locale) + query)
