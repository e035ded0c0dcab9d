"""What takes place at some time, as the database knows it: the plain way, without an index."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.offers.models import Offer, OfferAtPlace, Status
from api.offers.queries import Open
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.agenda import CHOICES, Agenda, on
from api.schedules.models import Schedule
from api.schedules.rules import Rule


def open_at(session: Session, region: Region, when: str) -> Open:
    """Return what takes place at one of CHOICES, or on a day ("2026-12-24")."""
    return _opened(session, region, _rules(session, region), when)


def open_at_each(session: Session, region: Region) -> Mapping[str, Open]:
    """Return what takes place at each of CHOICES; nothing if no hours are known at all."""
    rules = _rules(session, region)
    return {when: _opened(session, region, rules, when) for when in CHOICES} if rules else {}


def _rules(session: Session, region: Region) -> Mapping[schedules.Where, Sequence[Rule]]:
    published = (
        select(col(Offer.id))
        .where(
            col(Offer.region_id) == region.id,
            col(Offer.status) == Status.PUBLISHED,
            col(Offer.id).in_(select(col(Schedule.offer_id))),
        )
        .order_by(col(Offer.id))
    )
    ids = session.scalars(published).all()
    return schedules.as_found(schedules.lines(session, ids)) if ids else {}


def _opened(
    session: Session, region: Region, rules: Mapping[schedules.Where, Sequence[Rule]], when: str
) -> Open:
    timetables = [schedules.timetable(region, lines) for lines in rules.values()]
    if when in CHOICES:
        now = clock.now()
        is_open = Agenda(timetables, region.timezone, clock.day(now, region.timezone)).open(when, now)
    else:
        is_open = on(timetables, date.fromisoformat(when))
    found = {where for where, takes_place in zip(rules, is_open.tolist(), strict=True) if takes_place}
    offers = {offer_id for offer_id, _ in found}
    at_places = session.execute(
        select(col(OfferAtPlace.id), col(OfferAtPlace.offer_id), col(OfferAtPlace.place_id)).where(
            col(OfferAtPlace.offer_id).in_(offers)
        )
    )
    return Open(
        sorted(offers),
        [row.id for row in at_places if {(row.offer_id, row.place_id), (row.offer_id, None)} & found],
    )
