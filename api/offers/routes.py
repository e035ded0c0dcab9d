"""GET /offers/{id}, its dates and calendar, GET /organizations; api.search.routes has the lists of offers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from api.core.deps import SessionDep
from api.core.pages import Page, PageRequest
from api.offers import feeds, lines, providers, service
from api.offers import occurrences as dates
from api.offers.addresses import address
from api.offers.feeds import Feed, FeedQuery
from api.offers.lines import LinesOut, LinesQuery
from api.offers.schemas import OfferOut
from api.organizations.schemas import OrganizationOut
from api.regions.deps import RegionDep, Tagged, TaggedByMinute
from api.regions.freshness import of_region
from api.regions.schemas import RegionQuery
from api.schedules.schemas import OccurrencesOut, OccurrencesQuery

# Two entries may turn out to be one offer: what was the other one leads on.
MOVED: Final[dict[int | str, dict[str, Any]]] = {
    301: {
        "description": "This offer was merged into another one, which is found there",
        "headers": {
            "Location": {"description": "The same question about that offer", "schema": {"type": "string"}}
        },
    }
}

router = APIRouter(tags=["offers"], dependencies=[Tagged])

BIGGEST_ID = 2**63 - 1


class CalendarResponse(Response):
    """A calendar as programs subscribe to it (RFC 5545, 8.1)."""

    media_type = "text/calendar"


class OrganizationsQuery(RegionQuery, PageRequest):
    """A page of providers."""


@router.get("/offers/{offer_id}", operation_id="getOffer", responses=MOVED, dependencies=[TaggedByMinute])
def get(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    _query: Annotated[RegionQuery, Query()],
) -> OfferOut:
    """Return everything public about one offer."""
    return service.get(session, region, offer_id)


@router.get("/offers/{offer_id}/occurrences", operation_id="listOccurrences", responses=MOVED)
def occurrences(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    query: Annotated[OccurrencesQuery, Query()],
) -> OccurrencesOut:
    """Return the single dates of an offer: when, where, what is different and what is left out."""
    return dates.between(session, region, offer_id, query)


@router.get("/offers/{offer_id}/schedules", operation_id="listSchedules", responses=MOVED)
def schedules(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    query: Annotated[LinesQuery, Query()],
) -> LinesOut:
    """Return the rules of an offer: in words, as RFC 5545 and OSM say them, and as HSDS does."""
    return lines.of_offer(session, region, offer_id, query.locale)


@router.get(
    "/offers/{offer_id}/calendar.ics",
    operation_id="getCalendar",
    response_class=CalendarResponse,
    responses=MOVED,
)
def calendar(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    _query: Annotated[RegionQuery, Query()],
    request: Request,
    response: Response,
) -> Response:
    """Return the dates of an offer as a calendar to subscribe to; holidays are taken out for two years."""
    feed = feeds.of_offer(session, region, offer_id, address(request, region))
    return _calendar(feed, response)


@router.get("/calendar.ics", operation_id="listCalendar", response_class=CalendarResponse)
def calendars(
    session: SessionDep,
    region: RegionDep,
    query: Annotated[FeedQuery, Query()],
    request: Request,
    response: Response,
) -> Response:
    """Return the dates of all offers that a filter finds as one calendar to subscribe to.

    Only offers whose hours are known, at the places that the filter means; more than 500 are refused.
    """
    feed = feeds.of_many(session, region, query, address(request, region))
    if query.when:
        response.headers["ETag"] = of_region(region).tag_of_minute
    return _calendar(feed, response)


def _calendar(feed: Feed, response: Response) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{feed.file_name}"'}
    return CalendarResponse(feed.content, headers={**response.headers, **named})


@router.get("/organizations", operation_id="listOrganizations")
def organizations(
    session: SessionDep, region: RegionDep, query: Annotated[OrganizationsQuery, Query()]
) -> Page[OrganizationOut]:
    """List providers that have published offers, by name."""
    return providers.find(session, region, query)
