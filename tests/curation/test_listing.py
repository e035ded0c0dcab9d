"""The list of proposals: oldest first, by space, topic, kind, age and author."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from api.core import clock
from api.curation import listing, public, service
from api.curation.listing import Sort, Wanted
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Origin
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.curation.sheets import OTHER, by
from tests.factories import box, make_division, make_offer, make_place, make_region, make_space, make_topic


def suggest(session: Session, region: Region, offer: Offer, name: str, actor: str = OTHER) -> int:
    return service.suggest_changes(
        session, by(region, actor), offer.id, {"name": {"old": offer.name, "new": name}}
    )


def found(session: Session, region: Region, **wanted: object) -> list[int]:
    return [one.id for one in listing.proposals(session, region, Wanted(**wanted)).results]  # type: ignore[arg-type]


def test_the_oldest_is_first_and_pages_follow_each_other(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    made = [suggest(session, region, offer, f"Name {number}") for number in range(5)]
    session.get_one(Proposal, made[3]).proposed_at = clock.now() - timedelta(days=3)
    session.flush()
    order = [made[3], made[0], made[1], made[2], made[4]]
    pages = [listing.proposals(session, region, Wanted(), page, 2) for page in (1, 2, 3)]
    assert [one.id for page in pages for one in page.results] == order
    assert {page.total for page in pages} == {5}
    assert found(session, region, before=clock.now() - timedelta(days=1)) == [made[3]]
    assert found(session, make_region(session, is_default=False)) == []


def test_sorts_are_told_apart_and_counted(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    suggest(session, region, offer, "Neu")
    public.report(session, region, offer.id, public.About.GONE, "")
    public.suggest(session, region, {"name": "Kiezladen"})
    service.ask_for_state(session, by(region), offer.id, Status.PAUSED)
    service.propose(session, by(region, "import", Origin.IMPORT), Kind.WITHDRAW, "", {}, offer_id=offer.id)
    lines = listing.proposals(session, region, Wanted()).results
    assert [one.sort for one in lines] == [Sort.CHANGE, Sort.REPORT, Sort.NEW, Sort.PAUSE, Sort.WITHDRAW]
    assert [one.name for one in lines if one.sort == Sort.NEW] == ["Kiezladen"]
    assert set(listing.counts(session, region, Wanted()).values()) == {1}
    assert listing.counts(session, region, Wanted(sorts=(Sort.REPORT,)))[Sort.NEW] == 0
    assert len(found(session, region, actor="public")) == 2
    assert len(found(session, region, origins=(Origin.IMPORT,))) == 1


def test_by_space_and_what_is_hidden_or_nowhere_is_everybodys(session: Session, region: Region) -> None:
    division = make_division(session, region)
    west = make_space(session, division, "1", box(13, 52, 13.5, 53))
    east = make_space(session, division, "2", box(13.5, 52, 14, 53))
    there = make_offer(session, region, make_place(session, region, 13.7, 52.5))
    hidden = make_offer(session, region, make_place(session, region, 13.2, 52.5, address_hidden=True))
    nowhere = make_offer(session, region)
    of_east, of_hidden, of_none = (suggest(session, region, one, "Neu") for one in (there, hidden, nowhere))
    new = service.propose(
        session, by(region), Kind.CREATE, "", {"name": {"old": None, "new": "Neu"},
        "lon": {"old": None, "new": 13.8}, "lat": {"old": None, "new": 52.5}},
    )[0].id  # fmt: skip
    assert found(session, region, spaces=(east.id,)) == [of_east, of_hidden, of_none, new]
    assert found(session, region, spaces=(west.id,)) == [of_hidden, of_none]
    assert found(session, region, spaces=(west.id, east.id)) == [of_east, of_hidden, of_none, new]


def test_by_topic_with_the_finer_ones_and_of_new_offers_too(session: Session, region: Region) -> None:
    kita = make_topic(session, "kita", make_topic(session, "familie"))
    make_topic(session, "geld")
    one = suggest(session, region, make_offer(session, region, topics=[kita.slug]), "Neu")
    suggest(session, region, make_offer(session, region, topics=["geld"]), "Neu")
    public.suggest(session, region, {"name": "Laden", "topics": ["familie"]})
    assert found(session, region, topics=("familie",))[0] == one
    assert len(found(session, region, topics=("familie",))) == 2


def test_decided_ones_are_listed_when_asked_for_the_last_first(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    made = [suggest(session, region, offer, name) for name in ("A1", "B2")]
    for number in made:
        service.decline(session, by(region), session.get_one(Proposal, number))
    assert found(session, region) == []
    assert found(session, region, decisions=(Decision.DECLINED,)) == made[::-1]


def test_the_total_stops_where_nobody_counts_any_more(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make_offer(session, region)
    for number in range(4):
        suggest(session, region, offer, f"Name {number}")
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    assert listing.proposals(session, region, Wanted()).total == 3
    assert sum(listing.counts(session, region, Wanted()).values()) == 3
