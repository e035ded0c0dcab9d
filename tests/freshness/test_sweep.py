"""Nothing is archived unless somebody was warned a month before, and whoever looks at it keeps it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from api.core import clock
from api.curation import confirming, freshness, states
from api.curation.freshness_sweep import ACTOR, Swept, sweep, warnings_of
from api.history.models import Origin, Revision
from api.offers.models import Offer
from api.regions.models import Region
from tests.factories import act, make_offer

Later = Callable[[int], None]
MONTHS = 6


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    now = clock.now()
    return lambda days: monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=days))


@pytest.fixture
def stale(session: Session, region: Region) -> Offer:
    return aged(session, region, 2 * 365 + 190)


def aged(session: Session, region: Region, days: int) -> Offer:
    return make_offer(session, region, verified_on=clock.today(region.timezone) - timedelta(days=days))


def test_first_a_warning_and_a_month_later_the_archive(
    session: Session, region: Region, stale: Offer, later: Later
) -> None:
    aged(session, region, 2 * 365 + 100)
    make_offer(session, region)
    assert sweep(session, region, MONTHS) == Swept(warned=[stale.id])
    assert sweep(session, region, MONTHS) == Swept()
    assert [one.offer_id for one in warnings_of(session, region)] == [stale.id]
    later(29)
    assert sweep(session, region, MONTHS) == Swept()
    later(30)
    assert sweep(session, region, MONTHS) == Swept(archived=[stale.id])
    assert stale.status == "archived"
    assert sweep(session, region, MONTHS) == Swept()
    last = session.get_one(Revision, freshness.seen(session, [stale.id])[stale.id])
    assert (last.actor, last.origin) == (ACTOR, Origin.COMMAND)


def test_off_by_default_nothing_is_warned_of(session: Session, region: Region, stale: Offer) -> None:
    assert sweep(session, region, 0) == Swept()
    sweep(session, region, MONTHS)
    assert sweep(session, region, 0) == Swept(cleared=[stale.id])


def test_a_dry_run_says_it_and_leaves_everything(
    session: Session, region: Region, stale: Offer, later: Later
) -> None:
    assert sweep(session, region, MONTHS, dry_run=True) == Swept(warned=[stale.id])
    assert sweep(session, region, MONTHS) == Swept(warned=[stale.id])
    later(40)
    assert sweep(session, region, MONTHS, dry_run=True) == Swept(archived=[stale.id])
    assert stale.status == "published"


def test_a_confirmation_clears_the_warning_at_once(
    session: Session, region: Region, stale: Offer, later: Later
) -> None:
    sweep(session, region, MONTHS)
    confirming.confirm(session, act(region), stale.id, freshness.seen(session, [stale.id])[stale.id])
    assert warnings_of(session, region) == []
    later(40)
    assert sweep(session, region, MONTHS) == Swept(cleared=[stale.id])
    assert stale.status == "published"


def test_what_was_brought_back_is_warned_of_anew(
    session: Session, region: Region, stale: Offer, later: Later
) -> None:
    sweep(session, region, MONTHS)
    later(30)
    sweep(session, region, MONTHS)
    states.bring_back(session, act(region), stale.id)
    assert sweep(session, region, MONTHS) == Swept(warned=[stale.id])


def test_four_eyes_do_not_keep_what_everybody_was_warned_of(
    session: Session, region: Region, stale: Offer, later: Later
) -> None:
    region.four_eyes = True
    sweep(session, region, MONTHS)
    later(30)
    assert sweep(session, region, MONTHS).archived == [stale.id]
