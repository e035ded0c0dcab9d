"""A selection of offers as remote data for uMap: GeoJSON with the few properties that its maps show."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.core.deps import SessionDep
from api.core.errors import DomainError
from api.core.problems import problem, translate
from api.offers import reading
from api.offers import service as offers
from api.offers.queries import Wanted
from api.offers.schemas import OfferSummary
from api.places.schemas import PlaceOut
from api.regions.deps import RegionDep, Tagged, TaggedByMinute, untag
from api.regions.models import Region
from api.search import service as search
from api.search.deps import ShelvesDep
from web.identity import of_region
from web.language import localized, name_in, translations
from web.rendering import address, locale_of
from web.wish import Wish
from web.words import _

router = APIRouter(dependencies=[Tagged])

EXAMPLE: Final = _("Das ist ein Beispiel. Dieses Angebot gibt es nicht wirklich.")
AT_ONCE: Final = 500  # offers read in one statement
OPEN: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


@router.get("/umap.geojson", dependencies=[TaggedByMinute])
def layer(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> Response:
    """Return every public point of the offers that the address asks for, in the words of the list."""
    try:
        wish = Wish(session, region, request.query_params)
        hits = search.look_up(session, region, wish.query, shelves)
        wanted = offers.resolve(session, region, wish.query)
    except DomainError as error:
        return problem(translate(error), OPEN)
    locale = locale_of(request)
    pages = address(request, region).rstrip("/") + localized("/angebot/", locale)
    colour = of_region(region, locale).accent
    features = [
        _feature(offer, place, pages, colour, locale)
        for offer in _read(session, region, hits.ids, wanted)
        for place in offer.places
        if place.matches and place.lon is not None and place.lat is not None
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    headers = OPEN | request.state.freshness
    answer = Response(text, media_type="application/geo+json", headers=headers)
    if hits.is_plain:
        untag(answer)
    return answer


def _read(session: Session, region: Region, ids: Sequence[int], wanted: Wanted) -> Iterator[OfferSummary]:
    for first in range(0, len(ids), AT_ONCE):
        yield from reading.summaries(session, region, ids[first : first + AT_ONCE], wanted)


def _feature(offer: OfferSummary, place: PlaceOut, pages: str, colour: str, locale: str) -> dict[str, Any]:
    link = pages + offer.slug
    where = ", ".join(filter(None, (place.name, place.street, place.town)))
    # uMap reads [[address]] in a text as a link.
    example = translations(locale).gettext(EXAMPLE) if offer.is_example else ""
    said = [example, offer.summary, where, f"[[{link}]]"]
    properties = {
        "name": offer.name,
        "description": "\n".join(filter(None, said)),
        "link": link,
        "provider": offer.organization.name if offer.organization else "",
        "topic": ", ".join(name_in(topic.names, locale) for topic in offer.topics[:1]),
        "is_example": offer.is_example,
        "_umap_options": {"color": colour},
    }
    return {
        "type": "Feature",
        "id": f"{offer.id}.{place.id}",
        "geometry": {"type": "Point", "coordinates": [place.lon, place.lat]},
        "properties": properties,
    }
