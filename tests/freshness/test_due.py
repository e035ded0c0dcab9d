"""What is to be looked at again: how much, the oldest first, read from an index."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from api.core import clock
from api.curation import freshness
from api.curation.freshness import Counts
from api.curation.freshness_scope import Within
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
    # What is found nowhere is everybody's business.
    assert named(session, region, Within(spaces=[east.id])) == ["Ost", "Versteckt", "Ohne Ort"]
    assert named(session, region, Within(topics=["schule"])) == ["Ost", "West"]
    assert named(session, region, Within(spaces=[east.id], topics=["schule"])) == ["Ost"]
    assert freshness.counts(session, region, Within(spaces=[east.id])) == Counts(soon=0, due=2, overdue=1)
    provider = freshness.lines(session, region).results[1].organization_id
    assert provider is not None
    assert named(session, region, Within(organization_id=provider)) == ["West"]
    assert [line.name for line in freshness.of_organization(session, region, provider)] == ["West"]


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
