"""GET /offers, GET /offers/{id}, GET /map/points, GET /organizations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.core.deps import SessionDep
from api.core.pages import Page, PageRequest
from api.offers import facets, map_points, providers, service
from api.offers.schemas import Facets, MapPoints, OfferFilter, OfferOut, OfferQuery, OfferSummary
from api.organizations.schemas import OrganizationOut
from api.regions.deps import RegionDep, Tagged
from api.regions.schemas import RegionQuery

router = APIRouter(tags=["offers"], dependencies=[Tagged])

# Where an answer leads (OpenAPI links).
LISTED = {"operationId": "getOffer", "parameters": {"offer_id": "$response.body#/results/0/id"}}
DRAWN = {"operationId": "getOffer", "parameters": {"offer_id": "$response.body#/offers/0"}}

BIGGEST_ID = 2**63 - 1


class OrganizationsQuery(RegionQuery, PageRequest):
    """A page of providers."""


@router.get("/offers", operation_id="listOffers", responses={200: {"links": {"offer": LISTED}}})
def find(session: SessionDep, region: RegionDep, query: Annotated[OfferQuery, Query()]) -> Page[OfferSummary]:
    """Find published offers; all filters can be combined."""
    return service.find(session, region, query)


@router.get("/offers/facets", operation_id="countOffers")
def count(session: SessionDep, region: RegionDep, query: Annotated[OfferFilter, Query()]) -> Facets:
    """Count how many offers each further choice would give."""
    return facets.count(session, service.resolve(session, region, query))


@router.get("/offers/{offer_id}", operation_id="getOffer")
def get(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    _query: Annotated[RegionQuery, Query()],
) -> OfferOut:
    """Return everything public about one offer."""
    return service.get(session, region, offer_id)


@router.get(
    "/map/points",
    operation_id="mapPoints",
    response_model=MapPoints,
    responses={200: {"links": {"offer": DRAWN}}},
)
def points(
    session: SessionDep, region: RegionDep, query: Annotated[OfferFilter, Query()], response: Response
) -> Response:
    """Return the points of all offers found, as columns of numbers.

    The i-th place has the number place_steps[0] + … + place_steps[i] and lies at lon = origin[0] + x[i]/scale
    and lat = origin[1] + y[i]/scale. The next offers_at[i] entries of offers and topics are those of this
    place; a topic points into topic_slugs or is -1.
    """
    text = map_points.columns(session, service.resolve(session, region, query), region.data_version)
    return Response(text, media_type="application/json", headers=dict(response.headers))


@router.get("/organizations", operation_id="listOrganizations")
def organizations(
    session: SessionDep, region: RegionDep, query: Annotated[OrganizationsQuery, Query()]
) -> Page[OrganizationOut]:
    """List providers that have published offers, by name."""
    return providers.find(session, region, query)
