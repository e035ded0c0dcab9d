"""How often an offer is looked at: by its kind unless somebody has said so, and how long a look holds."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from api.core import clock
from api.core.errors import InvalidInputError, NotFoundError
from api.curation import freshness
from api.history.models import Revision
from api.history.undo import undo
from api.offers import service as offers
from api.offers.freshness import Freshness, OfferFreshness, Rule, state
from api.offers.models import Offer
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from tests.factories import act, make_offer, make_place, make_region

DAY = date(2026, 3, 1)


def kept(session: Session, offer: Offer) -> OfferFreshness | None:
    stmt = select(OfferFreshness).where(OfferFreshness.offer_id == offer.id)
    return session.exec(stmt.execution_options(populate_existing=True)).first()


def rhythm(session: Session, offer: Offer) -> tuple[Rule, int]:
    found = kept(session, offer)
    assert found is not None
    return found.rule, found.days


def line(**changes: Any) -> ScheduleIn:
    said = {"first_date": DAY, "starts": time(10), "recurrence": "FREQ=WEEKLY"}
    return ScheduleIn.model_validate({**said, **changes})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (Rule.USUAL, 365)),
        ({"resource_level": 4}, (Rule.OFFICE, 486)),
        ({"resource_level": 2}, (Rule.NEIGHBOURS, 182)),
        ({"hours_text": "montags"}, (Rule.WORDS, 182)),
        ({"topics": ["sport", "sprachkurs"]}, (Rule.COURSES, 182)),
        ({"topics": ["gewalt"], "resource_level": 4}, (Rule.URGENT, 91)),
        ({"topics": ["gewalt"], "verify_within_days": 365}, (Rule.SET, 365)),
    ],
)
def test_the_first_rule_that_fits_gives_the_rhythm(
    session: Session, region: Region, values: dict[str, Any], expected: tuple[Rule, int]
) -> None:
    assert rhythm(session, make_offer(session, region, **values)) == expected


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([line(valid_until=DAY + timedelta(days=90))], Rule.ENDS),
        ([line(recurrence="FREQ=WEEKLY;COUNT=8"), line(recurrence="")], Rule.ENDS),
        ([line(recurrence="FREQ=WEEKLY;COUNT=8"), line()], Rule.USUAL),
    ],
)
def test_an_offer_all_of_whose_hours_end_is_looked_at_soon(
    session: Session, region: Region, lines: list[ScheduleIn], rule: Rule
) -> None:
    offer = make_offer(session, region, hours_text="montags")
    assert rhythm(session, offer)[0] == Rule.WORDS
    schedules.write(session, act(region), offer.id, None, lines)
    session.flush()
    assert rhythm(session, offer)[0] == rule
    schedules.write(session, act(region), offer.id, None, [])
    session.flush()
    assert rhythm(session, offer)[0] == Rule.WORDS


def test_hours_in_words_at_a_place_count_as_well(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    at_place = offers.attach(session, act(region), offer, make_place(session, region), hours_text="montags")
    assert rhythm(session, offer)[0] == Rule.WORDS
    offers.detach(session, act(region), at_place)
    session.flush()
    assert rhythm(session, offer)[0] == Rule.USUAL


def test_only_what_is_public_has_a_freshness(session: Session, region: Region) -> None:
    offer = make_offer(session, region, status="draft")
    assert kept(session, offer) is None
    offers.change(session, act(region), offer, {"status": "published"})
    assert kept(session, offer) is not None
    offers.change(session, act(region), offer, {"status": "archived"})
    assert kept(session, offer) is None


def test_a_rhythm_is_set_in_months_and_taken_back_like_every_change(session: Session, region: Region) -> None:
    offer = make_offer(session, region, resource_level=4)
    freshness.set_rhythm(session, act(region), offer.id, 3)
    assert rhythm(session, offer) == (Rule.SET, 91)
    session.flush()
    last = session.exec(select(Revision).order_by(Revision.id.desc())).first()  # type: ignore[attr-defined]
    assert last is not None
    assert last.changes == {"verify_within_days": {"old": None, "new": 91}}
    undo(session, last.id, "x")
    assert rhythm(session, offer) == (Rule.OFFICE, 486)
    freshness.set_rhythm(session, act(region), offer.id, 1)
    freshness.set_rhythm(session, act(region), offer.id, None)
    assert rhythm(session, offer) == (Rule.OFFICE, 486)


@pytest.mark.parametrize("months", [0, -1, 17])
def test_a_rhythm_is_between_one_and_sixteen_months(session: Session, region: Region, months: int) -> None:
    offer = make_offer(session, region)
    with pytest.raises(InvalidInputError) as caught:
        freshness.set_rhythm(session, act(region), offer.id, months)
    assert [error.field for error in caught.value.errors] == ["verify_within_days"]


def test_nobody_sets_the_rhythm_of_another_region(session: Session, region: Region) -> None:
    other = make_region(session, is_default=False)
    with pytest.raises(NotFoundError):
        freshness.set_rhythm(session, act(region), make_offer(session, other).id, 3)


def test_months_come_back_as_they_were_said() -> None:
    assert [freshness.months_of(freshness.days_of(n)) for n in range(1, 17)] == list(range(1, 17))
    assert (freshness.days_of(12), freshness.days_of(16)) == (365, 486)


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, "fresh"), (300, "fresh"), (304, "fresh"), (305, "soon"), (365, "soon"), (366, "due"), (730, "due"),
     (731, "overdue"), (9000, "overdue")],
)  # fmt: skip
def test_each_state_begins_on_its_day(session: Session, region: Region, age: int, expected: str) -> None:
    found = kept(session, make_offer(session, region, verified_on=DAY))
    assert found is not None
    today = DAY + timedelta(days=age)
    assert state(today, found.fresh_until, found.due_on, found.overdue_on) == expected


def test_what_was_never_checked_is_due_but_not_overdue(session: Session, region: Region) -> None:
    found = freshness.of_offers(session, region, [make_offer(session, region).id])[0]
    assert (found.state, found.due_on, found.verified_on) == (Freshness.DUE, None, None)


def test_strangers_are_told_when_it_was_long_ago(session: Session, region: Region) -> None:
    today = clock.today(region.timezone)
    for age, said in ((0, (False, False)), (366, (True, False)), (731, (True, True))):
        offer = make_offer(session, region, verified_on=today - timedelta(days=age))
        shown = offers.get(session, region, offer.id)
        assert (shown.is_due, shown.is_overdue) == said
