"""GET /offers, GET /offers/{id}, GET /map/points, GET /organizations."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.core.deps import SessionDep
from api.core.pages import Page, PageRequest
from api.offers import facets, map_points, providers, service
from api.offers.schemas import Facets, OfferFilter, OfferOut, OfferQuery, OfferSummary
from api.organizations.schemas import OrganizationOut
from api.regions.deps import RegionDep, Tagged
from api.regions.schemas import RegionQuery

router = APIRouter(tags=["offers"], dependencies=[Tagged])

BIGGEST_ID = 2**63 - 1


class OrganizationsQuery(RegionQuery, PageRequest):
    """A page of providers."""


@router.get("/offers")
def find(session: SessionDep, region: RegionDep, query: Annotated[OfferQuery, Query()]) -> Page[OfferSummary]:
    """Find published offers; all filters can be combined."""
    return service.find(session, region, query)


@router.get("/offers/facets")
def count(session: SessionDep, region: RegionDep, query: Annotated[OfferFilter, Query()]) -> Facets:
    """Count how many offers each further choice would give."""
    return facets.count(session, service.resolve(session, region, query))


@router.get("/offers/{offer_id}")
def get(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID)],
    _query: Annotated[RegionQuery, Query()],
) -> OfferOut:
    """Return everything public about one offer."""
    return service.get(session, region, offer_id)


@router.get(
    "/map/points",
    response_class=Response,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
def points(
    session: SessionDep, region: RegionDep, query: Annotated[OfferFilter, Query()], response: Response
) -> Response:
    """Return the points of all offers found, as columns of numbers.

    The i-th point is offer offers[i] at place places[i], at lon = origin[0] + x[i]/scale and
    lat = origin[1] + y[i]/scale; topics[i] points into topic_slugs or is -1.
    """
    text = map_points.columns(session, service.resolve(session, region, query), region.data_version)
    return Response(text, media_type="application/json", headers=dict(response.headers))


@router.get("/organizations")
def organizations(
    session: SessionDep, region: RegionDep, query: Annotated[OrganizationsQuery, Query()]
) -> Page[OrganizationOut]:
    """List providers that have published offers, by name."""
    return providers.find(session, region, query)
