"""Timetables in the database: what is written is read, and every change has a history."""

from datetime import date, time

import pytest
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlmodel import Session, col

from api.history import undo
from api.history.models import Revision
from api.offers import service as offers
from api.offers.models import Offer, OfferAtPlace
from api.regions.models import Region
from api.schedules import service
from api.schedules.rules import Change, Closure, Deviation, Entry, OnHolidays, Rule
from api.schedules.schemas import ScheduleIn
from tests.factories import act, make_offer, make_place

TUESDAYS = Rule(
    "FREQ=MONTHLY;BYDAY=1TU,3TU",
    date(2026, 9, 1),
    time(9),
    time(11),
    valid_until=date(2027, 8, 31),
    on_public_holidays=OnHolidays.CLOSED,
    on_school_holidays=OnHolidays.CLOSED,
    entry=Entry.WALK_IN,
    closures=(Closure(date(2026, 12, 20), date(2027, 1, 6), every_year=True, note="Winterpause"),),
    deviations=(
        Deviation(Change.CANCELLED, date(2026, 10, 6), note="Betriebsausflug"),
        Deviation(Change.MOVED, date(2026, 12, 15), to=date(2026, 12, 8)),
        Deviation(Change.EXTRA, date(2026, 12, 10), starts=time(14), ends=time(16)),
    ),
    note="Bitte klingeln",
)
FRIDAYS = Rule("FREQ=WEEKLY;BYDAY=FR", date(2026, 1, 2), time(8), None)


@pytest.fixture
def offer(session: Session, region: Region) -> Offer:
    return make_offer(session, region, name="Jobcenter vor Ort")


def write(
    session: Session, region: Region, offer: Offer, *rules: Rule, at_place_id: int | None = None
) -> bool:
    said = [ScheduleIn.of(rule) for rule in rules]
    return service.write(session, act(region), offer.id, at_place_id, said)


def read(session: Session, offer: Offer) -> list[Rule]:
    return [line.rule for line in service.lines(session, [offer.id])]


def test_what_is_written_is_read(session: Session, region: Region, offer: Offer) -> None:
    assert write(session, region, offer, TUESDAYS, FRIDAYS)
    session.expire_all()
    assert read(session, offer) == [TUESDAYS, FRIDAYS]


def test_writing_the_same_again_changes_nothing(session: Session, region: Region, offer: Offer) -> None:
    write(session, region, offer, TUESDAYS, FRIDAYS)
    before = session.scalars(select(col(Revision.id))).all()
    assert not write(session, region, offer, TUESDAYS, FRIDAYS)
    session.flush()
    assert session.scalars(select(col(Revision.id))).all() == before


def test_a_line_that_goes_leaves_the_others_alone(session: Session, region: Region, offer: Offer) -> None:
    write(session, region, offer, FRIDAYS._replace(starts=time(7)), TUESDAYS, FRIDAYS)
    ids = {line.rule.starts: key for key, line in enumerate(service.lines(session, [offer.id]))}
    assert len(ids) == 3
    rows = session.execute(text("SELECT id, starts FROM schedule ORDER BY position")).all()
    write(session, region, offer, TUESDAYS, FRIDAYS)
    assert session.execute(text("SELECT id, starts FROM schedule ORDER BY position")).all() == rows[1:]


def test_hours_at_a_place_end_when_the_offer_leaves_it(
    session: Session, region: Region, offer: Offer
) -> None:
    place = make_place(session, region)
    there = offers.attach(session, act(region), offer, place)
    write(session, region, offer, TUESDAYS, at_place_id=there.id)
    offers.detach(session, act(region), there)
    assert read(session, offer) == []
    assert not session.scalars(select(OfferAtPlace).where(col(OfferAtPlace.offer_id) == offer.id)).all()


def test_a_change_of_hours_can_be_undone(session: Session, region: Region, offer: Offer) -> None:
    write(session, region, offer, TUESDAYS)
    write(session, region, offer, TUESDAYS._replace(starts=time(10)))
    session.flush()
    last = session.scalars(select(Revision).order_by(col(Revision.id).desc())).first()
    assert last is not None
    undo.undo(session, last.id, "test")
    assert read(session, offer) == [TUESDAYS]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"recurrence": "FREQ=HOURLY"}, "recurrence"),
        ({"recurrence": "jeden Montag"}, "recurrence"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "valid_until"),
        ({"closures": [{"first": "2026-08-01", "last": "2026-07-01"}]}, "closures"),
        ({"deviations": [{"change": "cancelled", "on": "2026-08-01", "starts": "09:00"}]}, "deviations"),
        ({"deviations": [{"change": "moved", "on": "2026-08-01"}]}, "deviations"),
        ({"deviations": [{"change": "extra", "on": "2026-08-01", "to": "2026-08-02"}]}, "deviations"),
        ({"first_date": "0001-01-01"}, "first_date"),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_its_field(said: dict[str, object], named: str) -> None:
    plain = {"first_date": "2026-01-01", "starts": "09:00"}
    with pytest.raises(ValidationError, match=named):
        ScheduleIn.model_validate({**plain, **said})


def test_a_date_moved_to_another_place_is_found_there_and_not_here() -> None:
    here, there = 7, 8
    rule = FRIDAYS._replace(
        deviations=(
            Deviation(Change.MOVED, date(2026, 12, 4), place=there, note="Umzug"),
            Deviation(Change.MOVED, date(2026, 12, 11), to=date(2026, 12, 10)),
            Deviation(Change.EXTRA, date(2026, 12, 12), starts=time(10), ends=time(11), place=there),
        )
    )
    lines = [service.Line(1, 2, here, rule)]
    assert service.as_agreed(lines) == {(1, here): (rule,)}
    found = service.as_found(lines)
    assert found[1, here] == (
        rule._replace(
            deviations=(Deviation(Change.CANCELLED, date(2026, 12, 4), note="Umzug"), rule.deviations[1])
        ),
    )
    assert found[1, there] == (
        Rule("", date(2026, 12, 4), time(8), None, note="Umzug"),
        Rule("", date(2026, 12, 12), time(10), time(11)),
    )
