"""What has changed lately, as an Atom feed (RFC 4287) for feed readers and for pages of partners.

It is German, like calendars are: those who follow a list read its names, too.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final
from xml.etree.ElementTree import Element

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from api.core import clock
from api.core.deps import SessionDep
from api.core.languages import DEFAULT
from api.offers import changes, reading
from api.offers.addresses import address as of_file
from api.offers.changes import Change, Kind
from api.offers.schemas import OfferSummary
from api.regions.deps import RegionDep, Tagged, untag
from api.regions.models import Region
from api.search import service as search
from api.search.deps import ShelvesDep
from web import embedding
from web.identity import of_region
from web.language import name_in
from web.rendering import address
from web.wish import Wish
from web.xml import add, document, element

router = APIRouter(dependencies=[Tagged])

FEED: Final = "/aenderungen.atom"
MOST: Final = 50  # entries
DAYS: Final = 30
# The day from which the names of entries are ours (RFC 4151); it stays, or every entry would be new.
MINTED: Final = "2026"
ATOM: Final = "http://www.w3.org/2005/Atom"
SAID: Final[Mapping[Kind, str]] = {
    Kind.NEW: "Neu",
    Kind.CHANGED: "Geändert",
    Kind.WITHDRAWN: "Nicht mehr in der Landkarte",
}
ABOUT: Final = "Neue, geänderte und weggefallene Angebote der letzten 30 Tage"


@router.get(FEED)
def feed(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> Response:
    """Return the last changes of the offers that the address asks for."""
    wish = Wish(session, region, request.query_params)
    hits = search.look_up(session, region, wish.query, shelves) if wish.choices else None
    chosen = set(hits.ids) if hits else None
    begin = (clock.now() - timedelta(days=DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = changes.latest(session, region, begin, MOST, chosen)
    updated = max((change.at for change in found), default=begin)
    root = _head(request, session, region, wish, updated)
    shown = [change.offer_id for change in found if change.kind != Kind.WITHDRAWN]
    offers = {offer.id: offer for offer in reading.summaries(session, region, shown)}
    origin, name = address(request, region).rstrip("/"), of_file(request, region).host
    for change in found:
        root.append(_entry(change, offers.get(change.offer_id), origin, f"tag:{name},{MINTED}:angebot"))
    headers = {"Last-Modified": format_datetime(updated.astimezone(UTC), usegmt=True)}
    answer = Response(
        document(root),
        media_type="application/atom+xml",
        headers=request.state.freshness | headers | {"Access-Control-Allow-Origin": "*"},
    )
    if hits and hits.is_plain:
        untag(answer)
    return answer


def _head(request: Request, session: Session, region: Region, wish: Wish, updated: datetime) -> Element:
    origin, query = address(request, region).rstrip("/"), wish.address(ansicht=None)
    host = of_file(request, region).host
    title = of_region(region, DEFAULT).title
    root = element("feed", xmlns=ATOM, xml_lang="de")
    add(root, "id", f"tag:{host},{MINTED}:aenderungen{query}")
    add(root, "title", f"{embedding.heading(session, region, wish, DEFAULT)}: Änderungen – {title}")
    add(root, "subtitle", ABOUT)
    add(root, "updated", _instant(updated))
    add(root, "link", rel="self", type="application/atom+xml", href=f"{origin}{FEED}{query}")
    add(root, "link", rel="alternate", type="text/html", hreflang="de", href=f"{origin}/angebote{query}")
    add(add(root, "author"), "name", title)
    add(root, "rights", f"Quellen und Lizenzen: {origin}/quellen")
    return root


def _entry(change: Change, offer: OfferSummary | None, origin: str, names: str) -> Element:
    """Return an entry; of what is gone nothing is said but that: who had read of it knows it by its id."""
    kind = change.kind if offer is not None else Kind.WITHDRAWN
    entry = element("entry")
    add(entry, "id", f"{names}/{change.offer_id}")
    add(entry, "title", offer.name if offer else SAID[kind])
    add(entry, "updated", _instant(change.at))
    if change.since:
        add(entry, "published", _instant(change.since))
    add(entry, "category", term=kind.value, label=SAID[kind])
    if offer is None:
        add(entry, "content", SAID[kind], type="text")
        return entry
    add(entry, "link", rel="alternate", type="text/html", href=f"{origin}/angebot/{offer.slug}")
    for topic in offer.topics:
        add(entry, "category", term=topic.slug, label=name_in(topic.names, DEFAULT))
    said = [f"{SAID[kind]}.", offer.organization.name if offer.organization else "", offer.summary]
    add(entry, "summary", "\n".join(filter(None, said)), type="text")
    return entry


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
