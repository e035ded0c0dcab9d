"""A committed change is in the next answer of every process, whoever asks first."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session, select

from api.history import service as history
from api.offers import service as offers
from api.offers.models import Contact, OfferAtPlace
from api.offers.schemas import ContactIn
from api.organizations.models import Organization
from api.places import service as places
from api.regions.models import Region
from api.search import refreshing
from api.search.shelf import Shelf
from api.spaces.models import Space
from api.taxonomy.models import Audience, Topic
from tests.factories import act, box, make_division, make_offer, make_place, make_region, make_space
from tests.search.town import (
    Change,
    Process,
    Question,
    commit,
    offer_named,
    place_named,
    region_named,
    same,
)

Starts = Callable[[], Process]
DEBTS, TODDLERS, FOOTBALL, THEATRE = (
    "Schuldnerberatung Nord",
    "Krabbelgruppe",
    "Fußballtraining",
    "Theaterprobe",
)
EVERYTHING = {DEBTS, TODDLERS, FOOTBALL}


def offer(name: str, /, **values: object) -> Change:
    return lambda s, r: offers.change(s, act(r), offer_named(s, name), values)


def place(name: str, /, **values: object) -> Change:
    return lambda s, r: places.change(s, act(r), place_named(s, name), values)


def take_away(session: Session, region: Region) -> None:
    """Delete an offer with all that hangs on it, as undoing an import does."""
    gone = offer_named(session, DEBTS)
    for table in (OfferAtPlace, Contact):
        for row in session.exec(select(table).where(table.offer_id == gone.id)):
            history.delete(session, act(region), row)
    history.delete(session, act(region), gone)


def move(session: Session, region: Region) -> None:
    """Let the toddlers meet in the other house."""
    toddlers = offer_named(session, TODDLERS)
    at = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == toddlers.id)).one()
    offers.detach(session, act(region), at)
    offers.attach(session, act(region), toddlers, place_named(session, "Haus Regenbogen"))


def rename_provider(session: Session, region: Region) -> None:
    provider = session.exec(select(Organization)).one()
    history.change(session, act(region), provider, {"name": "Verein Abendstern"})


def space(name: str, field: str, value: str) -> Change:
    return lambda s, _r: setattr(s.exec(select(Space).where(Space.name == name)).one(), field, value)


def topic(slug: str, field: str, value: object) -> Change:
    return lambda s, _r: setattr(s.exec(select(Topic).where(Topic.slug == slug)).one(), field, value)


def contact(**values: object) -> Change:
    return lambda s, r: offers.set_contact(
        s, act(r), offer_named(s, DEBTS), ContactIn(label="Anmeldung Tannenzapf", **values)
    )


def audience(session: Session, _region: Region) -> None:
    session.exec(select(Audience)).one().names = {"de": "Nachtigallen"}


def note(session: Session, region: Region) -> None:
    football, market = offer_named(session, FOOTBALL), place_named(session, "Marktplatz")
    offers.attach(session, act(region), football, market, note="Eingang Hinterhof")


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


class Backup:
    """All tables as they were, to be put back without a trigger noticing: as a restored backup does."""

    def __init__(self, owner_url: str) -> None:
        self.owner = create_engine(owner_url)
        with self.owner.begin() as connection:
            self.tables = list(
                connection.scalars(
                    text(
                        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
                        " AND tablename NOT IN ('alembic_version', 'spatial_ref_sys') ORDER BY 1"
                    )
                )
            )
            connection.execute(text("CREATE SCHEMA backup"))
            for table in self.tables:
                connection.execute(text(f"CREATE TABLE backup.{table} AS TABLE public.{table}"))

    def restore(self) -> None:
        """Put everything back."""
        with self.owner.begin() as connection:
            for table in self.tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            connection.execute(text(f"TRUNCATE {', '.join(self.tables)}"))
            for table in ORDER:
                names = connection.scalars(COLUMNS, {"table": table}).all()
                said = ", ".join(names)
                connection.execute(
                    text(
                        f"INSERT INTO {table} ({said}) OVERRIDING SYSTEM VALUE"
                        f" SELECT {said} FROM backup.{table} ORDER BY 1"
                    )
                )
            for table in self.tables:
                connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))

    def close(self) -> None:
        with self.owner.begin() as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS backup CASCADE"))
        self.owner.dispose()


COLUMNS = text(
    "SELECT quote_ident(column_name) FROM information_schema.columns"
    " WHERE table_schema = 'public' AND table_name = :table AND is_generated = 'NEVER'"
)
ORDER = [
    *("region", "topic", "audience", "organization", "division", "space", "space_overlap", "place"),
    *("place_space", "offer", "offer_at_place", "contact", "revision", "offer_change", "region_version"),
]


@pytest.fixture
def backup(town: Engine, owner_url: str) -> Iterator[Backup]:
    """What "stadt" is before anybody changes it."""
    made = Backup(owner_url)
    yield made
    made.close()


@pytest.mark.parametrize("later", [0, 1, 3, 4])
@pytest.mark.parametrize("is_running", [True, False])
def test_a_restored_backup_is_found_and_nothing_that_came_after_it(
    town: Engine, start: Starts, oracle: Starts, backup: Backup, later: int, *, is_running: bool
) -> None:
    """The index is of three commits after the backup; then it is restored, and as many others follow."""
    process = start()
    process.finds()
    for number in range(3):
        commit(town, offer(TODDLERS, description=f"Nur Quitten {number}"))
    assert process.finds("quitten") == {TODDLERS}
    backup.restore()
    for number in range(later):
        commit(town, offer(FOOTBALL, summary=f"Jetzt {number}."))
    restored = process if is_running else start()
    assert restored.finds("quitten") == set()
    assert restored.finds("krabbelgruppe") == {TODDLERS}
    same(oracle(), restored, start())


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
