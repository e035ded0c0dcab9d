"""The queue: kinds with counts, the oldest first, only what lies in the scope, filters."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from api.accounts.models import Role
from api.accounts.policy import Action, Granted, Person
from api.core import clock
from api.curation import listing, public, service
from api.curation.listing import Wanted
from api.curation.models import Kind, Proposal
from api.curation.reach import reach, subject
from api.history.models import Origin
from api.spaces.models import Space
from tests.curation.sheets import by
from tests.web.staff_queue import EAST, WEST, Town, make_town
from web.staff.queue import TASKS

QUEUE = "/pflege/aufgaben"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer."""
    return make_town(database)


def suggested_new(town: Town, lon: float | None = None) -> int:
    """Somebody suggests a new offer, somewhere or nowhere."""
    values = {"name": "Kiezladen", "lon": lon, "lat": lon and 52.5}
    changes = {name: {"old": None, "new": value} for name, value in values.items() if value}
    with town.open() as (session, region):
        return service.propose(session, by(region, "account:1"), Kind.CREATE, "", changes)[0].id


def counted(html: str) -> dict[str, str]:
    """How many of each kind the page says there are."""
    found = re.findall(r"<strong>([^<]*)</strong> <span>([^<]*)</span>", html)
    return {kind: number for number, kind in found}


def names(html: str) -> list[str]:
    """What stands in the list, in its order."""
    return re.findall(r'staff-title breakable" href="[^"]*">([^<]*)<', html)


def test_kinds_are_counted_and_told_apart(town: Town) -> None:
    town.suggest(town.west, name="Neuer Name")
    suggested_new(town)
    with town.open() as (session, region):
        public.report(session, region, town.east, public.About.CONTACT, "Nummer falsch")
        listed = by(region, "import", Origin.IMPORT)
        service.propose(session, listed, Kind.WITHDRAW, "", {}, offer_id=town.east)
        gone = by(region, "account:1")
        service.propose(session, gone, Kind.WITHDRAW, "", {}, offer_id=town.west)
    browser = town.person()
    page = browser.get(QUEUE)
    assert page.status_code == 200
    counts = counted(page.text)
    assert set(counts) == {task.title for task in TASKS}
    waiting = [task for task in TASKS if counts[task.title] == "1"]
    assert [task.slug for task in waiting] == ["hinweise", "aenderungen", "neu", "abmeldungen", "importe"]
    assert names(page.text) == [EAST]
    for task in TASKS:
        shown = names(browser.get(f"{QUEUE}?art={task.slug}").text)
        assert len(shown) == (task in waiting)
    start = browser.get("/pflege").text
    said = "1 Hinweis, 1 Änderung, 1 neues Angebot, 1 Abmeldung und 1 Frage aus einer Liste."
    assert f"Auf Sie warten {said}" in start


def test_the_oldest_stands_above(town: Town) -> None:
    town.suggest(town.west, summary="neu")
    late = town.suggest(town.east, summary="neu")
    browser = town.person()
    assert names(browser.get(f"{QUEUE}?art=aenderungen").text) == [WEST, EAST]
    with town.open() as (session, _region):
        session.get_one(Proposal, late).proposed_at = clock.now() - timedelta(days=3)
    assert names(browser.get(f"{QUEUE}?art=aenderungen").text) == [EAST, WEST]


def test_who_is_there_for_one_district_sees_that_one(town: Town) -> None:
    town.suggest(town.west, summary="neu")
    other = town.suggest(town.east, summary="neu")
    secret = town.suggest(town.hidden, summary="neu")
    browser = town.person(space="Viertel 1")
    page = browser.get(f"{QUEUE}?art=aenderungen").text
    assert names(page) == [WEST]
    assert "Viertel 2" not in page
    assert "Auf Sie wartet 1 Änderung." in browser.get("/pflege").text
    for number in (other, secret, 99):
        assert browser.get(f"/pflege/vorschlag/{number}").status_code == 404
    assert len(names(town.person(Role.ADMIN).get(f"{QUEUE}?art=aenderungen").text)) == 3


@pytest.mark.parametrize("spaces", [(), ("Viertel 1",), ("Viertel 2",), ("Viertel 1", "Viertel 2")])
def test_list_and_single_proposal_agree_on_who_reaches_what(town: Town, spaces: tuple[str, ...]) -> None:
    made = [town.suggest(one, summary="neu") for one in (town.west, town.east, town.hidden)]
    made += [suggested_new(town, lon) for lon in (13.2, 13.7, None)]
    with town.open() as (session, region):
        ids = frozenset(session.exec(select(Space.id).where(col(Space.name).in_(spaces))))
        person = Person(1, "P", region.id, (Granted(region.id, Role.COORDINATOR, space_ids=ids),))
        wanted = Wanted(reach=reach(person, Action.SEE_QUEUE))
        listed = [line.id for line in listing.proposals(session, region, wanted).results]
        single = [
            number
            for number in made
            if person.may(Action.SEE_QUEUE, subject(session, session.get_one(Proposal, number)))
        ]
    assert listed == single
    assert len(listed) == (2 * len(spaces) or 6)


def test_filters_by_space_and_topic_are_kept_on_the_way(town: Town) -> None:
    town.suggest(town.west, summary="neu")
    town.suggest(town.east, summary="neu")
    browser = town.person()
    page = browser.get(f"{QUEUE}?art=aenderungen&thema=familie").text
    assert names(page) == [EAST]
    assert "?art=aenderungen&amp;thema=familie" in page
    number = re.search(r'<option value="(\d+)"[^>]*>Viertel 1<', page)
    assert number
    assert names(browser.get(f"{QUEUE}?art=aenderungen&raum={number[1]}").text) == [WEST]


@pytest.mark.parametrize(
    "query",
    ["art=quatsch", "thema=quatsch", "raum=99999", "raum=x", "seite=0", "seite=x", "seite=9999999999"],
)
def test_nonsense_in_the_address_breaks_nothing(town: Town, query: str) -> None:
    town.suggest(town.west, summary="neu")
    assert town.person().get(f"{QUEUE}?{query}").status_code == 200


def test_when_nothing_waits_it_says_so(town: Town) -> None:
    browser = town.person()
    assert "Hier wartet gerade nichts." in browser.get(QUEUE).text
    assert "Gerade wartet nichts auf Sie." in browser.get("/pflege").text


def test_who_has_no_queue_is_told_nothing_of_it(town: Town) -> None:
    town.suggest(town.west, summary="neu")
    browser = town.person(Role.COACH)
    assert browser.get(QUEUE).status_code == 403
    assert "Aufgaben" not in browser.get("/pflege").text
