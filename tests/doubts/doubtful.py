"""What the tests of doubts share: entries without any doubt, and what the checks say of them."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlmodel import Session, select

from api.core import clock
from api.doubts.listing import Line, Wanted, doubts
from api.doubts.models import Doubt, Kind
from api.doubts.settling import Settled
from api.offers.models import Offer
from api.regions.models import Region
from importers.checking.run import check
from tests.curation import sheets

NOW: Final = datetime(2026, 6, 10, 10, tzinfo=UTC)  # a Wednesday


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    """The clock stands at an instant."""
    monkeypatch.setattr(clock, "now", lambda: now)


def sound(session: Session, region: Region, **fields: Any) -> Offer:
    """A published offer about which nobody doubts anything, with changes."""
    usual = {"summary": "Frühstück für alle.", "topics": ["kita"]}
    return sheets.entry(session, region, **{**usual, **fields})


def look(session: Session, region: Region) -> Settled:
    """Look over all offers of the region."""
    return check(session, region, list(session.scalars(select(Offer.id))))


def found(session: Session, region: Region, **wanted: Any) -> list[Line]:
    """The doubts that wait."""
    return doubts(session, region, Wanted(**wanted), per_page=200).results


def kinds(session: Session, region: Region) -> list[Kind]:
    """What kinds of doubts wait."""
    return [line.kind for line in found(session, region)]


def looked(session: Session, region: Region) -> dict[Kind, Line]:
    """Look over the region, and return the doubts by their kind."""
    look(session, region)
    return {line.kind: line for line in found(session, region)}


def rows(session: Session) -> list[dict[str, Any]]:
    """All rows of doubts as they are in the database."""
    stmt = select(Doubt).order_by(Doubt.id).execution_options(populate_existing=True)  # type: ignore[arg-type]
    return [row.model_dump() for row in session.scalars(stmt)]
