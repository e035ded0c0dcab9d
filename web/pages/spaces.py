"""One page for each Stadtteil, and the same as a map to take along."""

from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.core.deps import SessionDep
from api.offers.schemas import OfferSummary
from api.regions.deps import RegionDep, Tagged, TaggedByMinute
from api.regions.models import Region
from api.search import service as search
from api.search.deps import ShelvesDep
from api.search.schemas import SearchQuery
from api.spaces import service as spaces
from api.spaces.schemas import SpaceRef
from api.taxonomy import service as taxonomy
from api.taxonomy.schemas import TopicOut
from web import offline
from web.language import localized, translations
from web.map import map_context
from web.pages.offers import numbered
from web.rendering import address, locale_of, render
from web.takeaway import takeaway_map
from web.words import _

router = APIRouter(dependencies=[Tagged])

# The longest answer the API gives at once.
MOST = 200


@router.get("/stadtteil/{slug}", dependencies=[TaggedByMinute])
def shown(
    request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep, slug: str
) -> HTMLResponse:
    """Show what there is in a Stadtteil, grouped by topic."""
    space = spaces.resident_space(session, region, slug)
    query = SearchQuery(space=[space.key], per_page=MOST)
    found = search.find(session, region, query, shelves).results()
    topics = taxonomy.topics(session)
    locale = locale_of(request)
    return render(
        request,
        session,
        region,
        "space.html",
        space={**space.model_dump(), "neighbours": spaces.neighbours(session, region, space.key)},
        total=found.total,
        megabytes=offline.megabytes(found.total),
        topics=taxonomy.counted(topics, found.facets.topic),
        has_hours=bool(found.facets.when),
        groups=grouped(topics, [one.offer for one in found.results], locale),
        overlaps=_overlaps(session, region, space, locale),
        map=map_context(
            session,
            region,
            f"?{urlencode({'space': space.key})}",
            space.key,
            locale,
            request.app.state.settings,
        ),
    )


@router.get("/stadtteil/{slug}/karte.html")
def taken_along(request: Request, session: SessionDep, region: RegionDep, slug: str) -> Response:
    """Download the Stadtteil as one file that works without internet."""
    space = spaces.resident_space(session, region, slug)
    locale = locale_of(request)
    live_url = address(request, region).rstrip("/") + localized(f"/stadtteil/{slug}", locale)
    text = takeaway_map(session, region, space, locale, live_url)
    name = f"{region.slug}-{space.slug}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **request.state.freshness}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)


def grouped(topics: list[TopicOut], found: list[OfferSummary], locale: str) -> list[dict[str, object]]:
    """Return offers under the top-level topic of their first topic, each once, numbered over all groups."""
    position = {slug: i for i, topic in enumerate(topics) for slug in _with_children(topic)}

    def place(offer: OfferSummary) -> int:
        return min(
            (position[topic.slug] for topic in offer.topics[:1] if topic.slug in position),
            default=len(topics),
        )

    ordered = sorted(found, key=place)
    groups: list[dict[str, object]] = []
    first = 1
    for number, group in groupby(ordered, key=place):
        members = list(group)
        topic = topics[number] if number < len(topics) else _other(locale)
        groups.append({"topic": topic, "offers": numbered(members, first)})
        first += len(members)
    return groups


def _other(locale: str) -> TopicOut:
    """Return what is shown as a topic of offers that have none."""
    name = translations(locale).gettext(_("Weitere Angebote"))
    return TopicOut(slug="weitere", icon="info", names={locale: name}, descriptions={}, synonyms=[])


def _with_children(topic: TopicOut) -> list[str]:
    return [topic.slug, *(child.slug for child in topic.children)]


def _overlaps(session: Session, region: Region, space: SpaceRef, locale: str) -> list[dict[str, object]]:
    others = spaces.overlapping(session, region, space.key)
    path = localized("/angebote", locale)
    return [
        {
            "division": name,
            "spaces": [{"name": o.name, "url": f"{path}?{urlencode({'raum': o.key})}"} for o in group],
        }
        for name, group in groupby(others, key=lambda other: other.level_name)
    ]
