"""The list of offers with filters and map."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.core.errors import FieldError, InvalidInputError
from api.core.pages import Page
from api.offers.schemas import OfferSummary
from api.regions import helplines
from api.regions.deps import RegionDep, Tagged, TaggedByMinute, untag
from api.search import service as search
from api.search.deps import ShelvesDep
from api.search.schemas import Found
from web import levels
from web.filters import active_choices, filter_form
from web.help import WHERE_NOTHING_IS, urgent, way_out
from web.language import localized
from web.map import map_context
from web.pages.changes import FEED
from web.rendering import locale_of, render
from web.uptake import Event, note
from web.wish import Wish

router = APIRouter(dependencies=[Tagged])

# Names of programs are the same in every language.
FILES = (
    ("xlsx", "XLSX (Excel)"),
    ("ods", "ODS (LibreOffice)"),
    ("csv", "CSV"),
    ("kml", "KML (Google My Maps)"),
    ("geojson", "GeoJSON (QGIS)"),
)

# Below this number of offers the ones across the border are shown, too.
FEW = 10


def numbered(found: list[OfferSummary], first: int | None) -> list[dict[str, object]]:
    """Return offers as the templates take them, numbered from first on, or without numbers."""
    return [
        {
            **{name: getattr(offer, name) for name in OfferSummary.model_fields},
            "number": None if first is None else first + position,
        }
        for position, offer in enumerate(found)
    ]


@router.get("/angebote", dependencies=[TaggedByMinute])
def listed(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> HTMLResponse:
    """Show a page of the offers that the address asks for."""
    wish = Wish(session, region, request.query_params)
    answer = search.find(session, region, wish.query, shelves)
    found = answer.results()
    page = Page[Found](total=found.total, results=found.results, page=found.page, per_page=found.per_page)
    if page.page > page.pages:
        raise InvalidInputError(errors=[FieldError("page", "there are fewer pages")])
    counts = found.facets
    locale = locale_of(request)
    form = filter_form(session, region, wish, counts, locale)
    path = localized(request.scope["path"], locale)
    few = bool(wish.query.space) and page.total < FEW
    shown = [
        {**offer, "why": one.why}
        for offer, one in zip(
            numbered([one.offer for one in found.results], wish.query.offset + 1), found.results, strict=True
        )
    ]
    page_shown = render(
        request,
        session,
        region,
        "offers.html",
        page={
            "total": page.total,
            "page": page.page,
            "pages": page.pages,
            "results": shown,
        },
        groups=levels.groups(wish, counts, shown),
        mixed_url=wish.address(gruppe=None) or path,
        grouped_url=wish.address(gruppe="ebene"),
        filters=form,
        active=active_choices(form, wish),
        view=wish.view,
        list_url=wish.address(ansicht=None, seite=_other_than_first(page.page)) or path,
        week_url=localized("/woche", locale) + wish.address(ansicht=None, sort=None, gruppe=None)
        if counts.when
        else None,
        map_url=wish.address(ansicht="karte", seite=_other_than_first(page.page)),
        page_url=lambda number: wish.address(seite=_other_than_first(number)) or "?",
        shown_at=path + wish.address(ansicht=None, seite=_other_than_first(page.page)),
        embed_url=localized("/einbetten", locale) + wish.address(ansicht=None, gruppe=None),
        feed_url=FEED + wish.address(ansicht=None, gruppe=None),
        downloads=[(called, f"/api/v1/offers.{ending}{wish.api_query()}") for ending, called in FILES],
        on_map=counts.points,
        without_place=counts.without_point,
        map=map_context(
            session,
            region,
            wish.api_query(),
            next(iter(wish.query.space), None),
            locale,
            request.app.state.settings,
        ),
        neighbours=numbered(search.nearby(session, region, wish.query, shelves), None) if few else [],
        space=wish.space,
        q=wish.query.q,
        without_words=wish.address(q=None) or path,
        is_plain=found.by == "database",
        urgent=urgent(session, region, wish.query.topic, wish.query.q),
        numbers=[] if page.total else helplines.of_kinds(region, WHERE_NOTHING_IS),
        quick_exit=way_out(region),
        whole=found.whole,
        unknown=found.unknown,
        did_you_mean=found.did_you_mean,
        mended_url=wish.address(q=found.did_you_mean) if found.did_you_mean else None,
    )
    note(page_shown, Event.FOUND, [one.offer.id for one in found.results])
    if found.by == "database":
        untag(page_shown)  # the index will soon know better
    return page_shown


def _other_than_first(page: int) -> int | None:
    return page if page > 1 else None
