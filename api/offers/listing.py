"""The addresses of all public offers, part by part, for search engines; examples are nothing to be found."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlmodel import Session, col

from api.offers import queries
from api.offers.models import Offer
from api.regions.models import Region


def count(session: Session, region: Region) -> int:
    """Return how many there are."""
    return session.scalar(select(func.count()).where(_findable(region))) or 0


def part(session: Session, region: Region, first: int, most: int) -> list[tuple[int, str]]:
    """Return ids and slugs from a position on, in an order that does not change."""
    stmt: Any = select(col(Offer.id), col(Offer.slug)).where(_findable(region)).order_by(col(Offer.id))
    return [(row.id, row.slug) for row in session.execute(stmt.offset(first).limit(most))]


def _findable(region: Region) -> ColumnElement[bool]:
    return and_(queries.published(region.id), not_(col(Offer.is_example)))
