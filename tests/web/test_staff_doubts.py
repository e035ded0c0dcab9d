"""Doubts and places in the queue: answered in three ways, settled by themselves, nothing hidden shown."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.accounts.models import Role
from api.curation import service
from api.curation.models import Decision, Proposal
from api.curation.sheet import read
from api.doubts.models import Kind, State
from api.offers.models import Offer
from tests.accounts.people import Browser
from tests.curation.sheets import by, entry, place
from tests.web.staff_doubts import RIGHT, WRONG, line, look, phone, set_value, state
from tests.web.staff_queue import SECRET, WEST, Town, make_town

QUEUE = "/pflege/aufgaben"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer; one has a number that nobody can call."""
    town = make_town(database)
    set_value(town, town.west, "contacts/phone", WRONG)
    look(town)
    return town


def answer(browser: Browser, number: int, how: str, query: str = "", **fields: str) -> int:
    """Send one of the forms on the page of a doubt, as it stands there."""
    path = f"/pflege/zweifel/{number}"
    seen = re.search(r'name="gesehen" value="(\w+)"', browser.get(path).text)
    values = {"gesehen": seen[1] if seen else ""} | fields
    return browser.post(f"{path}/{how}{query}", path, **values).status_code


def location(browser: Browser) -> str:
    assert browser.last is not None
    return browser.last.headers["location"]


def test_a_proposed_number_is_taken_over_and_settles_the_doubt(town: Town) -> None:
    number = line(town, Kind.PHONE_EXTRA_ZERO).id
    browser = town.person()
    listed = browser.get(f"{QUEUE}?art=telefon").text
    assert f'href="/pflege/zweifel/{number}?art=telefon"' in listed
    assert "Null nach der Ländervorwahl" in listed
    assert "1 Telefonnummer zum Nachsehen" in browser.get("/pflege").text
    page = browser.get(f"/pflege/zweifel/{number}").text
    assert re.search(rf"<dt>Das steht da</dt><dd[^>]*>{re.escape(WRONG)}</dd>", page)
    assert re.search(rf"<dt>Vorgeschlagen</dt><dd[^>]*>{re.escape(RIGHT)}</dd>", page)
    assert answer(browser, number, "uebernehmen", "?art=telefon") == 303
    assert location(browser) == f"{QUEUE}?art=telefon&fertig=uebernommen"
    assert phone(town, town.west) == RIGHT
    assert state(town, Kind.PHONE_EXTRA_ZERO, town.west) == [State.SETTLED]
    assert answer(browser, number, "uebernehmen") == 409  # a second click
    assert "Das hat sich erledigt" in browser.get(f"/pflege/zweifel/{number}").text


def test_who_may_not_publish_suggests_it_once(town: Town) -> None:
    number = line(town, Kind.PHONE_EXTRA_ZERO).id
    editor = town.person(Role.EDITOR)
    assert "So vorschlagen" in editor.get(f"/pflege/zweifel/{number}").text
    for _click in range(2):
        assert answer(editor, number, "uebernehmen") == 303
        assert location(editor).endswith("fertig=vorgeschlagen")
    assert phone(town, town.west) == WRONG
    with Session(town.engine) as session:
        (proposal,) = session.exec(select(Proposal)).all()
    assert (proposal.decision, proposal.actor) == (Decision.OPEN, "account:1")
    with town.open() as (_session, region):
        region.four_eyes = True
    assert "So vorschlagen" in town.person().get(f"/pflege/zweifel/{number}").text
    # What was declined once and is said anew waits anew: nobody is told so in vain.
    with town.open() as (session, region):
        service.decline(session, by(region), session.get_one(Proposal, proposal.id))
    assert answer(editor, number, "uebernehmen") == 303
    with Session(town.engine) as session:
        decisions = session.scalars(select(Proposal.decision).order_by(col(Proposal.id))).all()
    assert decisions == [Decision.DECLINED, Decision.OPEN]


def test_what_is_right_so_is_not_asked_again_until_it_changes(town: Town) -> None:
    number = line(town, Kind.PHONE_EXTRA_ZERO).id
    browser = town.person(Role.EDITOR)
    assert answer(browser, number, "stimmt", "?art=telefon", notiz="Nachgefragt.") == 303
    listed = browser.get(location(browser)).text
    assert "Danach wird nicht mehr gefragt" in listed
    assert "Hier wartet gerade nichts" in listed
    assert f'action="/pflege/zweifel/{number}/wieder?art=telefon"' in listed
    page = browser.get(f"/pflege/zweifel/{number}").text
    assert "Nachgefragt." in page
    assert "Person editor sagt, dass es so stimmt" in page
    look(town)
    assert state(town, Kind.PHONE_EXTRA_ZERO, town.west) == [State.DISMISSED]
    assert answer(browser, number, "wieder") == 303
    assert state(town, Kind.PHONE_EXTRA_ZERO, town.west) == [State.OPEN]
    stale = browser.get(f"/pflege/zweifel/{number}").text
    set_value(town, town.west, "contacts/phone", "+49 030 5550199")
    look(town)
    seen = re.search(r'name="gesehen" value="(\w+)"', stale)
    assert seen
    for how in ("stimmt", "uebernehmen"):
        sent = browser.post(f"/pflege/zweifel/{number}/{how}", f"/pflege/zweifel/{number}", gesehen=seen[1])
        assert sent.status_code == 409
        assert "inzwischen etwas geändert" in sent.text
    assert state(town, Kind.PHONE_EXTRA_ZERO, town.west) == [State.OPEN]


def test_the_form_opens_where_the_field_stands(town: Town) -> None:
    browser = town.person()
    assert answer(browser, line(town, Kind.PHONE_EXTRA_ZERO).id, "aendern") == 303
    assert re.fullmatch(r"/pflege/entwurf/\d+/kontakt", location(browser))
    assert answer(browser, line(town, Kind.SUMMARY_MISSING, town.east).id, "aendern") == 303
    assert re.fullmatch(r"/pflege/entwurf/\d+/was", location(browser))


def test_every_way_to_publish_settles_doubts_at_once(town: Town) -> None:
    """Deciding, publishing a draft, archiving, bringing back and undoing: nobody has to think of it."""
    browser = town.person()
    number = town.suggest(town.east, summary="Kaffee und Rat.")
    assert state(town, Kind.SUMMARY_MISSING, town.east) == [State.OPEN]
    page = f"/pflege/vorschlag/{number}"
    assert browser.post(f"{page}/entscheiden", page, alle="ja").status_code == 303
    assert state(town, Kind.SUMMARY_MISSING, town.east) == [State.SETTLED]

    history = browser.get(f"/pflege/angebot/{town.east}/geschichte").text
    undo = re.search(rf"/pflege/angebot/{town.east}/geschichte/\d+/zuruecknehmen", history)
    assert undo
    assert browser.post(undo[0], undo[0]).status_code == 303
    assert state(town, Kind.SUMMARY_MISSING, town.east) == [State.OPEN, State.SETTLED]

    page = f"/pflege/angebot/{town.east}"
    assert browser.post(f"{page}/archivieren", page).status_code == 303
    assert State.OPEN not in state(town, Kind.SUMMARY_MISSING, town.east)
    assert browser.post(f"{page}/zurueckholen", page).status_code == 303
    assert State.OPEN in state(town, Kind.SUMMARY_MISSING, town.east)

    browser.post(f"{page}/bearbeiten", page)
    draft = location(browser).removesuffix("/was")
    fields = {"fassung": "1", "name": "Treff Ost", "summary": "Frühstück.", "tun": "weiter"}
    shown = browser.get(f"{draft}/was").text
    version = re.search(r'name="fassung" value="(\d+)"', shown)
    assert version
    browser.post(f"{draft}/was", f"{draft}/was", **(fields | {"fassung": version[1]}))
    shown = browser.get(f"{draft}/ansehen").text
    version = re.search(r'name="fassung" value="(\d+)"', shown)
    assert version
    sent = browser.post(f"{draft}/veroeffentlichen", f"{draft}/ansehen", fassung=version[1])
    assert sent.status_code == 303, sent.text
    assert State.OPEN not in state(town, Kind.SUMMARY_MISSING, town.east)


def test_a_preview_and_what_fails_leave_no_doubts_behind(town: Town) -> None:
    number = town.suggest(town.east, summary="Kaffee und Rat.")
    browser = town.person()
    assert browser.get(f"/pflege/vorschlag/{number}/vorschau").status_code == 200
    assert state(town, Kind.SUMMARY_MISSING, town.east) == [State.OPEN]


def test_only_what_lies_in_the_scope_is_shown(town: Town) -> None:
    number = line(town, Kind.PHONE_EXTRA_ZERO).id
    far = town.person(space="Viertel 2")
    assert WEST not in far.get(f"{QUEUE}?art=telefon").text
    for how in ("", "/stimmt", "/uebernehmen", "/wieder", "/aendern"):
        path = f"/pflege/zweifel/{number}{how}"
        sent = far.client.post(path, data={"formular": far.proof("/pflege")}) if how else far.get(path)
        assert sent.status_code == 404, how
    assert far.get(f"/pflege/zweifel/{10**30}").status_code in (404, 422)
    assert far.get(f"/pflege/ort/{10**30}").status_code in (404, 422)
    assert town.person(Role.COACH).get(f"/pflege/zweifel/{number}").status_code == 403
    near = town.person(space="Viertel 1")
    assert WEST in near.get(f"{QUEUE}?art=telefon").text
    listed = near.get(f"{QUEUE}?art=telefon&thema=familie").text
    assert WEST not in listed


@pytest.fixture
def unplaced(town: Town) -> int:
    """The number of a house that is on no map, with two offers under its roof; another one is hidden."""
    with town.open() as (session, region):
        spot = place(street="Ringweg 3", point=None)
        first = entry(session, region, name="Töpfern", places={"new-1": spot})
        entry(session, region, name="Nähen", places={"new-1": spot})
        hidden = place(street=SECRET, point=None, address_hidden=True)
        entry(session, region, name="Zuflucht", places={"new-1": hidden})
        ((at_place, _),) = read(session, first)["places"].items()
        return int(session.connection().exec_driver_sql(
            f"SELECT place_id FROM offer_at_place WHERE id = {at_place}"
        ).scalar_one())  # fmt: skip


def test_a_house_without_a_point_is_placed_for_all_under_its_roof(town: Town, unplaced: int) -> None:
    look(town)
    browser = town.person()
    listed = browser.get(f"{QUEUE}?art=orte").text
    assert listed.count("queue-item") == 1
    assert "Ringweg 3, 10369 Berlin" in listed
    assert SECRET not in listed
    assert "1 Ort ohne Punkt auf der Karte" in browser.get("/pflege").text
    path = f"/pflege/ort/{unplaced}"
    page = browser.get(path).text
    assert "Töpfern" in page
    assert "Nähen" in page
    fields = {"strasse": "Ringweg 3", "plz": "10369", "ort": "Berlin", "tun": "setzen"}
    for point in ("", "nirgends", "99.5, 13.2", "52.5"):
        wrong = browser.post(path, path, **fields, **{"ort/point": point})
        assert wrong.status_code == 422, point
        assert 'aria-describedby="ort/point-hilfe ort/point-fehler"' in wrong.text
    wrong = browser.post(path, path, **(fields | {"plz": "1"}), **{"ort/point": "52.5, 13.2"})
    assert wrong.status_code == 422
    assert 'id="plz-fehler"' in wrong.text
    assert browser.post(f"{path}?art=orte", path, **fields, **{"ort/point": "52.5, 13.2"}).status_code == 303
    assert location(browser) == f"{QUEUE}?art=orte&fertig=gesetzt"
    with Session(town.engine) as session:
        for name in ("Töpfern", "Nähen"):
            offer = session.exec(select(Offer).where(col(Offer.name) == name)).one()
            ((_, spot),) = read(session, offer)["places"].items()
            assert spot["point"] == {"lon": 13.2, "lat": 52.5, "precision": None}
            assert state(town, Kind.POINT_MISSING, offer.id) == [State.SETTLED]
    assert browser.get(path).status_code == 404  # a second click, later
    assert "Hier wartet gerade nichts" in browser.get(f"{QUEUE}?art=orte").text


def test_who_may_not_publish_suggests_where_it_is(town: Town, unplaced: int) -> None:
    editor = town.person(Role.EDITOR)
    path = f"/pflege/ort/{unplaced}"
    fields = {
        "strasse": "Ringweg 3",
        "plz": "10369",
        "ort": "Berlin",
        "ort/point": "52.5, 13.2",
        "tun": "setzen",
    }
    told = fields | {"formular": editor.proof(path)}
    with ThreadPoolExecutor(4) as clicks:  # all at once
        sent = list(clicks.map(lambda _click: editor.client.post(path, data=told), range(4)))
    assert {one.status_code for one in sent} == {303}
    with Session(town.engine) as session:
        assert len(session.exec(select(Proposal)).all()) == 2  # one for each of the two offers
    opened = re.search(rf"{path}/aendern/\d+", editor.get(path).text)
    assert opened
    assert editor.post(opened[0], path).status_code == 303
    assert re.fullmatch(r"/pflege/entwurf/\d+/wo", location(editor))
    assert editor.post(f"{path}/aendern/{town.west}", path).status_code == 404
    assert town.person(space="Viertel 1").get(path).status_code == 404


def test_what_no_field_can_hold_is_no_error_of_ours(town: Town, unplaced: int) -> None:
    browser = town.person()
    number = line(town, Kind.PHONE_EXTRA_ZERO).id
    for how in ("stimmt", "wieder", "uebernehmen"):
        assert answer(browser, number, how, notiz="a\0b") in (303, 409)
    path = f"/pflege/ort/{unplaced}"
    for tun in ("suchen", "setzen"):
        fields = {"strasse": "Weg\0 1", "plz": "10\0", "ort": "\0", "ort/point": "\0"}
        assert browser.post(path, path, **fields, tun=tun).status_code in (200, 422)
