"""Loads how to refer to offers of a region file; what was ever said of one belongs to who looks after it."""

import datetime as dt
from pathlib import Path
from typing import Final

from pydantic import Field
from sqlalchemy import Integer, exists, select
from sqlmodel import Session, col

from api.curation import labels, sheet
from api.curation.sheet_checks import checked
from api.curation.sheet_difference import difference
from api.history.models import Origin, Revision
from api.history.service import Act
from api.offers.models import Offer
from api.regions.models import Region
from api.sources.models import Source, SourceRecord
from importers.errors import UnusableError
from importers.run import ACTOR
from importers.strict import Strict

_NAMES: Final = frozenset({"source", "key"})


class ReferralTable(Strict):
    """How to refer to the offer that a row of a list has become."""

    source: str
    key: str
    way: str = "unknown"
    how: str = ""
    waiting_weeks: int | None = None
    capacity: str = "unknown"
    said_on: dt.date | None = None
    requirements: str = ""
    papers: list[str] = Field(default=[])
    papers_note: str = ""
    laws: list[str] = Field(default=[])
    laws_note: str = ""


def load(session: Session, region: Region, tables: list[ReferralTable], path: Path) -> list[str]:
    """Write what was never said yet; return remarks, also of offers that are gone.

    Raises UnusableError that names the offer and what cannot be said of it.
    """
    act = Act(region.id, ACTOR, Origin.IMPORT)
    written, remarks = 0, []
    for table in tables:
        offer = _offer(session, region, table)
        if offer is None:
            remarks.append(f"{region.name}: In {table.source} gibt es „{table.key}“ nicht (Vermitteln).")
        if offer is None or _was_said(session, offer):
            continue
        now = sheet.read(session, offer)
        said = table.model_dump(mode="json", exclude=set(_NAMES))
        then, errors = checked({f"referral.{name}": value for name, value in said.items()}, now)
        if errors:
            wrong = f"{labels.label(errors[0].field)}: {errors[0].detail}"
            raise UnusableError(f"{path}: Vermitteln zu „{table.key}“ – {wrong}")
        sheet.must_fit(sheet.apply(session, act, offer, difference(now, then)))
        written += 1
    done = [f"{region.name}: Angaben für Fachkräfte zu {written} Angeboten."] if written else []
    return done + remarks


def _offer(session: Session, region: Region, table: ReferralTable) -> Offer | None:
    stmt = (
        select(Offer)
        .join(SourceRecord, col(SourceRecord.offer_id) == col(Offer.id))
        .join(Source, col(Source.id) == col(SourceRecord.source_id))
        .where(
            col(Source.region_id) == region.id,
            col(Source.slug) == table.source,
            col(SourceRecord.key) == table.key,
        )
    )
    return session.scalars(stmt).first()


def _was_said(session: Session, offer: Offer) -> bool:
    """Return whether anybody has ever said how to refer to an offer, even if it was taken back."""
    whose = col(Revision.changes)["offer_id"]["new"].astext.cast(Integer)
    is_there = exists().where(col(Revision.entity) == "offer_referral", whose == offer.id)
    return bool(session.scalar(select(is_there)))
