"""Sources of a region and of single offers."""

from typing import Any

from sqlmodel import Session, col, select

from api.regions.models import Region
from api.sources.models import Source, SourceRecord
from api.sources.schemas import SourceOut


def of_region(session: Session, region: Region) -> list[SourceOut]:
    """Return all sources of a region: own examples last, newest first."""
    found = session.exec(
        select(Source)
        .where(col(Source.region_id) == region.id)
        .order_by(col(Source.is_example), col(Source.date_on).desc().nulls_last(), col(Source.title))
    )
    return [SourceOut.model_validate(source) for source in found]


def of_offer(session: Session, offer_id: int) -> list[SourceOut]:
    """Return the sources that an offer was made from."""
    found = session.exec(
        select(Source)
        .where(
            col(Source.id).in_(select(SourceRecord.source_id).where(col(SourceRecord.offer_id) == offer_id))
        )
        .order_by(col(Source.title))
    )
    return [SourceOut.model_validate(source) for source in found]


def register(session: Session, region: Region, values: dict[str, Any]) -> Source:
    """Return the region's source with this slug, created or brought up to date with the given values."""
    source = session.exec(
        select(Source).where(col(Source.region_id) == region.id, col(Source.slug) == values["slug"])
    ).first()
    if source is None:
        source = Source(region_id=region.id, **values)
    for field, value in values.items():
        setattr(source, field, value)
    session.add(source)
    session.flush()
    return source
