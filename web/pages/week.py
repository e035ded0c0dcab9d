"""What takes place in a week, day by day: in a Stadtteil, on a topic, or of one provider."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core import clock
from api.core.deps import SessionDep
from api.core.errors import FieldError, InvalidInputError
from api.offers import occurrences, reading
from api.offers.schemas import OfferSummary
from api.regions.deps import RegionDep, Tagged, untag
from api.regions.models import Region
from api.schedules.saying import states
from api.schedules.schemas import OccurrenceOut
from api.search import service as search
from api.search.deps import ShelvesDep
from web.filters import active_choices, filter_form
from web.hours import different
from web.language import localized
from web.rendering import locale_of, render
from web.wish import Wish

router = APIRouter(dependencies=[Tagged])

MOST = 300  # offers in a week: a page that nobody could read
WEEK = timedelta(days=7)
YEARS = timedelta(days=366)  # how far weeks can be asked for


@router.get("/woche")
def shown(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> HTMLResponse:
    """Show the dates of a week of all offers that the address asks for."""
    wish = Wish(session, region, request.query_params)
    today = clock.today(region.timezone)
    monday = _monday(request.query_params.get("tag", ""), today)
    hits = search.look_up(session, region, wish.query, shelves)
    provider = _number(request.query_params.get("anbieter", ""))
    ids = occurrences.with_hours(session, hits.ids, provider)
    dates = occurrences.of_all(session, region, ids[:MOST], monday, monday + WEEK - timedelta(days=1))
    offers = {offer.id: offer for offer in reading.summaries(session, region, sorted({i for i, _ in dates}))}
    locale = locale_of(request)
    form = filter_form(session, region, wish, hits.facets, locale)

    def week_of(day: date) -> str | None:
        path = localized("/woche", locale) + wish.address(anbieter=provider, tag=day.isoformat())
        return path if abs(day - today) <= YEARS else None

    page = render(
        request,
        session,
        region,
        "week.html",
        days=_days(region, locale, today, dates, offers),
        monday=monday,
        sunday=monday + WEEK - timedelta(days=1),
        is_this_week=monday <= today < monday + WEEK,
        before=week_of(monday - WEEK),
        after=week_of(monday + WEEK),
        filters=form,
        active=active_choices(form, wish),
        space=wish.space,
        provider=_provider(offers.values(), provider),
        too_many=len(ids) > MOST,
        list_url=localized("/angebote", locale) + wish.address(),
        calendar_url="/api/v1/calendar.ics" + _with(wish.api_query(), organization=provider),
    )
    if hits.is_plain:
        untag(page)
    return page


def _monday(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said) if said else today
    except ValueError as error:
        raise InvalidInputError(errors=[FieldError("when", "is no day")]) from error
    if abs(day - today) > YEARS:
        raise InvalidInputError(errors=[FieldError("when", "is too far away")])
    return day - timedelta(days=day.weekday())


def _number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else None  # noqa: PLR2004 - a bigint


def _with(query: str, organization: int | None) -> str:
    if organization is None:
        return query
    return f"{query}{'&' if query else '?'}{urlencode({'organization': organization})}"


def _provider(offers: Any, provider: int | None) -> str | None:  # noqa: ANN401 - a view of a dictionary
    names = [offer.organization.name for offer in offers if offer.organization]
    return names[0] if provider is not None and names else None


def _days(
    region: Region,
    locale: str,
    today: date,
    dates: Sequence[tuple[int, OccurrenceOut]],
    offers: dict[int, OfferSummary],
) -> list[dict[str, Any]]:
    """Return the days that have dates, each with its entries in the order of their times."""
    zone = ZoneInfo(region.timezone)
    found = []
    shown = [(offer_id, one) for offer_id, one in dates if offer_id in offers]
    for day, entries in groupby(shown, key=lambda pair: pair[1].starts.astimezone(zone).date()):
        said = [_entry(locale, today, offers[offer_id], one, zone) for offer_id, one in entries]
        name = states.day(locale, day, today)
        found.append({"iso": day.isoformat(), "name": name, "is_today": day == today, "entries": said})
    return found


def _entry(
    locale: str, today: date, offer: OfferSummary, one: OccurrenceOut, zone: ZoneInfo
) -> dict[str, Any]:
    starts = one.starts.astimezone(zone)
    names = {place.id: place.name or place.street or "" for place in offer.places}
    place = next((place for place in offer.places if place.id == one.place_id), None)
    if one.place_id is None and len(offer.places) == 1:
        place = offer.places[0]  # wherever it is, is here
    return {
        "iso": starts.isoformat(),
        "hours": states.hours(locale, starts.time(), one.ends.astimezone(zone).time() if one.ends else None),
        "offer": offer,
        "place": names.get(place.id, "") if place else "",
        "space": place.space_name if place else None,
        "different": different(one, locale, today, names),
        "note": one.note,
    }
