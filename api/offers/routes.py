"""GET /offers/{id} and its dates, GET /organizations; api.search.routes has the lists of offers."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.core.deps import SessionDep
from api.core.pages import Page, PageRequest
from api.offers import occurrences as dates
from api.offers import providers, service
from api.offers.schemas import OfferOut
from api.organizations.schemas import OrganizationOut
from api.regions.deps import RegionDep, Tagged, TaggedByMinute
from api.regions.schemas import RegionQuery
from api.schedules.schemas import OccurrencesOut, OccurrencesQuery

router = APIRouter(tags=["offers"], dependencies=[Tagged])

BIGGEST_ID = 2**63 - 1


class OrganizationsQuery(RegionQuery, PageRequest):
    """A page of providers."""


@router.get("/offers/{offer_id}", operation_id="getOffer", dependencies=[TaggedByMinute])
def get(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    _query: Annotated[RegionQuery, Query()],
) -> OfferOut:
    """Return everything public about one offer."""
    return service.get(session, region, offer_id)


@router.get("/offers/{offer_id}/occurrences", operation_id="listOccurrences")
def occurrences(
    session: SessionDep,
    region: RegionDep,
    offer_id: Annotated[int, Path(ge=1, le=BIGGEST_ID, description="Number of the offer")],
    query: Annotated[OccurrencesQuery, Query()],
) -> OccurrencesOut:
    """Return the single dates of an offer: when, where, what is different and what is left out."""
    return dates.between(session, region, offer_id, query)


@router.get("/organizations", operation_id="listOrganizations")
def organizations(
    session: SessionDep, region: RegionDep, query: Annotated[OrganizationsQuery, Query()]
) -> Page[OrganizationOut]:
    """List providers that have published offers, by name."""
    return providers.find(session, region, query)
