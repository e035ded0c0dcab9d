"""Sources of a region and of single offers."""

from typing import Any

from sqlalchemy import column, exists, or_, select, table
from sqlmodel import Session, col

from api.core.tables import columns
from api.history import service as history
from api.history.models import ImportBatch
from api.history.service import Act
from api.regions.models import Region
from api.sources.models import Source, SourceRecord
from api.sources.schemas import SourceOut

# Spaces stand above sources, so their model is out of reach here.
_division = table("division", column("source_id"))
_street = table("address_street", column("source_id"))


def of_region(session: Session, region: Region) -> list[SourceOut]:
    """Return the sources that something in a region comes from: own examples last, newest first."""
    in_use = or_(
        exists().where(col(SourceRecord.source_id) == col(Source.id)),
        exists().where(_division.c.source_id == col(Source.id)),
        # Points on the map come from them: addresses of houses, or what a service was asked for.
        exists().where(_street.c.source_id == col(Source.id)),
        exists().where(col(ImportBatch.source_id) == col(Source.id), col(ImportBatch.undone_at).is_(None)),
    )
    found = session.execute(
        select(*columns(Source))
        .where(col(Source.region_id) == region.id, in_use)
        .order_by(col(Source.is_example), col(Source.date_on).desc().nulls_last(), col(Source.title))
    )
    return [SourceOut.model_validate(source) for source in found]


def of_offer(session: Session, offer_id: int) -> list[SourceOut]:
    """Return the sources that an offer was made from."""
    found = session.execute(
        select(*columns(Source))
        .where(
            col(Source.id).in_(
                select(col(SourceRecord.source_id)).where(col(SourceRecord.offer_id) == offer_id)
            )
        )
        .order_by(col(Source.title))
    )
    return [SourceOut.model_validate(source) for source in found]


def register(session: Session, act: Act, values: dict[str, Any]) -> tuple[Source, list[str]]:
    """Bring the region's source with this slug to the given values, or create it.

    Return it with the names of the fields that have changed; none of a new one.
    """
    source = named(session, act.region_id, values["slug"])
    if source is None:
        return history.create(session, act, Source(region_id=act.region_id, **values)), []
    return source, history.change(session, act, source, values)


def named(session: Session, region_id: int, slug: str) -> Source | None:
    """Return the region's source with this slug."""
    stmt = select(Source).where(col(Source.region_id) == region_id, col(Source.slug) == slug)
    return session.scalars(stmt).first()
