"""Providers with the number of their published offers."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core.pages import Page, PageRequest
from api.core.tables import columns
from api.offers import queries
from api.offers.models import GERMAN, Offer
from api.organizations.models import Organization
from api.organizations.schemas import OrganizationOut
from api.regions.models import Region


def find(session: Session, region: Region, request: PageRequest) -> Page[OrganizationOut]:
    """Return a page of the providers that have something published, by name."""
    name = func.lower(col(Organization.name)).collate(GERMAN)
    offering = (
        select(columns(Offer).organization_id, func.count().label("offers"))
        .where(queries.published(region.id), col(Offer.organization_id).is_not(None))
        .group_by(col(Offer.organization_id))
        .cte("offering")
        .prefix_with("MATERIALIZED")
    )
    page = (
        select(col(Organization.id), col(Organization.name), col(Organization.website), offering.c.offers)
        .join(offering, offering.c.organization_id == col(Organization.id))
        .where(col(Organization.region_id) == region.id)
        .order_by(name, col(Organization.id))
        .offset(request.offset)
        .limit(request.per_page)
    )
    total = session.scalar(select(func.count()).select_from(offering)) or 0
    rows = session.execute(page)
    results = [OrganizationOut.model_validate(row) for row in rows.mappings()]
    return Page(total=total, results=results, page=request.page, per_page=request.per_page)
