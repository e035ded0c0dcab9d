"""What happens with offers is counted in memory, added up in the database, and published once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.core import clock
from api.core.db import make_engine
from api.history.models import Origin
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from api.uptake import case_types, counting, publishing, reading
from api.uptake.case_types import Wanted
from api.uptake.counting import Counted, Counter, Event
from api.uptake.models import Part, UptakeCount
from tests import factories

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that a test can set: 15 November 2026, noon."""
    shown = [datetime(2026, 11, 15, 11, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: shown[0])
    return shown


def rows(session: Session) -> list[tuple[object, ...]]:
    found = session.exec(select(UptakeCount)).all()
    return sorted(
        (row.offer_id, row.day_on.isoformat(), row.event.value, row.case_type_id, row.number) for row in found
    )


@pytest.mark.usefixtures("now")
def test_numbers_add_up_by_day_offer_event_and_case(database: Engine, now: list[datetime]) -> None:
    with Session(database, expire_on_commit=False) as session, session.begin():
        region = factories.make_region(session)
        division = factories.make_division(session, region)
        for code, edge in (("1", 13.0), ("2", 13.5)):
            factories.make_space(session, division, code, factories.box(edge, 52, edge + 0.5, 53))
        west, east = (factories.make_place(session, region, lon, 52.5) for lon in (13.2, 13.7))
        hidden = factories.make_place(session, region, 13.3, 52.5, address_hidden=True)
        here = factories.make_offer(session, region, west)
        both = factories.make_offer(session, region, [west, east])
        secret = factories.make_offer(session, region, hidden)
        draft = factories.make_offer(session, region, west, status=Status.DRAFT)
        other = factories.make_region(session, is_default=False)
        case_types.save(session, region.id, [Wanted(0, "Mietschulden")])
        case_types.save(session, other.id, [Wanted(0, "Anderswo")])
        own = case_types.every(session, region.id)[0].id
        foreign = case_types.every(session, other.id)[0].id
    counter = Counter()
    counter.count(Event.FOUND, [here.id, both.id, here.id])
    counter.count(Event.FOUND, [here.id])
    counter.count(Event.OPENED, [secret.id, draft.id, 99_999_999, -1, 2**70])
    counter.count(Event.LISTED, [here.id], own)
    counter.count(Event.LISTED, [here.id], foreign)
    for _again in range(2):
        counter.flush(database)  # the second time there is nothing left
    now[0] = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)  # in Berlin the next day has begun
    counter.count(Event.FOUND, [both.id])
    counter.flush(database)
    with Session(database) as session:
        assert rows(session) == [
            (here.id, "2026-11-15", "found", 0, 2),
            (here.id, "2026-11-15", "listed", 0, 1),
            (here.id, "2026-11-15", "listed", own, 1),
            (both.id, "2026-11-15", "found", 0, 1),
            (both.id, "2026-11-16", "found", 0, 1),
            (secret.id, "2026-11-15", "opened", 0, 1),
        ]


def test_a_database_that_is_away_costs_nothing_but_time(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(database, expire_on_commit=False) as session, session.begin():
        offer = factories.make_offer(session, factories.make_region(session))
    counter = Counter()
    counter.count(Event.OPENED, [offer.id])
    nobody = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    counter.flush(nobody)
    counter.count(Event.OPENED, [offer.id])
    counter.flush(database)
    with Session(database) as session:
        assert [row[-1] for row in rows(session)] == [2]
    # Who counts what cannot be fills no memory, and what is off counts nothing.
    monkeypatch.setattr(counting, "MOST", 3)
    counter.count(Event.FOUND, range(1, 50))
    assert len(counter) == 3
    off = Counter(is_on=False)
    off.count(Event.FOUND, [offer.id])
    assert not len(off)


def used(session: Session, offer: Offer, event: Event, number: int, case: int = 0) -> None:
    counting.add(session, {Counted(event, offer.id, case): number})


def make_month(session: Session) -> tuple[Region, dict[str, Offer], list[int]]:
    """A region with two Stadtteile and offers about children, debts and nothing."""
    region = factories.make_region(session)
    division = factories.make_division(session, region)
    places = []
    for number in range(4):
        outline = factories.box(13 + number / 10, 52, 13.1 + number / 10, 53)
        factories.make_space(session, division, str(number), outline)
        places.append(factories.make_place(session, region, 13.05 + number / 10, 52.5))
    money = factories.make_topic(session, "geld")
    for slug in ("kita", "familie"):
        factories.make_topic(session, slug)
    factories.make_topic(session, "schulden", money)
    factories.make_topic(session, "buergergeld", money)
    found = {
        f"kita {number}": factories.make_offer(session, region, place, topics=["kita"])
        for number, place in enumerate(places)
    }
    found["schulden"] = factories.make_offer(session, region, places[0], topics=["familie", "schulden"])
    found["geld"] = factories.make_offer(session, region, places[0], topics=["buergergeld"])
    found["nichts"] = factories.make_offer(session, region)
    case_types.save(session, region.id, [Wanted(0, "Geburt bis Kita"), Wanted(0, "Mietschulden")])
    return region, found, [one.id for one in case_types.every(session, region.id)]


def test_a_month_is_published_once_and_its_days_are_gone(session: Session, now: list[datetime]) -> None:
    region, found, (first, second) = make_month(session)
    for place, number in enumerate((40, 5, 4, 3)):
        used(session, found[f"kita {place}"], Event.OPENED, number)
    used(session, found["schulden"], Event.OPENED, 9)
    used(session, found["geld"], Event.OPENED, 9)
    used(session, found["kita 0"], Event.LISTED, 30)
    used(session, found["kita 0"], Event.LISTED, 20, first)
    now[0] = datetime(2026, 12, 1, 11, tzinfo=UTC)
    late = factories.make_offer(session, region, topics=["familie"])
    used(session, late, Event.OPENED, 50)
    publishing.publish_all(session)
    assert reading.months(session, region) == []  # another process may still have yesterday in memory
    now[0] = datetime(2026, 12, 2, 11, tzinfo=UTC)
    publishing.publish_all(session)
    month = reading.of_month(session, region)
    assert month.month == NOVEMBER
    opened = {
        (one.part.value, one.topic, one.space): one.number for one in month.numbers if one.event == "opened"
    }
    assert opened == {
        ("cell", "kita", "lor:0"): 40,
        ("cell", "kita", "lor:1"): None,
        ("cell", "kita", "lor:2"): None,
        ("cell", "kita", "lor:3"): None,
        ("rest", "kita", ""): None,  # 12 in three hidden cells: each would be known to be at least 2
        ("cell", "schulden", "lor:0"): None,
        ("rest", "schulden", ""): None,
        ("cell", "geld", "lor:0"): 9,
        ("cell", "", ""): None,
        ("rest", "", ""): None,
    }
    cases = {one.case_type: (one.number, one.below) for one in month.numbers if one.part == Part.CASE}
    assert cases == {"Geburt bis Kita": (20, 10), "Mietschulden": (None, 10)}
    # What was counted is gone; only December is left.
    assert [(row.day_on.month, row.number) for row in session.exec(select(UptakeCount))] == [(12, 50)]
    # What comes late changes nothing, and who asks again publishes nothing again.
    session.add(
        UptakeCount(region_id=region.id, day_on=NOVEMBER, offer_id=late.id, event=Event.OPENED, number=70)
    )
    session.flush()
    publishing.publish_all(session)
    assert reading.of_month(session, region) == month
    assert second in {one.id for one in case_types.every(session, region.id)}


def test_months_without_anything_are_published_too_and_the_app_cannot_rewrite_any(
    session: Session, now: list[datetime]
) -> None:
    region, found, _cases = make_month(session)
    used(session, found["kita 0"], Event.FOUND, 7)
    now[0] = datetime(2027, 2, 20, 11, tzinfo=UTC)
    publishing.publish_all(session)
    assert [one.month for one in reading.months(session, region)] == [1, 12, 11]
    empty = reading.of_month(session, region, date(2027, 1, 1))
    assert empty.numbers
    assert {one.number for one in empty.numbers} == {None}
    assert reading.of_month(session, region, date(2027, 2, 1)).month is None
    for table in ("uptake_cell", "uptake_month"):
        for deed in (f"UPDATE {table} SET region_id = region_id", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="permission denied"), session.begin_nested():
                session.execute(text(deed))


def test_counting_renews_nothing_that_is_remembered_and_publishing_does(
    database: Engine, now: list[datetime]
) -> None:
    with Session(database, expire_on_commit=False) as session, session.begin():
        region, found, _cases = make_month(session)
    versions = []
    for month in (11, 12):
        now[0] = datetime(2026, month, 20, 11, tzinfo=UTC)
        counter = Counter()
        counter.count(Event.FOUND, [found["kita 0"].id])
        for write in (lambda _session, one=counter: one.flush(database), publishing.publish_all):
            with Session(database) as session, session.begin():
                write(session)
            with Session(database) as session:
                versions.append(session.get_one(Region, region.id).data_version)
    first = versions[0]
    assert versions == [first, first, first, first + 1]


def test_an_offer_that_is_new_is_no_place_to_hide(session: Session, now: list[datetime]) -> None:
    """Everybody knows that there was nothing to count: such a cell would make a sum look safer than it is."""
    region, found, _cases = make_month(session)
    for place, number in enumerate((3, 2, 2)):
        used(session, found[f"kita {place}"], Event.OPENED, number)
    at = [factories.make_place(session, region, 13.05 + number / 10, 52.7) for number in range(2)]
    factories.make_offer(session, region, at, topics=["familie"])
    hidden = factories.make_place(session, region, 13.05, 52.8, address_hidden=True)
    factories.make_offer(session, region, hidden, topics=["familie"])
    act = factories.act(region, origin=Origin.FORM)
    offers.change(session, act, found["kita 3"], {"status": Status.DRAFT})
    now[0] = datetime(2026, 12, 1, 11, tzinfo=UTC)
    factories.make_offer(session, region, factories.make_place(session, region, 13.15, 52.6), topics=["geld"])
    now[0] = datetime(2026, 12, 2, 11, tzinfo=UTC)
    publishing.publish_all(session)
    month = reading.of_month(session, region)
    spaces = {(one.topic, one.space) for one in month.numbers if one.part == Part.CELL}
    assert ("geld", "lor:1") not in spaces
    # It is not there any more, but was: that it was never opened must not be known.
    assert ("kita", "lor:3") in spaces
    assert {space for topic, space in spaces if topic == "familie"} == {""}
    rest = next(
        one for one in month.numbers if (one.part, one.topic, one.event) == (Part.REST, "kita", "opened")
    )
    assert rest.number == 7


def test_case_types_are_few_and_keep_their_numbers(session: Session, region: Region) -> None:
    case_types.save(session, region.id, [Wanted(0, " Geburt  bis Kita "), Wanted(0, ""), Wanted(0, "Schule")])
    first, second = case_types.every(session, region.id)
    assert (first.label, second.label) == ("Geburt bis Kita", "Schule")
    case_types.save(session, region.id, [Wanted(second.id, "Schule und Hort"), Wanted(first.id, "")])
    assert [(one.id, one.label) for one in case_types.every(session, region.id)] == [
        (second.id, "Schule und Hort")
    ]
    case_types.save(session, region.id, [Wanted(0, "Geburt bis Kita"), Wanted(second.id, "Schule")])
    assert [one.id for one in case_types.every(session, region.id)] == [first.id, second.id]
    # Two that swap their names swap their places, not their numbers.
    case_types.save(session, region.id, [Wanted(first.id, "Schule"), Wanted(second.id, "Geburt bis Kita")])
    assert [one.id for one in case_types.every(session, region.id)] == [second.id, first.id]
    for wanted in (
        [Wanted(0, "x" * 61)],
        [Wanted(0, "Schule"), Wanted(0, "Schule ")],
        [Wanted(0, f"Fall {number}") for number in range(13)],
    ):
        with pytest.raises(Exception, match=r"0|1|12|input|mistake"):
            case_types.save(session, region.id, wanted)
