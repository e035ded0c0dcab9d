"""GET /offers, GET /offers/facets, GET /search, GET /suggest, GET /map/points: what is found, in memory."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.core.deps import SessionDep
from api.core.languages import Code
from api.core.pages import Page
from api.offers.schemas import Facets, OfferFilter, OfferQuery, OfferSummary
from api.regions.deps import RegionDep, Tagged, TaggedByMinute, untag
from api.regions.freshness import of_region
from api.regions.schemas import RegionQuery
from api.search import service, suggesting
from api.search.deps import ShelvesDep
from api.search.drawn import MapPoints
from api.search.schemas import PointsQuery, Question, SearchQuery, SearchResults, Suggestion

router = APIRouter(dependencies=[Tagged])

# Where the answer leads (OpenAPI links).
LISTED = {"operationId": "getOffer", "parameters": {"offer_id": "$response.body#/results/0/id"}}
FOUND = {"operationId": "getOffer", "parameters": {"offer_id": "$response.body#/results/0/offer/id"}}
DRAWN = {"operationId": "getOffer", "parameters": {"offer_id": "$response.body#/offers/0"}}


class SuggestQuery(RegionQuery):
    """What has been typed so far."""

    q: Question = Field(default="", description="The beginning of what somebody types", examples=["kin"])
    locale: Code = Field(default="de", description="Language of the labels; German where one is missing")


@router.get(
    "/offers",
    operation_id="listOffers",
    response_model=Page[OfferSummary],
    responses={200: {"links": {"offer": LISTED}}},
    tags=["offers"],
    dependencies=[TaggedByMinute],
)
def offers(
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    query: Annotated[OfferQuery, Query()],
    response: Response,
) -> Response:
    """Find published offers; all filters can be combined."""
    text = service.listed(session, region, query, shelves)
    return Response(text, media_type="application/json", headers=dict(response.headers))


@router.get("/offers/facets", operation_id="countOffers", tags=["offers"], dependencies=[TaggedByMinute])
def count(
    session: SessionDep, region: RegionDep, shelves: ShelvesDep, query: Annotated[OfferFilter, Query()]
) -> Facets:
    """Count how many offers each further choice would give."""
    return service.count(session, region, query, shelves)


@router.get(
    "/search",
    operation_id="search",
    response_model=SearchResults,
    responses={200: {"links": {"offer": FOUND}}},
    dependencies=[TaggedByMinute],
)
def search(
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    query: Annotated[SearchQuery, Query()],
    response: Response,
) -> Response:
    """Find offers by words as people type them, combined with all filters; best answers first."""
    answer = service.find(session, region, query, shelves)
    if answer.hits.shelf is None:
        untag(response)  # the index will soon know better
    return Response(answer.as_json(), media_type="application/json", headers=dict(response.headers))


@router.get("/suggest", operation_id="suggest", tags=["search"])
def suggest(
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    query: Annotated[SuggestQuery, Query()],
    response: Response,
) -> list[Suggestion]:
    """Suggest topics, offers, places and spaces for what has been typed so far."""
    found = suggesting.suggest(session, region, query.q, query.locale, shelves)
    if service.is_plain(region, shelves):
        untag(response)
    return found


@router.get(
    "/map/points",
    operation_id="mapPoints",
    response_model=MapPoints,
    responses={200: {"links": {"offer": DRAWN}}},
    tags=["offers"],
)
def points(
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    query: Annotated[PointsQuery, Query()],
    response: Response,
) -> Response:
    """Return the points of all offers found, as columns of numbers.

    The i-th place has the number place_steps[0] + … + place_steps[i] and lies at lon = origin[0] + x[i]/scale
    and lat = origin[1] + y[i]/scale. The next offers_at[i] entries of offers and topics are those of this
    place; a topic points into topic_slugs or is -1.
    """
    text = service.points(session, region, query, shelves)
    if query.when:
        response.headers["ETag"] = of_region(region).tag_of_minute
    if query.q and service.is_plain(region, shelves):
        untag(response)
    return Response(text, media_type="application/json", headers=dict(response.headers))
