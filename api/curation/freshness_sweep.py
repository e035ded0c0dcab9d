"""Archiving what nobody has looked at for very long: never without a warning that was there for a month."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlmodel import Session, col, delete

from api.core import clock
from api.curation import states
from api.curation.freshness_models import ArchiveWarning
from api.curation.freshness_scope import EVERYTHING, Within, conditions
from api.curation.sheet import hold
from api.history.models import Origin
from api.history.service import Act
from api.offers.freshness import OfferFreshness
from api.offers.models import Offer, Status
from api.regions.models import Region

ACTOR: Final = "sweep"
WARNED_DAYS: Final = 30


@dataclass
class Swept:
    """What a sweep of one region did, or would do: ids of offers."""

    warned: list[int] = field(default_factory=list)
    cleared: list[int] = field(default_factory=list)  # confirmed since, or no longer public
    archived: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Warned:
    """An offer that will be archived unless somebody looks at it."""

    offer_id: int
    slug: str
    name: str
    verified_on: date | None
    archive_on: date


def sweep(session: Session, region: Region, months: int, *, dry_run: bool = False) -> Swept:
    """Warn of what has been overdue for so many months, and archive what was warned of a month ago.

    months: 0 warns of nothing and clears what was warned of. Called again on a day it does nothing more.
    An archived offer can be brought back like every other; it is warned of anew before it could go again.
    """
    hold(session, region.id)
    today = clock.today(region.timezone)
    warnings = list(session.scalars(select(ArchiveWarning).where(col(ArchiveWarning.region_id) == region.id)))
    stale = set(_stale(session, region, today, months)) if months else set()
    known = {one.offer_id for one in warnings}
    swept = Swept(
        warned=sorted(stale - known),
        cleared=sorted(known - stale),
        archived=sorted(
            one.offer_id for one in warnings if one.offer_id in stale and one.archive_on <= today
        ),
    )
    if not dry_run:
        _carry_out(session, region, swept, today)
    return swept


def warnings_of(
    session: Session, region: Region, within: Within = EVERYTHING, most: int | None = None
) -> list[Warned]:
    """Return the public offers that are warned of, or the first of them; not what was confirmed since."""
    stmt = (
        select(Offer, col(ArchiveWarning.archive_on))
        .join(ArchiveWarning, col(ArchiveWarning.offer_id) == col(Offer.id))
        .join(OfferFreshness, col(OfferFreshness.offer_id) == col(Offer.id))
        .where(
            col(ArchiveWarning.region_id) == region.id,
            col(OfferFreshness.overdue_on) < clock.today(region.timezone),
            *conditions(session, within),
        )
        .order_by(col(ArchiveWarning.archive_on), col(Offer.id))
        .limit(most)
    )
    return [Warned(o.id, o.slug, o.name, o.verified_on, day) for o, day in session.execute(stmt)]


def _stale(session: Session, region: Region, today: date, months: int) -> list[int]:
    # Never checked is never overdue: there is no day to count from.
    stmt = select(col(OfferFreshness.offer_id)).where(
        col(OfferFreshness.region_id) == region.id,
        col(OfferFreshness.overdue_on) < today - relativedelta(months=months),
    )
    return list(session.scalars(stmt))


def _carry_out(session: Session, region: Region, swept: Swept, today: date) -> None:
    now = clock.now()
    for offer_id in swept.warned:
        session.add(
            ArchiveWarning(
                offer_id=offer_id,
                region_id=region.id,
                warned_at=now,
                archive_on=today + timedelta(days=WARNED_DAYS),
            )
        )
    act = Act(region.id, ACTOR, Origin.COMMAND)
    for offer_id in swept.archived:
        states.become(session, act, offer_id, Status.ARCHIVED, None)
    gone = [*swept.cleared, *swept.archived]
    session.execute(delete(ArchiveWarning).where(col(ArchiveWarning.offer_id).in_(gone)))
    session.flush()
