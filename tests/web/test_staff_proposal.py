"""One proposal: read, previewed, decided field by field, answered; conflicts are shown, never overwritten."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.curation import public, service
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet import read
from api.history.models import Revision
from api.offers import service as offers
from api.offers.models import Offer, Status
from tests.accounts.people import Browser
from tests.curation.sheets import OTHER, by
from tests.web.staff_queue import EAST, SECRET, WEST, Town, make_town


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer."""
    return make_town(database)


def send(browser: Browser, number: int, how: str = "entscheiden", query: str = "", **fields: str) -> int:
    """Send the form of a proposal; `urteil_name` stands for `urteil-name`."""
    page = f"/pflege/vorschlag/{number}"
    names = {name.replace("_", "-", 1): value for name, value in fields.items()}
    return browser.post(f"{page}/{how}{query}", page, **names).status_code


def decision(town: Town, number: int) -> Decision:
    """Where a proposal stands now."""
    with Session(town.engine) as session:
        return session.get_one(Proposal, number).decision


def report(town: Town, about: public.About, text: str = "", offer_id: int = 0) -> int:
    """A resident reports something."""
    with town.open() as (session, region):
        public.report(session, region, offer_id or town.west, about, text)
        return max(session.exec(select(Proposal.id)))


def new(town: Town, **values: object) -> int:
    """Somebody suggests an offer."""
    changes = {name: {"old": None, "new": value} for name, value in values.items()}
    with town.open() as (session, region):
        return service.propose(session, by(region), Kind.CREATE, "", changes)[0].id


def test_each_field_stands_beside_what_was(town: Town) -> None:
    number = town.suggest(town.west, summary="Kaffee & Rat", topics=["familie"])
    page = town.person().get(f"/pflege/vorschlag/{number}").text
    assert "Kaffee &amp; Rat" in page
    assert re.search(r"<dt>Bisher</dt><dd[^>]*>Geld</dd>", page)
    assert re.search(r"<dt>Neu</dt><dd[^>]*>Familie</dd>", page)
    assert "über den Link aus der E-Mail" in page


def test_fields_are_decided_one_by_one_and_the_next_follows(town: Town) -> None:
    first = town.suggest(town.west, summary="neu", name="Anders")
    second = town.suggest(town.east, summary="neu")
    browser = town.person()
    fields = {"urteil_summary": "ja", "urteil_name": "nein", "grund_name": "So heißt es nicht."}
    assert send(browser, first, query="?art=aenderungen", **fields) == 303
    assert browser.last is not None
    address = browser.last.headers["location"]
    assert address == f"/pflege/vorschlag/{second}?art=aenderungen&fertig=entschieden"
    assert "Hier ist das Nächste" in browser.get(address).text
    assert (town.offer(town.west).name, town.offer(town.west).summary) == (WEST, "neu")
    assert decision(town, first) == Decision.ACCEPTED
    assert "So heißt es nicht." in browser.get(f"/pflege/vorschlag/{first}").text
    assert send(browser, second, query="?art=aenderungen", alle="nein") == 303
    assert browser.last.headers["location"] == "/pflege/aufgaben?art=aenderungen&fertig=entschieden"
    assert decision(town, second) == Decision.DECLINED


def test_one_button_accepts_all_and_what_is_left_stays_open(town: Town) -> None:
    number = town.suggest(town.west, summary="neu", name="Anders")
    browser = town.person()
    assert send(browser, number) == 422
    assert send(browser, number, urteil_summary="ja") == 303
    assert browser.last is not None
    assert browser.last.headers["location"] == f"/pflege/vorschlag/{number}?fertig=offen"
    assert (town.offer(town.west).name, decision(town, number)) == (WEST, Decision.OPEN)
    assert send(browser, number, alle="ja") == 303
    assert town.offer(town.west).name == "Anders"
    assert send(browser, number, alle="ja") == 422
    assert "Darüber ist entschieden" in browser.get(f"/pflege/vorschlag/{number}").text


def test_who_was_faster_is_shown_and_not_overwritten(town: Town) -> None:
    number = town.suggest(town.west, name="Anders", summary="neu")
    browser = town.person()
    browser.get(f"/pflege/vorschlag/{number}")
    with town.open() as (session, region):
        offers.change(session, by(region, OTHER), session.get_one(Offer, town.west), {"name": "Dazwischen"})
    assert send(browser, number, urteil_name="ja") == 409
    assert browser.last is not None
    assert "Jetzt steht da" in browser.last.text
    assert town.offer(town.west).name == "Dazwischen"
    assert send(browser, number, alle="ja") == 303
    assert (town.offer(town.west).name, town.offer(town.west).summary) == ("Dazwischen", "neu")
    fields = {"urteil_name": "ja", "gesehen_name": '"Dazwischen"'}
    assert send(browser, number, **fields) == 303
    assert town.offer(town.west).name == "Anders"


def test_the_preview_shows_the_public_page_and_changes_nothing(town: Town) -> None:
    number = town.suggest(town.west, name="Ganz neuer Name")
    fresh = new(town, name="Nagelneu", summary="Noch nicht da")
    browser = town.person()
    with Session(town.engine) as session:
        before = len(session.exec(select(Revision)).all())
    for one, said in ((number, "Ganz neuer Name"), (fresh, "Nagelneu")):
        page = browser.get(f"/pflege/vorschlag/{one}/vorschau")
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert f"{said}</h1>" in page.text
        assert "Das ist eine Vorschau" in page.text
    with Session(town.engine) as session:
        assert len(session.exec(select(Revision)).all()) == before
    assert town.offer(town.west).name == WEST


def test_a_new_offer_is_published_or_not(town: Town) -> None:
    yes, no = new(town, name="Kiezladen", summary="Hilfe"), new(town, name="Werbung")
    browser = town.person()
    assert send(browser, yes, wahl="ja", urteil_summary="nein") == 303
    assert send(browser, no, alle="nein") == 303
    assert (decision(town, yes), decision(town, no)) == (Decision.ACCEPTED, Decision.DECLINED)
    assert browser.client.get("/angebot/kiezladen").status_code == 200
    assert browser.client.get("/angebot/werbung").status_code == 404


def test_a_report_is_answered_with_a_correction(town: Town) -> None:
    number = report(town, public.About.CONTACT, "Die Nummer ist falsch")
    browser = town.person()
    page = browser.get(f"/pflege/vorschlag/{number}").text
    assert "Die Nummer ist falsch" in page
    path = re.search(r'name="wert-(contacts/\d+/phone)"', page)
    assert path
    mail = path[1].replace("phone", "email")
    wrong = {f"wert-{mail}": "keine Adresse", "was": "erledigt"}
    answer = browser.post(f"/pflege/vorschlag/{number}/antworten", f"/pflege/vorschlag/{number}", **wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "keine Adresse" in answer.text
    right = {f"wert-{path[1]}": "030 5550123", "was": "erledigt", "antwort": "Danke!"}
    answer = browser.post(f"/pflege/vorschlag/{number}/antworten", f"/pflege/vorschlag/{number}", **right)
    assert answer.headers["location"] == "/pflege/aufgaben?fertig=beantwortet"
    assert decision(town, number) == Decision.ACCEPTED
    with Session(town.engine) as session:
        contacts = read(session, session.get_one(Offer, town.west))["contacts"]
    assert [one["phone"] for one in contacts.values()] == ["030 5550123"]


@pytest.mark.parametrize(
    ("was", "expected", "status"),
    [
        ("erledigt", Decision.ACCEPTED, Status.PUBLISHED),
        ("nichts", Decision.DECLINED, Status.PUBLISHED),
        ("archivieren", Decision.ACCEPTED, Status.ARCHIVED),
    ],
)
def test_a_report_is_answered_without_one(town: Town, was: str, expected: Decision, status: Status) -> None:
    number = report(town, public.About.GONE)
    assert send(town.person(), number, "antworten", was=was) == 303
    assert (decision(town, number), town.offer(town.west).status) == (expected, status)


def test_values_are_decided_and_not_just_answered(town: Town) -> None:
    number = town.suggest(town.west, summary="neu")
    assert send(town.person(), number, "antworten", was="erledigt") == 404
    assert decision(town, number) == Decision.OPEN


def test_who_may_only_read_decides_nothing(town: Town) -> None:
    number = town.suggest(town.west, summary="neu")
    editor = town.person(Role.EDITOR)
    page = editor.get(f"/pflege/vorschlag/{number}").text
    assert "Darüber entscheidet die Koordination" in page
    assert "Alles übernehmen" not in page
    assert send(editor, number, alle="ja") == 403
    far = town.person(space="Viertel 2")
    proof = far.proof("/pflege")
    for how in ("entscheiden", "antworten"):
        sent = {"formular": proof, "alle": "ja", "was": "erledigt"}
        assert far.client.post(f"/pflege/vorschlag/{number}/{how}", data=sent).status_code == 404
    assert far.get(f"/pflege/vorschlag/{number}/vorschau").status_code == 404
    assert decision(town, number) == Decision.OPEN


def test_a_hidden_address_is_shown_to_those_who_decide_alone(town: Town) -> None:
    with town.open() as (session, region):
        sheet = read(session, session.get_one(Offer, town.hidden))
        (key,) = sheet["places"]
        street = {"old": SECRET, "new": "Geheimgasse 8"}
        changes = {f"places/{key}/street": street, "name": {"old": "Schutzhaus", "new": "Haus"}}
        number = service.suggest_changes(session, by(region, OTHER), town.hidden, changes)
    reading = town.person(Role.EDITOR).get(f"/pflege/vorschlag/{number}").text
    assert "(verborgen)" in reading
    assert SECRET not in reading
    assert "Geheimgasse" not in reading
    deciding = town.person()
    assert "Geheimgasse 8" in deciding.get(f"/pflege/vorschlag/{number}").text
    assert "Geheimgasse" not in deciding.get(f"/pflege/vorschlag/{number}/vorschau").text


def test_four_eyes_are_asked_for_in_german(town: Town) -> None:
    browser = town.person()
    with town.open() as (_session, region):
        region.four_eyes = True
    number = town.suggest(town.east, actor="account:1", summary="neu")
    page = browser.get(f"/pflege/vorschlag/{number}").text
    assert EAST in page
    assert "Vier-Augen-Prinzip" in page
    assert send(browser, number, alle="ja") == 409
    assert browser.last is not None
    assert "jemand anderen" in browser.last.text
    assert decision(town, number) == Decision.OPEN
