"""From a document to an answer: as JSON for programs, as a page for people."""

import json
from collections.abc import Callable
from typing import Any, Final

from fastapi import Request, Response
from sqlmodel import Session

from api.core import clock
from api.ogc.deps import Visit
from api.ogc.links import GEOJSON, JSON, Link
from api.ogc.parts import Part
from api.ogc.systems import System
from api.regions.models import Region

# Shows a document to people: request, session, region, kind of document, document.
Page = Callable[[Request, Session, Region, str, dict[str, Any]], Response]

_PROGRAMS: Final = (JSON, GEOJSON, "application/vnd.oai.openapi+json")
_PEOPLE: Final = ("text/html", "application/xhtml+xml")


def wants_page(request: Request) -> bool:
    """Return whether a page is wanted: f says so, or else Accept rather names HTML than JSON."""
    said = request.query_params.get("f")
    if said is not None:
        return said == "html"
    weights = _weights(request.headers.get("accept", ""))
    people, programs = (max(weights.get(kind, 0.0) for kind in kinds) for kinds in (_PEOPLE, _PROGRAMS))
    return people > programs


def _weights(accept: str) -> dict[str, float]:
    found = {}
    for part in accept.split(","):
        kind, *parameters = (word.strip() for word in part.split(";"))
        weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        try:
            found[kind.lower()] = float(weight)
        except ValueError:
            continue
    return found


def said(visit: Visit, kind: str, document: dict[str, Any]) -> Response:
    """Answer with a document; response has the headers that its route was given."""
    if wants_page(visit.request):
        return _page(visit, kind, document)
    return _answer(visit, json.dumps(document, ensure_ascii=False), JSON)


def features(visit: Visit, part: Part, links: list[Link], system: System) -> Response:
    """Answer with a collection of features; what PostgreSQL has built is not read again."""
    head = {
        "type": "FeatureCollection",
        "timeStamp": f"{clock.now():%Y-%m-%dT%H:%M:%SZ}",
        "numberMatched": part.matched,
        "numberReturned": part.returned,
        "links": links,
    }
    text = f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": [{part.features}]}}'
    return _geojson(visit, "items", text, system)


def feature(visit: Visit, text: str, links: list[Link], system: System) -> Response:
    """Answer with one feature."""
    text = f'{text.rstrip()[:-1]}, "links": {json.dumps(links, ensure_ascii=False)}}}'
    return _geojson(visit, "item", text, system)


def _geojson(visit: Visit, kind: str, text: str, system: System) -> Response:
    visit.response.headers["Content-Crs"] = f"<{system.uri}>"
    if wants_page(visit.request):
        return _page(visit, kind, json.loads(text))
    return _answer(visit, text, GEOJSON)


def _page(visit: Visit, kind: str, document: dict[str, Any]) -> Response:
    page: Response = visit.request.app.state.page(visit.request, visit.session, visit.region, kind, document)
    page.headers.update({**visit.response.headers, "Vary": "Accept"})
    return page


def _answer(visit: Visit, text: str, kind: str) -> Response:
    return Response(text, media_type=kind, headers={**visit.response.headers, "Vary": "Accept"})
