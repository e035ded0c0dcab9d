"""A committed change is in the next answer of every process, whoever asks first."""

import random
from collections.abc import Callable
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from api.offers import service as offers
from api.regions.models import Region
from api.search import refreshing
from api.search.shelf import Shelf
from tests.factories import act, box, make_division, make_offer, make_place, make_region, make_space
from tests.search.changes import (
    DEBTS,
    EVERYTHING,
    FOOTBALL,
    THEATRE,
    TODDLERS,
    audience,
    contact,
    move,
    note,
    offer,
    place,
    rename_provider,
    space,
    take_away,
    topic,
)
from tests.search.town import (
    Change,
    Process,
    Question,
    commit,
    offer_named,
    region_named,
    same,
)

Starts = Callable[[], Process]


class Case(NamedTuple):
    """A change, and what a question finds before and after it."""

    change: Change
    question: Question
    before: set[str]
    after: set[str]


CASES = {
    "an offer is added": Case(
        lambda s, r: make_offer(s, r, name="Nähwerkstatt"), {"q": "nähwerkstatt"}, set(), {"Nähwerkstatt"}
    ),
    "an offer says more": Case(
        offer(TODDLERS, description="Wir trommeln."), {"q": "trommeln"}, set(), {TODDLERS}
    ),
    "an offer says less": Case(
        offer(FOOTBALL, summary=""), {"q": '"hilfe für alle"'}, EVERYTHING, {DEBTS, TODDLERS}
    ),
    "an offer has another name": Case(
        offer(TODDLERS, name="Spielkreis"), {"q": "spielkreis"}, set(), {"Spielkreis"}
    ),
    "an offer has lost its name": Case(
        offer(TODDLERS, name="Spielkreis"), {"q": "krabbelgruppe"}, {TODDLERS}, set()
    ),
    "an offer is withdrawn": Case(offer(FOOTBALL, status="paused"), {"q": "fußball"}, {FOOTBALL}, set()),
    "an offer is published": Case(
        offer(THEATRE, status="published"), {"q": "theaterprobe"}, set(), {THEATRE}
    ),
    "an offer is deleted": Case(take_away, {"q": "schuldnerberatung"}, {DEBTS}, set()),
    "an offer meets elsewhere": Case(move, {"near": "13.05,52.05"}, {DEBTS}, {DEBTS, TODDLERS}),
    "an offer costs nothing now": Case(
        offer(TODDLERS, cost="free"), {"cost_free": True}, {DEBTS}, {DEBTS, TODDLERS}
    ),
    "an offer is given in another language": Case(
        offer(DEBTS, languages=["ar"]), {"language": ["ar"]}, set(), {DEBTS}
    ),
    "an offer gets a note": Case(note, {"q": "hinterhof"}, set(), {FOOTBALL}),
    "a place is moved": Case(place("Marktplatz", lon=13.04), {"space": ["lor:1"]}, {DEBTS}, EVERYTHING),
    "a place moves to another street": Case(
        place("Haus Regenbogen", street="Birkenweg 2"), {"q": "birkenweg"}, set(), {DEBTS}
    ),
    "a place is hidden": Case(
        place("Haus Regenbogen", address_hidden=True), {"q": "lindenallee"}, {DEBTS}, set()
    ),
    "a place belongs to every space once it is hidden": Case(
        place("Haus Regenbogen", address_hidden=True), {"space": ["lor:2"]}, {TODDLERS, FOOTBALL}, EVERYTHING
    ),
    "a contact is for professionals only": Case(
        contact(is_public=False), {"q": "tannenzapf"}, {DEBTS}, set()
    ),
    "a provider has another name": Case(rename_provider, {"q": "abendstern"}, set(), {DEBTS}),
    "a space is redrawn": Case(
        space("Altstadt", "geom", box(13.16, 52.0, 13.2, 52.1)),
        {"space": ["lor:2"]},
        {TODDLERS, FOOTBALL},
        set(),
    ),
    "a space has another name": Case(
        space("Fennpfuhl", "name", "Weidenkoppel"), {"q": "weidenkoppel"}, set(), {DEBTS}
    ),
    "a topic gets a synonym": Case(
        topic("schulden", "synonyms", ["Kuckuckskleber"]), {"q": "kuckuckskleber"}, set(), {DEBTS}
    ),
    "a topic stands elsewhere": Case(
        topic("schulden", "parent_id", None), {"topic": ["geld"]}, {DEBTS}, set()
    ),
    "a group has another name": Case(audience, {"q": "nachtigallen"}, set(), {TODDLERS}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_both_processes_see_a_change_at_once(town: Engine, start: Starts, oracle: Starts, case: Case) -> None:
    first, second = start(), start()
    for process in (first, second):
        assert process.finds(**case.question) == case.before
    commit(town, case.change)
    for process in (first, second):
        assert process.finds(**case.question) == case.after
    same(oracle(), first, second)


def test_a_change_leaves_the_index_of_another_region_alone(
    town: Engine, start: Starts, folder: object
) -> None:
    process = start()
    for slug in ("stadt", "kreis"):
        process.finds(slug=slug)
    with Session(town) as session:
        kreis = region_named(session, "kreis")
        shelf = process.shelves.at(kreis)
        commit(town, offer(TODDLERS, name="Spielkreis"))
        session.refresh(kreis)
        assert process.finds("spielkreis") == {"Spielkreis"}
        assert process.shelves.at(kreis) is shelf


def test_an_offer_that_moves_to_another_region_is_found_there_alone(town: Engine, start: Starts) -> None:
    process = start()
    assert process.finds("krabbelgruppe") == {TODDLERS}
    assert process.finds("krabbelgruppe", "kreis") == set()
    with town.begin() as connection:
        connection.execute(text("DELETE FROM offer_at_place"))
        connection.execute(
            text(
                "UPDATE offer SET region_id = (SELECT id FROM region WHERE slug = 'kreis') WHERE name = :name"
            ),
            {"name": TODDLERS},
        )
    assert process.finds("krabbelgruppe") == set()
    assert process.finds("krabbelgruppe", "kreis") == {TODDLERS}


def test_a_region_can_be_emptied_and_filled_again(town: Engine, start: Starts, oracle: Starts) -> None:
    first, second = start(), start()
    for process in (first, second):
        assert process.finds() == EVERYTHING

    def empty(session: Session, region: Region) -> None:
        for name in EVERYTHING:
            offers.change(session, act(region), offer_named(session, name), {"status": "archived"})

    commit(town, empty)
    for process in (second, first):
        assert process.finds() == set()
        assert process.finds("krabbelgruppe") == set()
        same(oracle(), process)
    commit(town, lambda s, r: [make_offer(s, r, name=f"Neues Beet {n}") for n in range(30)] and None)
    for process in (first, second):
        assert len(process.finds("beet")) == 30
    same(oracle(), first, second)
    assert start().finds(slug="kreis") == {"Dorfhilfe"}


def test_a_region_without_offers_or_spaces_answers_by_its_index(town: Engine, start: Starts) -> None:
    with Session(town) as session, session.begin():
        make_region(session, slug="leer", is_default=False)
    process = start()
    assert process.finds(slug="leer") == set()
    assert process.finds("schulden", "leer") == set()
    with Session(town) as session, session.begin():
        leer = region_named(session, "leer")
        make_space(session, make_division(session, leer), "9", box(13, 52, 14, 53), name="Moor")
        make_offer(session, leer, make_place(session, leer, 13.5, 52.5), name="Erstes Angebot")
    assert process.finds("erstes", "leer") == {"Erstes Angebot"}
    assert process.finds("moor", "leer") == {"Erstes Angebot"}


def test_what_is_not_committed_is_not_found(town: Engine, start: Starts) -> None:
    process = start()
    with Session(town) as session:
        region = region_named(session, "stadt")
        offers.change(session, act(region), offer_named(session, TODDLERS), {"name": "Spielkreis"})
        session.flush()
        assert process.finds("krabbelgruppe") == {TODDLERS}
        assert process.finds("spielkreis") == set()
        session.rollback()
    assert process.finds("krabbelgruppe") == {TODDLERS}
    commit(town, offer(FOOTBALL, name="Turnstunde"))
    assert process.finds("spielkreis") == set()
    assert process.finds("krabbelgruppe") == {TODDLERS}


def test_words_that_nobody_uses_any_more_are_neither_known_nor_meant(town: Engine, start: Starts) -> None:
    commit(town, lambda s, r: make_offer(s, r, name="Quittenernte") and None)
    process = start()
    assert process.finds("quittenernte") == {"Quittenernte"}
    commit(town, offer("Quittenernte", status="paused"))
    assert process.answer({"q": "quittenernte"}).unknown == ["quittenernte"]
    assert process.answer({"q": "quitenernte"}).did_you_mean is None


def test_the_street_of_a_place_that_was_hidden_is_not_told_to_who_mistypes_it(
    town: Engine, start: Starts
) -> None:
    process = start()
    assert process.answer({"q": "lindnallee"}).did_you_mean is not None
    commit(town, place("Haus Regenbogen", address_hidden=True))
    answer = process.answer({"q": "lindnallee"})
    assert (answer.total, answer.did_you_mean) == (0, None)


WALK: list[Change] = [
    *(case.change for case in CASES.values() if case.change not in (take_away, move)),
    *(offer(name, summary=f"Heute: {word}") for name in EVERYTHING for word in ("Kuchen", "Tee", "Schulden")),
    *(offer(name, status=status) for name in EVERYTHING for status in ("paused", "published", "published")),
    offer(TODDLERS, topics=["geld", "kita"]),
    offer(TODDLERS, topics=["kita"]),
    place("Haus Regenbogen", address_hidden=False),
    place("Marktplatz", lon=13.15),
    contact(is_public=True),
]


def walk(engine: Engine, processes: list[Process], steps: int, oracle: Starts) -> None:
    """Make changes at random, by which some processes fall behind; who is asked answers as if built anew."""
    chance = random.Random(4)
    for _ in range(steps):
        change = chance.choice(WALK)
        with Session(engine, expire_on_commit=False) as session:
            if _is_possible(session, change):
                session.commit()
        same(oracle(), chance.choice(processes))
    same(oracle(), *processes)


def _is_possible(session: Session, change: Change) -> bool:
    try:
        change(session, region_named(session, "stadt"))
    except NoResultFound:  # an earlier step has renamed it
        session.rollback()
        return False
    return True


def test_many_changes_one_after_the_other_leave_nothing_behind(
    town: Engine, start: Starts, oracle: Starts
) -> None:
    walk(town, [start(), start()], 8, oracle)


@pytest.mark.proof
def test_very_many_changes_one_after_the_other_leave_nothing_behind(
    town: Engine, start: Starts, oracle: Starts
) -> None:
    walk(town, [start(), start(), start()], 120, oracle)


def present(process: Process) -> Shelf:
    """Return what a process holds of "stadt"."""
    assert process.finds() == EVERYTHING
    with Session(process.engine) as session:
        shelf = process.shelves.at(region_named(session, "stadt"))
    assert shelf is not None
    return shelf


def test_an_index_that_other_rules_have_written_is_built_anew(
    town: Engine, start: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = present(start())
    monkeypatch.setattr(refreshing, "rules", lambda: "of tomorrow")
    new = present(start())
    assert new.state.rules == "of tomorrow"
    assert {one.name for one in old.segments}.isdisjoint(one.name for one in new.segments)
