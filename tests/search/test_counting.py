"""What is counted in memory is what the database counts, and what choosing it gives."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from api.core.geo import LonLat
from api.offers import facets, service
from api.offers.schemas import OfferFilter, OfferQuery
from api.regions.models import Region
from api.search.schemas import SearchQuery, SearchResults
from api.search.shelf import Shelf
from tests.factories import make_offer, make_place
from tests.offers import worlds
from tests.offers.worlds import World
from tests.search.building import build, ids, look_up, search
from tests.search.counted import TONGUES, Wishes, check_counted, listed, spoken

WORDS = [
    "angebot",
    "öffnung zirkel",
    "schulden",
    "kita kinder",
    "türkisch",
    '"und antrag"',
    "angbot",
    "geld eltern gibtesnicht",
    "Viertel 11",
    "kostenlos zu Hause",
]


@pytest.fixture(autouse=True)
def _ground(session: Session, region: Region) -> None:
    worlds.ground(session, region)


@worlds.modest
@given(world=spoken(), asked=Wishes, again=st.sampled_from([0, 2, 3]))
def test_what_is_chosen_and_counted_is_what_the_database_says(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter], again: int
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        shelf = build(session, region, tmp_path, again)
        check_counted(session, region, shelf, asked)
        savepoint.rollback()


@worlds.modest
@given(world=spoken(), asked=Wishes, words=st.lists(st.sampled_from(WORDS), min_size=5, max_size=5))
def test_what_answers_a_text_is_counted_as_the_database_counts_those_offers(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter], words: list[str]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        shelf = build(session, region, tmp_path)
        for one, q in zip(asked, words, strict=True):
            answering = ids(search(session, region, shelf, q=q))
            wanted = service.resolve(session, region, one).only(answering)
            results = search(session, region, shelf, q, one)
            assert results.facets == facets.count(session, region, wanted)
            _, found = service.found_ids(session, OfferQuery(**dict(one), per_page=200), wanted)
            assert set(ids(results)) == set(found)
        savepoint.rollback()


@worlds.modest
@given(world=spoken(), asked=Wishes, words=st.lists(st.sampled_from(["", *WORDS]), min_size=5, max_size=5))
def test_every_count_is_what_choosing_it_returns(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter], words: list[str]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        shelf = build(session, region, tmp_path)
        for one, q in zip(asked, words, strict=True):
            check_counts(session, region, shelf, one, q)
        savepoint.rollback()


def check_counts(session: Session, region: Region, shelf: Shelf, asked: OfferFilter, q: str) -> None:
    """Choose everything that can be chosen, and compare."""

    def chosen(**choice: object) -> int:
        query = SearchQuery.model_validate({**dict(asked), "q": q, **choice})
        return len(look_up(session, region, shelf, query).ids)

    counted = look_up(session, region, shelf, SearchQuery(**dict(asked), q=q)).facets
    others = [key for key in asked.space if not key.startswith("lor:")]
    expected: dict[str, dict[Any, int]] = {
        "topic": {slug: chosen(topic=[slug]) for slug in worlds.TOPICS},
        "audience": {slug: chosen(audience=[slug]) for slug in worlds.AUDIENCES},
        "language": {code: chosen(language=[code]) for code in TONGUES},
        "resource_level": {level: chosen(resource_level=[level]) for level in (2, 3, 4)},
        "space": {key: chosen(space=[*others, key]) for key in worlds.RESIDENT},
    }
    assert counted.total == chosen()
    assert counted.cost_free == chosen(cost_free=True)
    for group, counts in expected.items():
        assert getattr(counted, group) == {value: n for value, n in counts.items() if n}, (group, q)


@worlds.modest
@given(world=spoken(), asked=st.lists(worlds.questions(), min_size=4, max_size=4))
def test_lists_without_words_stand_in_the_order_of_the_database(
    session: Session, region: Region, tmp_path: Path, world: World, asked: list[OfferFilter]
) -> None:
    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        shelf = build(session, region, tmp_path, again=2)
        for one in asked:
            assert ids(search(session, region, shelf, "", one)) == listed(session, region, one)
            sorts = ["name", "verified", *(["distance"] if one.near else [])]
            for sort, group in product(sorts, [None, "level"]):
                found = ids(search(session, region, shelf, "", one, sort=sort, group=group))
                assert found == listed(session, region, one, sort=sort, group=group), (sort, group)
        savepoint.rollback()


def test_names_with_signs_and_accents_stand_where_the_database_puts_them(
    session: Session, region: Region, tmp_path: Path
) -> None:
    for name in NAMES:
        make_offer(session, region, name=name)
    shelf = build(session, region, tmp_path)
    found = ids(search(session, region, shelf))
    assert found == listed(session, region, OfferFilter())
    assert len(found) == len(NAMES)


NAMES = [
    *(
        "Café – Treff",
        "Café Treff",
        "Cafe Treffpunkt",
        "Cafeteria",
        "„Spatzennest“",
        "Spatz",
        "Spaß",
        "Spass",
    ),
    *(
        "Äpfel",
        "Apfel",
        "Apfelsaft",
        "1. Hilfe",
        "10 Minuten",
        "Eltern & Kind",
        "Eltern-Kind-Treff",
        "Elternabend",
    ),
    *("ABC Kurs", "abc Kurs", "Élan", "Elan", "Zirkus", "(Über)Leben", "Übergang", "Uhr", "школа", "السكن"),
]


@worlds.modest
@given(
    world=spoken(),
    moved=st.lists(st.tuples(st.floats(12.9, 13.1), st.floats(51.9, 52.1)), min_size=4, max_size=4),
    asked=Wishes,
    words=st.lists(st.sampled_from(["", *WORDS]), min_size=5, max_size=5),
)
def test_two_worlds_that_differ_in_hidden_addresses_alone_answer_alike(
    session: Session,
    region: Region,
    tmp_path: Path,
    world: World,
    moved: list[tuple[float, float]],
    asked: list[OfferFilter],
    words: list[str],
) -> None:
    def answers() -> list[SearchResults]:
        shelf = build(session, region, tmp_path)
        near: dict[str, Any] = {"near": "13.005,52.005", "metres": 20_000}
        return [
            *(search(session, region, shelf, q, one) for one, q in zip(asked, words, strict=True)),
            *(search(session, region, shelf, q, sort=sort, **near) for q in words for sort in SORTS),
        ]

    with session.begin_nested() as savepoint:
        worlds.settle(session, region, world)
        before = answers()
        for number, (lon, lat) in enumerate(moved):
            session.execute(MOVE, {"number": number, "lon": lon, "lat": lat, "region": region.id})
        assert answers() == before
        savepoint.rollback()


SORTS = ["best", "distance", "name"]
MOVE = text("""
  UPDATE place
  SET lon = :lon, lat = :lat, street = 'Zirkelgasse ' || :number, postcode = '12345', town = 'Angebot'
  WHERE id = (SELECT id FROM place WHERE region_id = :region AND address_hidden ORDER BY id
              LIMIT 1 OFFSET :number)
""")


def test_distances_are_those_of_the_ellipsoid_to_a_thousandth(
    session: Session, region: Region, tmp_path: Path
) -> None:
    chance = np.random.default_rng(4)
    centre = LonLat(lon=10.4, lat=51.2)
    for _ in range(60):
        east, north = chance.uniform(-0.6, 0.6, 2)
        place = make_place(session, region, centre.lon + east, centre.lat + north)
        make_offer(session, region, place)
    shelf = build(session, region, tmp_path)
    exact = text(
        "SELECT id, ST_Distance(geography(geom), geography(ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)))"
        " FROM place WHERE region_id = :region"
    )
    said = {"lon": centre.lon, "lat": centre.lat, "region": region.id}
    metres = {row[0]: row[1] for row in session.execute(exact, said)}
    expected = np.array([metres[int(place)] for place in shelf.table.place_ids])
    assert len(expected) == 60
    assert np.abs(shelf.table.metres(centre) / expected - 1).max() < 0.001


def test_a_place_without_a_point_is_at_no_distance_and_comes_last(
    session: Session, region: Region, tmp_path: Path
) -> None:
    near = make_offer(session, region, make_place(session, region, 13.005, 52.005), name="Zuletzt genannt")
    nowhere = make_offer(session, region, make_place(session, region), name="Anfangs genannt")
    shelf = build(session, region, tmp_path)
    results = search(session, region, shelf, q="genannt", near="13.005,52.005", metres=100_000)
    assert ids(results) == [near.id]
    assert nowhere.id in ids(search(session, region, shelf, q="genannt"))
    away = shelf.table.nearest(LonLat(lon=13.005, lat=52.005))
    assert np.isinf(away[shelf.table.row_of[nowhere.id]])
