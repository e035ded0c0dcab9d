"""Claims: one looks after a thing at a time, it ends by itself, and nothing of it stays."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.accounts.models import Role
from api.accounts.policy import Granted, Person
from api.core import clock
from api.core.errors import ConflictError
from api.curation import claims, listing
from api.curation.claims import HOURS, About, held, release, take, unclaimed
from api.curation.claims_models import Claim
from api.curation.listing import Wanted
from api.curation.service import suggest_changes
from api.regions.models import Region
from tests.accounts.people import make_account
from tests.curation.sheets import OTHER, by, entry
from tests.factories import make_region

THING = (About.DOUBT, 7)


def somebody(session: Session, region: Region, email: str) -> Person:
    account = make_account(session, email)
    return Person(account.id, "P", region.id, (Granted(region.id, Role.EDITOR),))


@pytest.fixture
def one(session: Session, region: Region) -> Person:
    return somebody(session, region, "eine@stadt.example")


@pytest.fixture
def other(session: Session, region: Region) -> Person:
    return somebody(session, region, "andere@stadt.example")


def who(session: Session, region: Region, thing: claims.Thing = THING) -> int | None:
    found = held(session, region.id, [thing]).get(thing)
    return found.account_id if found else None


def at(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=hours))


def test_somebody_takes_it_over_only_from_whom_they_have_seen(
    session: Session, region: Region, one: Person, other: Person
) -> None:
    assert held(session, region.id, []) == {}
    take(session, one, THING)
    take(session, one, THING)  # a second click
    assert who(session, region) == one.account_id
    with pytest.raises(ConflictError):
        take(session, other, THING)
    assert who(session, region) == one.account_id
    take(session, other, THING, instead_of=one.account_id)
    assert who(session, region) == other.account_id
    release(session, one, THING)  # too late: it is not theirs any more
    assert who(session, region) == other.account_id
    release(session, other, THING)
    assert who(session, region) is None


def test_a_claim_is_about_one_thing_of_one_region(session: Session, region: Region, one: Person) -> None:
    take(session, one, THING)
    assert who(session, region, (About.PROPOSAL, 7)) is None
    assert who(session, region, (About.DOUBT, 8)) is None
    assert who(session, make_region(session, is_default=False)) is None


def test_it_ends_by_itself_and_leaves_nothing(
    session: Session, region: Region, one: Person, other: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(session, one, THING)
    at(monkeypatch, HOURS + 0.1)
    assert who(session, region) is None
    take(session, other, (About.PLACE, 1))
    assert [row.about for row in session.exec(select(Claim))] == [About.PLACE]
    take(session, other, THING)
    assert who(session, region) == other.account_id


def test_saying_it_again_is_good_for_some_more_hours(
    session: Session, region: Region, one: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(session, one, THING)
    at(monkeypatch, HOURS - 1)
    take(session, one, THING)
    at(monkeypatch, HOURS - 1)
    assert who(session, region) == one.account_id


def test_lists_leave_out_what_others_look_after(
    session: Session, region: Region, one: Person, other: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = [entry(session, region, name=name) for name in ("Erstes", "Zweites")]
    changes = {"summary": {"old": "", "new": "neu"}}
    mine, theirs = (suggest_changes(session, by(region, OTHER), offer.id, changes) for offer in offers)
    take(session, one, (About.PROPOSAL, mine))
    take(session, other, (About.PROPOSAL, theirs))

    def left(person: Person) -> list[int]:
        wanted = Wanted(reach=unclaimed(person, About.PROPOSAL))
        return [line.id for line in listing.proposals(session, region, wanted).results]

    assert (left(one), left(other)) == ([mine], [theirs])
    at(monkeypatch, HOURS + 0.1)
    assert left(one) == [mine, theirs]
