"""Several decisions at once: previewed, done as far as possible, taken back as a whole, without scripts."""

import os
import re
import subprocess
import sys

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.accounts.models import Role
from api.curation import public, service
from api.curation.models import Decision, Kind, Proposal
from api.doubts.finding import Finding
from api.doubts.models import Kind as Doubt
from api.doubts.models import State
from api.doubts.settling import settle
from api.offers.models import Offer, Status
from api.organizations.models import Organization
from tests.accounts.people import Browser
from tests.curation.sheets import by
from tests.web.staff_doubts import RIGHT, WRONG, line, look, phone, set_value, state
from tests.web.staff_queue import EAST, WEST, Town, make_town

BULK = "/pflege/aufgaben/auswahl"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer."""
    return make_town(database)


def preview(browser: Browser, art: str, tun: str, *numbers: int) -> str:
    """What the page says that would happen."""
    chosen = "&".join(f"wahl={number}" for number in numbers)
    return browser.get(f"{BULK}?art={art}&tun={tun}&{chosen}").text


def do(browser: Browser, art: str, tun: str, *numbers: int) -> str:
    """Look at the preview and press its button; the address of what came of it."""
    page = preview(browser, art, tun, *numbers)
    seen = dict(re.findall(r'name="(gesehen-\d+)" value="(\w*)"', page))
    path = f"{BULK}?art={art}&tun={tun}"
    answer = browser.post(path, "/pflege", **seen)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def undo(browser: Browser, result: str) -> str:
    """Take all of it back; the page afterwards."""
    path, _, query = result.partition("?")
    answer = browser.post(f"{path}/zuruecknehmen?{query}", result)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def decisions(town: Town, *numbers: int) -> list[Decision]:
    with Session(town.engine) as session:
        return [session.get_one(Proposal, number).decision for number in numbers]


def new(town: Town, **values: object) -> int:
    """Somebody suggests an offer."""
    changes = {name: {"old": None, "new": value} for name, value in values.items()}
    with town.open() as (session, region):
        return service.propose(session, by(region, "public"), Kind.CREATE, "", changes)[0].id


def offers_called(town: Town, name: str) -> list[int]:
    with Session(town.engine) as session:
        return list(session.exec(select(Offer.id).where(col(Offer.name) == name)))


def test_the_list_lets_choose_without_scripts(town: Town) -> None:
    first, second = (town.suggest(one, summary="neu") for one in (town.west, town.east))
    browser = town.person()
    page = browser.get("/pflege/aufgaben?art=aenderungen&thema=geld").text
    assert page.count('form="auswahl" name="wahl"') == 1
    page = browser.get("/pflege/aufgaben?art=aenderungen").text
    for number in (first, second):
        assert f'type="checkbox" form="auswahl" name="wahl" value="{number}" >' in page
    assert 'name="art" value="aenderungen"' in page
    assert browser.get("/pflege/aufgaben?art=aenderungen&alle=ja").text.count("checked>") >= 2
    # Residents' words are answered; only nonsense goes at once. Editors decide nothing.
    with town.open() as (session, region):
        public.report(session, region, town.west, public.About.OTHER, "Hallo")
        public.report(session, region, town.east, public.About.OTHER, "Hallo")
    page = browser.get("/pflege/aufgaben?art=hinweise").text
    assert re.findall(r'name="tun" value="(\w+)">(?!Ich)', page.split('id="auswahl"')[1]) == ["declined"]
    editor = town.person(Role.EDITOR).get("/pflege/aufgaben?art=aenderungen").text
    assert 'form="auswahl"' not in editor


def test_changes_are_previewed_accepted_and_taken_back(town: Town) -> None:
    one = town.suggest(town.west, summary="Kaffee", name="Café am Park")
    other = town.suggest(town.east, summary="Tee")
    browser = town.person()
    page = plain(preview(browser, "aenderungen", "accepted", one, other))
    assert "Diese Vorschläge annehmen?" in page
    assert "Name Bisher Café West Neu Café am Park" in page
    assert "Auswahl annehmen (2)" in page
    assert town.offer(town.west).name == WEST  # looking does nothing
    result = do(browser, "aenderungen", "accepted", one, other)
    shown = plain(browser.get(result).text)
    assert "Getan (2)" in shown
    assert "Alles zurücknehmen" in shown
    assert (town.offer(town.west).name, town.offer(town.east).summary) == ("Café am Park", "Tee")
    assert decisions(town, one, other) == [Decision.ACCEPTED, Decision.ACCEPTED]

    set_value(town, town.east, "summary", "Tee und Gebäck")  # what people write meanwhile stays
    page = undo(browser, result)
    assert "Was danach geändert wurde, ist so geblieben" in page
    assert (town.offer(town.west).name, town.offer(town.west).summary) == (WEST, "")
    assert town.offer(town.east).summary == "Tee und Gebäck"
    assert decisions(town, one, other) == [Decision.OPEN, Decision.OPEN]
    assert "Alles zurücknehmen" not in page
    path, _, query = result.partition("?")
    assert browser.post(f"{path}/zuruecknehmen?{query}", "/pflege").status_code == 409
    assert do(browser, "aenderungen", "accepted", one).startswith(f"{BULK}/2")  # it waits as before


def test_what_cannot_be_done_is_said_before_and_left(town: Town) -> None:
    fine, conflict = town.suggest(town.west, summary="neu"), town.suggest(town.east, name="Anders")
    partly = town.suggest(town.west, topics=["familie"], cost="free")
    set_value(town, town.east, "name", "Dazwischen")
    with town.open() as (session, region):
        public.report(session, region, town.west, public.About.OTHER, "Hallo")
        words = max(session.exec(select(Proposal.id)))
        region.four_eyes = True
    browser = town.person()
    own = town.suggest(town.west, actor="account:1", description="von mir")
    page = plain(preview(browser, "aenderungen", "accepted", fine, conflict, words, own, partly, 999))
    assert "Auswahl annehmen (2)" in page
    assert "Inzwischen steht etwas anderes da" in page
    assert "Worte, die jemand beantworten muss" in page
    assert "Vier-Augen-Prinzip" in page
    assert "nicht in Ihren Aufgaben: 1" in page
    path = f"/pflege/vorschlag/{partly}"
    browser.post(f"{path}/entscheiden", path, **{"urteil-topics": "nein"})

    # Between looking and pressing the button somebody else is faster.
    seen = {f"gesehen-{number}": "" for number in (fine, conflict, own, partly, 999)}
    set_value(town, town.west, "summary", "schneller")
    answer = browser.post(f"{BULK}?art=aenderungen&tun=accepted", "/pflege", **seen)
    shown = plain(browser.get(answer.headers["location"]).text)
    assert "Getan (1)" in shown
    assert "Liegen geblieben (3)" in shown
    assert shown.count("Jemand war schneller") == 2
    assert shown.count("Vier-Augen-Prinzip") == 1
    assert town.offer(town.west).summary == "schneller"
    # What was declined before stays declined.
    assert (town.offer(town.west).topics, town.offer(town.west).cost) == (["geld"], "free")
    assert decisions(town, fine, conflict, own, partly) == [*[Decision.OPEN] * 3, Decision.ACCEPTED]
    again = plain(preview(browser, "aenderungen", "accepted", partly))
    assert "Das hat schon jemand entschieden" in again
    undo(browser, answer.headers["location"])
    assert town.offer(town.west).cost == "unknown"
    page = browser.get(path).text
    assert "abgelehnt" in page  # the part that was declined by itself
    assert decisions(town, partly) == [Decision.OPEN]


def test_new_offers_and_withdrawals_go_and_come_back(town: Town) -> None:
    kept, spam = new(town, name="Kiezladen", summary="Hilfe"), new(town, name="Werbung")
    with town.open() as (session, region):
        gone = service.propose(session, by(region), Kind.WITHDRAW, "", {}, offer_id=town.west)[0].id
    browser = town.person()
    accepted = do(browser, "neu", "accepted", kept)
    declined = do(browser, "neu", "declined", spam)
    left = do(browser, "abmeldungen", "accepted", gone)
    assert browser.client.get("/angebot/kiezladen").status_code == 200
    assert town.offer(town.west).status == Status.ARCHIVED
    for result in (accepted, declined, left):
        assert "alles zurückgenommen" in undo(browser, result)
    assert offers_called(town, "Kiezladen") == []
    assert town.offer(town.west).status == Status.PUBLISHED
    assert decisions(town, kept, spam, gone) == [Decision.OPEN] * 3
    accepted = do(browser, "neu", "accepted", kept)
    (number,) = offers_called(town, "Kiezladen")
    set_value(town, number, "summary", "Viel Hilfe")  # a new offer that somebody has edited stays
    assert "ist so geblieben" in undo(browser, accepted)
    assert offers_called(town, "Kiezladen") == [number]
    assert decisions(town, kept) == [Decision.ACCEPTED]


def test_the_command_for_imports_takes_them_back_as_well(town: Town, owner_url: str) -> None:
    number = town.suggest(town.west, name="Café am Park")
    result = do(town.person(), "aenderungen", "accepted", number)
    batch = result.partition("?")[0].rpartition("/")[2]
    done = subprocess.run(
        [sys.executable, "-m", "importers.undo", batch],
        env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (town.offer(town.west).name, decisions(town, number)) == (WEST, [Decision.OPEN])


def test_doubts_are_taken_over_or_right_so(town: Town) -> None:
    for offer_id in (town.west, town.east):
        path = "contacts/phone" if offer_id == town.west else ""
        if path:
            set_value(town, offer_id, path, WRONG)
    look(town)
    number = line(town, Doubt.PHONE_EXTRA_ZERO).id
    missing = [line(town, Doubt.SUMMARY_MISSING, one).id for one in (town.west, town.east)]
    browser = town.person()
    page = plain(preview(browser, "telefon", "taken", number))
    assert f"Bisher {WRONG} Neu {RIGHT}" in page
    assert "niemand einen besseren Wert" in plain(preview(browser, "auffaellig", "taken", *missing))
    taken = do(browser, "telefon", "taken", number)
    assert phone(town, town.west) == RIGHT
    assert state(town, Doubt.PHONE_EXTRA_ZERO, town.west) == [State.SETTLED]
    undo(browser, taken)
    assert phone(town, town.west) == WRONG
    assert State.OPEN in state(town, Doubt.PHONE_EXTRA_ZERO, town.west)

    editor = town.person(Role.EDITOR)
    assert "entscheidet die Koordination" in preview(editor, "telefon", "taken", number)
    result = do(editor, "auffaellig", "dismissed", *missing)
    assert state(town, Doubt.SUMMARY_MISSING, town.west) == [State.DISMISSED]
    assert "Getan (2)" in plain(editor.get(result).text)
    path = f"/pflege/zweifel/{missing[0]}"  # somebody else says so again, with a reason: that stays
    for how, now in (("wieder", State.DISMISSED), ("stimmt", State.OPEN)):
        seen = line(town, Doubt.SUMMARY_MISSING, town.west, now).seen
        assert browser.post(f"{path}/{how}", path, gesehen=seen).status_code == 303
    undo(editor, result)
    assert state(town, Doubt.SUMMARY_MISSING, town.east) == [State.OPEN]
    assert state(town, Doubt.SUMMARY_MISSING, town.west) == [State.DISMISSED]


def test_only_who_may_do_it_does_it_and_sees_it(town: Town) -> None:
    number, other = town.suggest(town.west, summary="neu"), town.suggest(town.east, summary="neu")
    sent = {f"gesehen-{number}": "", f"gesehen-{other}": ""}
    far = town.person(space="Viertel 2")
    assert WEST not in preview(far, "aenderungen", "accepted", number, other)
    answer = far.post(f"{BULK}?art=aenderungen&tun=accepted", "/pflege", **sent)
    assert decisions(town, number, other) == [Decision.OPEN, Decision.ACCEPTED]
    result = answer.headers["location"]
    assert far.get(result).status_code == 200
    near, chief = town.person(space="Viertel 1"), town.person()
    assert near.get(result).status_code == 404
    path = result.partition("?")[0]
    denied = near.client.post(f"{path}/zuruecknehmen", data={"formular": near.proof("/pflege")})
    assert denied.status_code == 404
    editor = town.person(Role.EDITOR)
    refused = editor.post(f"{BULK}?art=aenderungen&tun=accepted", "/pflege", **sent)
    assert refused.status_code == 422
    assert decisions(town, number) == [Decision.OPEN]
    undo(chief, result)
    assert decisions(town, other) == [Decision.OPEN]
    assert EAST in chief.get(result).text


def test_what_others_share_is_left_to_who_looks_after_all(town: Town) -> None:
    """As on the page of one proposal, of one doubt: the page of a provider is that of all its offers."""
    with town.open() as (session, region):
        verein = Organization(region_id=region.id, name="Verein", website="https://alt.example")
        session.add(verein)
        session.flush()
        for offer_id in (town.west, town.east):
            session.get_one(Offer, offer_id).organization_id = verein.id
        moved = {"organization_website": "https://dort.example"}
        doubt = Finding(town.west, Doubt.LINK_MOVED, "organization_website", "x", proposed=moved)
        settle(session, region.id, [town.west], [doubt])
        number = verein.id
    proposal = town.suggest(town.west, organization_website="https://neu.example")
    moved_id = line(town, Doubt.LINK_MOVED).id
    near, chief = town.person(space="Viertel 1"), town.person()
    for art, tun, one, seen in (("aenderungen", "accepted", proposal, ""), ("links", "taken", moved_id, "x")):
        assert "nicht zuständig" in preview(near, art, tun, one)
        answer = near.post(f"{BULK}?art={art}&tun={tun}", "/pflege", **{f"gesehen-{one}": seen})
        assert answer.status_code == 422
        with Session(town.engine) as session:
            assert session.get_one(Organization, number).website == "https://alt.example"
    assert "nicht zuständig" not in preview(chief, "aenderungen", "accepted", proposal)
    # A number that is written in another way is the same thing.
    answer = chief.post(f"{BULK}?art=aenderungen&tun=accepted", "/pflege", **{f"gesehen-00{proposal}": ""})
    assert answer.status_code == 303
    with Session(town.engine) as session:
        assert session.get_one(Organization, number).website == "https://neu.example"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("art=aenderungen&tun=accepted", 422),
        ("art=aenderungen&tun=accepted&wahl=x&wahl=&wahl=-1&wahl=" + "9" * 30, 422),
        ("art=aenderungen&tun=accepted&wahl=99999999", 200),
        ("art=aenderungen&tun=quatsch&wahl=1", 404),
        ("art=hinweise&tun=accepted&wahl=1", 404),
        ("art=quatsch&tun=accepted&wahl=1", 404),
        ("", 404),
    ],
)
def test_nonsense_breaks_nothing(town: Town, query: str, status: int) -> None:
    browser = town.person()
    assert browser.get(f"{BULK}?{query}").status_code == status
    assert browser.get(f"{BULK}/{10**30}").status_code in (404, 422)
    assert browser.get(f"{BULK}/999").status_code == 404
