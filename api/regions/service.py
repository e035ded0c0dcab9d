"""Finding the region that a visitor means."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from api.core.errors import FieldError, NotFoundError
from api.regions.models import Region

LONGEST_SLUG = 100


def every(session: Session) -> list[Region]:
    """Return all regions, the default first."""
    return list(session.exec(select(Region).order_by(col(Region.is_default).desc(), col(Region.name))))


def others(session: Session, region: Region, most: int) -> list[Region]:
    """Return other regions that can be reached under a host name of their own, by name, at most so many."""
    stmt = select(Region).where(col(Region.id) != region.id, func.cardinality(col(Region.hostnames)) > 0)
    return list(session.exec(stmt.order_by(col(Region.name)).limit(most)))


def get(session: Session, slug: str) -> Region:
    """Return the region with this slug or raise NotFoundError."""
    if len(slug) > LONGEST_SLUG or "\x00" in slug:
        raise _unknown()
    region = session.exec(select(Region).where(col(Region.slug) == slug)).first()
    if region is None:
        raise _unknown()
    return region


def _unknown() -> NotFoundError:
    detail = "There is no region of this name."
    return NotFoundError(detail, [FieldError("region", detail)])


def of_host(session: Session, host: str) -> Region:
    """Return the region of a host name (without port), else the default region, or raise NotFoundError."""
    by_host = col(Region.hostnames).contains([host.lower().rstrip(".")])
    found = session.exec(
        select(Region).where(by_host | col(Region.is_default)).order_by(by_host.desc()).limit(1)
    ).first()
    if found is None:
        raise NotFoundError("This installation has no region yet.")
    return found
