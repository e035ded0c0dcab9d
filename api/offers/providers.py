"""Providers with the number of their published offers."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core.pages import Page, PageRequest
from api.offers import queries
from api.offers.models import Offer
from api.organizations.models import Organization
from api.organizations.schemas import OrganizationOut
from api.regions.models import Region


def find(session: Session, region: Region, request: PageRequest) -> Page[OrganizationOut]:
    """Return a page of the providers that have something published, by name."""
    name = func.lower(col(Organization.name)).collate(queries.GERMAN)
    stmt = (
        select(
            col(Organization.id),
            col(Organization.name),
            col(Organization.website),
            func.count().label("offers"),
        )
        .join(Offer, col(Offer.organization_id) == col(Organization.id))
        .where(queries.published(region.id))
        .group_by(col(Organization.id))
    )
    total = session.scalar(select(func.count()).select_from(stmt.subquery())) or 0
    rows = session.execute(
        stmt.order_by(name, col(Organization.id)).offset(request.offset).limit(request.per_page)
    )
    results = [OrganizationOut.model_validate(row) for row in rows.mappings()]
    return Page(total=total, results=results, page=request.page, per_page=request.per_page)
