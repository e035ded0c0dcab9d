"""What is in reach of a space, and which links are missing there, are what search and lists say."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session

from api.chains import finding, service
from api.chains.schemas import Chain, ChainIn, LinkIn
from api.offers import service as offers
from api.offers.models import OfferRedirect
from api.offers.schemas import OfferFilter, OfferQuery
from api.regions.models import Region
from api.search.shelf import Shelf
from api.spaces import service as spaces
from tests.factories import act, box, make_division, make_offer, make_place, make_space, make_topic
from tests.offers import worlds
from tests.offers.worlds import RESIDENT, World
from tests.search.building import build, held

LINKS: list[dict[str, Any]] = [
    {"topic": "geld"},
    {"topic": "kita", "min_age": 7, "max_age": 12},
    {"words": "zirkel"},
    {"topic": "schulden", "words": "angebot", "max_age": 5},
]


def make_chain(session: Session, region: Region, links: list[dict[str, Any]], **changes: Any) -> Chain:
    """A published chain; each link is named by its number unless it says otherwise."""
    chain = service.create(session, act(region), ChainIn(**{"names": {"de": "Kette"}, **changes}))
    for number, link in enumerate(links, start=1):
        service.add_link(
            session, act(region), chain.id, LinkIn(**{"names": {"de": f"Glied {number}"}, **link})
        )
    service.publish(session, act(region), chain.id, is_published=True)
    return service.get(session, region.id, chain.id)


def expected(session: Session, region: Region, link: LinkIn, key: str) -> set[int]:
    """What a list says: in the space or nearby, by topic and by each age of the link; words are of names."""
    found: set[int] = set()
    low, high = link.min_age or 0, 120 if link.max_age is None else link.max_age
    bounded = link.min_age is not None or link.max_age is not None
    for age in range(low, high + 1) if bounded else [None]:
        asked = OfferFilter(space=[key], topic=[link.topic] if link.topic else [], age=age)
        wanted = offers.resolve(session, region, asked)
        _, ids = offers.found_ids(session, OfferQuery(per_page=200), wanted)
        found |= {*ids, *(offer.id for offer in offers.nearby(session, region, wanted, 200))}
    if link.words:
        named = {
            one.id for one in offers.by_ids(session, region, list(found)) if link.words in one.name.lower()
        }
        found &= named
    return found


@pytest.fixture
def _ground(session: Session, region: Region) -> None:
    worlds.ground(session, region)


@pytest.mark.usefixtures("_ground")
@worlds.modest
@given(world=worlds.worlds(), again=st.sampled_from([0, 2]))
def test_counts_are_what_lists_and_their_neighbours_give(
    session: Session, region: Region, tmp_path: Path, world: World, again: int
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        chain = make_chain(session, region, LINKS)
        shelf: Shelf | None = build(session, region, tmp_path, again)
        for shelves in (held(shelf), None):
            table = finding.tables(session, region, [chain], shelves)[chain.id]
            assert [space.key for space in table.spaces] == RESIDENT
            for number, space in enumerate(table.spaces):
                steps = finding.steps(session, region, chain, space, shelves, 200)
                for row, step in zip(table.rows, steps, strict=True):
                    right = expected(session, region, row.link, space.key)
                    assert {one.id for one in step.offers} == right, (row.link, space.key)
                    assert row.counts[number] == step.in_reach == len(right)
                    assert step.is_gap == (not right)
        savepoint.rollback()


def test_named_offers_come_first_and_the_nearest_next(
    session: Session, region: Region, tmp_path: Path
) -> None:
    worlds.ground(session, region)

    def offer(*along: float, **values: Any) -> int:
        at = [make_place(session, region, worlds.WEST + x * worlds.UNIT, 52.005) for x in along]
        return int(make_offer(session, region, at, topics=["geld"], **values).id)

    far, there, across = offer(9, 3.9), offer(9, 3.1, 2.5), offer(3.1)
    comes = offer(outreach=True)
    named = offer(-0.5, name="Amt")  # more than 1500 m away
    old = offer(0.3, name="Zuvor", status="archived")
    session.add(OfferRedirect(region_id=region.id, old_id=old, old_slug="zuvor", new_id=named))
    draft = offer(2.5, status="draft")
    session.flush()
    chain = make_chain(
        session,
        region,
        [{"topic": "geld", "offer_ids": [draft, across, old, 10**12]}, {"offer_ids": [named]}],
    )
    shelves = held(build(session, region, tmp_path))
    home = spaces.resident_space(session, region, "viertel-12")

    def found(most: int = 9) -> list[finding.Step]:
        return finding.steps(session, region, chain, home, shelves, most)

    first, second = found()
    ids = [one.id for one in first.offers]
    assert (ids[0], ids[-1]) == (across, far)
    assert set(ids[1:-1]) == {there, comes}
    nearest = {one.id: one.places[0].lon for one in first.offers if one.places}
    along = {far: 3.9, there: 2.5, across: 3.1}
    assert nearest == {one: pytest.approx(worlds.WEST + x * worlds.UNIT) for one, x in along.items()}
    assert [one.id for one in first.further] == [named]
    assert (first.in_reach, first.anywhere) == (4, 5)
    # Somebody has named an office in another quarter: it is told of, and the gap stays one.
    assert second.is_gap
    assert [one.id for one in second.further] == [named]
    assert [len(one.offers) for one in found(most=2)] == [2, 0]
    anywhere = finding.steps(session, region, chain, None, shelves, 9)
    assert [(len(one.offers), one.is_gap) for one in anywhere] == [(5, False), (1, False)]


def test_spaces_cost_no_statements(session: Session, region: Region, tmp_path: Path) -> None:
    division = make_division(session, region)
    make_topic(session, "geld")
    make_offer(session, region, make_place(session, region, 13.005, 52.005), topics=["geld"])
    chain = make_chain(session, region, [{"topic": "geld"}, {"words": "angebot", "min_age": 3}])
    shelves = held(build(session, region, tmp_path))
    said: list[str] = []
    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *args: said.append(args[2]))

    def statements() -> int:
        said.clear()
        finding.tables(session, region, [chain], shelves)
        return len(said)

    counts = []
    for number in range(12):
        west = 13 + number / 100
        make_space(session, division, str(number), box(west, 52, west + 0.01, 52.01))
        counts.append(statements())
    assert len(set(counts)) == 1
    assert len(said) < 12
