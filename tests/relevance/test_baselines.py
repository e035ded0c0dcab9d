"""Both baselines find what anybody would expect of them, filter truly and count what they would return."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from api.core.geo import LonLat
from bench.search.corpus import Document
from bench.search.engine import Engine, Filter

ALL = 1000
Offers = dict[int, Document]

FITS: dict[str, tuple[Filter, Callable[[Document], bool]]] = {
    "topic": (Filter(topic="schule"), lambda one: "schule" in one.topics),
    "audience": (Filter(audience="familien"), lambda one: "familien" in one.audiences),
    "language": (Filter(language="tr"), lambda one: "tr" in one.languages),
    "age": (Filter(age=0), lambda one: (one.min_age or 0) <= 0),
    "old": (Filter(age=70), lambda one: (one.min_age or 0) <= 70 and (one.max_age or 70) >= 70),
    "cost_free": (Filter(cost_free=True), lambda one: one.is_cost_free),
    "two": (
        Filter(topic="schulden", language="tr"),
        lambda one: "schulden" in one.topics and "tr" in one.languages,
    ),
}


def names(found: list[int], offers: Offers) -> list[str]:
    return [offers[number].name for number in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Schulden", "Schuldnerberatung"),
        ("Deutschkurse", "Deutschkurs für Eltern mit Kinderbetreuung"),
        ("cabuwazi", "Kinderzirkus CABUWAZI"),
        ("Schwimmen für ein Mädchen", "Schwimmen lernen für Mädchen"),
        ("schnurpfel Suchtberatung kraut", "Suchtberatung"),
        ("biblothek", "Anton-Saefkow-Bibliothek"),
    ],
)
def test_finds_the_obvious(baseline: Engine, offers: Offers, text: str, name: str) -> None:
    assert any(found.startswith(name) for found in names(baseline.find(text, Filter()).ids[:3], offers))


@pytest.mark.parametrize("text", ["asdfghjk", "Schnurpfelkraut", "99999"])
def test_finds_nothing_for_nonsense(baseline: Engine, text: str) -> None:
    found = baseline.find(text, Filter())
    assert (found.total, found.ids) == (0, [])


@pytest.mark.parametrize(
    "text", ["und", "'", '"', '"kita', "a & b | !c", "name:kita", "* OR (", "\x00", "<b>", "%s", "AND"]
)
def test_survives_what_people_type(baseline: Engine, text: str) -> None:
    assert baseline.find(text, Filter()).total >= 0


@pytest.mark.parametrize("name", FITS)
def test_a_filter_filters(baseline: Engine, offers: Offers, name: str) -> None:
    wanted, fits = FITS[name]
    assert set(baseline.find("", wanted, ALL).ids) == {number for number, one in offers.items() if fits(one)}
    for text in ("beratung", "kinder"):
        everything = baseline.find(text, Filter(), ALL).ids
        assert everything
        within = [number for number in everything if fits(offers[number])]
        assert sorted(baseline.find(text, wanted, ALL).ids) == sorted(within)


def test_near_asks_for_public_points(baseline: Engine, offers: Offers) -> None:
    at = next(one for one in offers.values() if one.points)
    point = LonLat(*at.points[0])
    close = baseline.find("", Filter(near=point, metres=50), ALL).ids
    wider = baseline.find("", Filter(near=point, metres=3000), ALL).ids
    assert at.id in close
    assert set(close) < set(wider)
    assert all(offers[number].points for number in wider)


def test_a_space_has_what_lies_in_it_or_comes(baseline: Engine, offers: Offers) -> None:
    everywhere = {number for number, one in offers.items() if one.is_everywhere}
    space = next(one.stadtteil_ids[0] for one in offers.values() if one.stadtteil_ids)
    found = set(baseline.find("", Filter(space_id=space), ALL).ids)
    assert everywhere
    assert found == everywhere | {number for number, one in offers.items() if space in one.space_ids}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("beratung", Filter()),
        ("kinder", Filter(cost_free=True)),
        ("hilfe mit jobcenter brief", Filter()),
        ("biblothek", Filter()),
        ("", Filter(topic="schule")),
    ],
)
def test_counts_are_what_choosing_returns(baseline: Engine, text: str, wanted: Filter) -> None:
    facets = baseline.find(text, wanted).facets
    assert {"topic", "space"} <= set(facets)
    groups: dict[str, Callable[[str], Filter]] = {
        "audience": lambda choice: replace(wanted, audience=choice),
        "language": lambda choice: replace(wanted, language=choice),
        "space": lambda choice: replace(wanted, space_id=int(choice)),
    }
    if wanted.topic is None:
        groups["topic"] = lambda choice: replace(wanted, topic=choice)
    for group, choosing in groups.items():
        for choice, offers in facets.get(group, {}).items():
            assert baseline.find(text, choosing(choice)).total == offers, (group, choice)
    if not wanted.cost_free:
        free = baseline.find(text, replace(wanted, cost_free=True)).total
        assert facets.get("cost_free", {}).get("true", 0) == free


def test_levels_add_up_to_the_total(baseline: Engine) -> None:
    found = baseline.find("beratung", Filter())
    assert sum(found.facets["resource_level"].values()) == found.total


def test_a_page_is_the_beginning_of_the_whole(baseline: Engine) -> None:
    whole = baseline.find("kinder", Filter(), ALL)
    page = baseline.find("kinder", Filter(), 5)
    assert page.ids == whole.ids[:5]
    assert page.total == whole.total == len(set(whole.ids))
