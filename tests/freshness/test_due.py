"""What is to be looked at again: how much, the oldest first, read from an index."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from api.accounts import scope
from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.core import clock
from api.curation import freshness
from api.curation.freshness import Counts
from api.curation.freshness_scope import Within, reach
from api.offers.freshness import Freshness
from api.offers.models import Offer
from api.regions.models import Region
from tests.factories import box, make_division, make_offer, make_place, make_region, make_space, make_topic
from tests.plans import rows_read


def aged(session: Session, region: Region, days: int | None, **changes: Any) -> Offer:
    day = None if days is None else clock.today(region.timezone) - timedelta(days=days)
    return make_offer(session, region, verified_on=day, **changes)


def named(session: Session, region: Region, within: Within, least: Freshness = Freshness.DUE) -> list[str]:
    return [line.name for line in freshness.lines(session, region, within, least).results]


EVERYTHING = Within()


def test_the_oldest_comes_first_and_the_never_checked_before_it(session: Session, region: Region) -> None:
    for name, days in (("neu", 1), ("bald", 360), ("fällig", 400), ("uralt", 900), ("nie", None)):
        aged(session, region, days, name=name)
    aged(session, region, 5000, name="verborgen", status="paused")
    aged(session, make_region(session, is_default=False), 5000, name="anderswo")
    assert named(session, region, EVERYTHING) == ["nie", "uralt", "fällig"]
    assert named(session, region, EVERYTHING, Freshness.OVERDUE) == ["uralt"]
    assert named(session, region, EVERYTHING, Freshness.SOON) == ["nie", "uralt", "fällig", "bald"]
    assert named(session, region, EVERYTHING, Freshness.FRESH)[-1] == "neu"
    assert freshness.counts(session, region) == Counts(soon=1, due=2, overdue=1)


def test_pages_follow_each_other(session: Session, region: Region) -> None:
    for days in range(400, 405):
        aged(session, region, days, name=str(days))
    pages = [freshness.lines(session, region, page=number, per_page=2) for number in (1, 2, 3)]
    assert [[line.name for line in page.results] for page in pages] == [
        ["404", "403"],
        ["402", "401"],
        ["400"],
    ]
    assert {page.total for page in pages} == {5}


def test_a_part_of_the_region_has_a_list_of_its_own(session: Session, region: Region) -> None:
    division = make_division(session, region)
    east = make_space(session, division, "1", box(13, 52, 14, 53))
    make_space(session, division, "2", box(12, 52, 13, 53))
    school = make_topic(session, "schule")
    make_topic(session, "lernhilfe", school)
    in_east, in_west = make_place(session, region, 13.5, 52.5), make_place(session, region, 12.5, 52.5)
    aged(session, region, 403, name="Ost", at=in_east, topics=["lernhilfe"])
    aged(session, region, 402, name="West", at=in_west, topics=["schule"], organization="Träger")
    hidden = make_place(session, region, 12.6, 52.5, address_hidden=True)
    aged(session, region, 401, name="Versteckt", at=hidden)
    aged(session, region, 400, name="Ohne Ort")
    aged(session, region, 399, name="Kommt", outreach=True, serves=["lor:1"])
    # What is found nowhere is for those who look after all of it; a filter must not tell where it is.
    assert named(session, region, Within(spaces=[east.id])) == ["Ost", "Kommt"]
    assert named(session, region, EVERYTHING)[2:] == ["Versteckt", "Ohne Ort", "Kommt"]
    assert named(session, region, Within(topics=["schule"])) == ["Ost", "West"]
    assert named(session, region, Within(spaces=[east.id], topics=["schule"])) == ["Ost"]
    assert freshness.counts(session, region, Within(spaces=[east.id])) == Counts(soon=0, due=1, overdue=1)
    provider = freshness.lines(session, region).results[1].organization_id
    assert provider is not None
    assert named(session, region, Within(organization_id=provider)) == ["West"]
    assert [line.name for line in freshness.of_organization(session, region, provider)] == ["West"]


@pytest.mark.parametrize("spaces", [(), ("Viertel 1",), ("Viertel 1", "Viertel 2")])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROVIDER, Role.COACH])
def test_it_reaches_as_far_as_roles_do(
    session: Session, region: Region, role: Role, spaces: tuple[str, ...]
) -> None:
    division = make_division(session, region)
    found = [make_space(session, division, str(x), box(12 + x, 52, 13 + x, 53)) for x in (1, 2)]
    ids = frozenset(space.id for space in found if space.name in spaces)
    one, two = make_place(session, region, 13.5, 52.5), make_place(session, region, 14.5, 52.5)
    hidden = make_place(session, region, 13.6, 52.5, address_hidden=True)
    mine = aged(session, region, 500, name="West", at=one, organization="Träger")
    for name, at in (("Ost", two), ("Beide", [one, two]), ("Versteckt", hidden)):
        aged(session, region, 400, name=name, at=at)
    aged(session, region, 400, name="Kommt", outreach=True, serves=["lor:1"], organization="Träger")
    aged(session, region, 400, name="Überall", outreach=True)
    granted = Granted(region.id, role, mine.organization_id if role == Role.PROVIDER else None, ids)
    person = Person(1, "P", region.id, (granted,))
    session.flush()
    expected = set(session.scalars(select(Offer.name).where(scope.offers_for(person, Action.CONFIRM))))
    reached = Within(reach=reach(person, Action.CONFIRM))
    assert set(named(session, region, reached)) == expected
    listed = freshness.by_provider(session, region, reached)
    assert {line.name for group in listed.results for line in group.lines} == expected
    assert freshness.counts(session, region, reached).due == len(expected)


def test_providers_stand_together_the_oldest_entry_first(session: Session, region: Region) -> None:
    for name, days, provider in (
        ("a1", 700, "Beta"),
        ("b1", 600, None),
        ("c1", 500, "Alfa"),
        ("d1", 400, "Beta"),
    ):
        aged(session, region, days, name=name, organization=provider)
    aged(session, region, 360, name="bald", organization="Alfa")
    found = freshness.by_provider(session, region, most_lines=1)
    told = [(one.organization, [line.name for line in one.lines], one.more) for one in found.results]
    assert told == [("Beta", ["a1"], 1), (None, ["b1"], 0), ("Alfa", ["c1"], 0)]
    assert found.total == 3
    second = freshness.by_provider(session, region, page=2, per_page=2)
    assert [line.name for group in second.results for line in group.lines] == ["c1"]
    (soon,) = freshness.by_provider(session, region, state=Freshness.SOON).results
    assert [line.name for line in soon.lines] == ["bald"]


def test_a_line_says_why_and_how_often(session: Session, region: Region) -> None:
    aged(session, region, 700, topics=["sucht"])
    line = freshness.lines(session, region).results[0]
    assert (line.months, freshness.RULES[line.rule]) == (3, "bei diesem Thema zählt, dass alles stimmt")


def set_age(session: Session, region: Region, days: int) -> None:
    session.execute(
        text(
            "UPDATE offer SET verified_on = CURRENT_DATE - CAST(:days AS integer) WHERE region_id = :region"
        ),
        {"days": days, "region": region.id},
    )


@pytest.mark.parametrize("least", [Freshness.SOON, Freshness.DUE, Freshness.OVERDUE])
def test_a_list_reads_no_more_than_it_shows(crowd: tuple[Session, Region], least: Freshness) -> None:
    session, region = crowd
    set_age(session, region, 800)
    found = rows_read(session, lambda: freshness.lines(session, region, least=least))
    assert found["offer_freshness"] <= 1000 + 20, found
    assert found["offer"] <= 100, found


def test_counting_reads_no_further_than_is_counted(crowd: tuple[Session, Region]) -> None:
    session, region = crowd
    set_age(session, region, 800)
    assert rows_read(session, lambda: freshness.counts(session, region)) == {"offer_freshness": 1000}


def test_more_than_a_thousand_are_not_counted(crowd: tuple[Session, Region]) -> None:
    session, region = crowd
    assert session.scalar(text("SELECT count(*) FROM offer_freshness")) == 2000
    assert freshness.lines(session, region).total == 1000
