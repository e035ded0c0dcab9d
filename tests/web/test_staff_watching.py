"""The page of what somebody keeps an eye on: saved, renamed, brought back; mails end with one click."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.core import clock
from api.curation import states
from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from api.watching import marks, searches
from api.watching.models import Rhythm, SavedSearch, WatchedOffer, Watcher
from tests.accounts.people import Browser
from tests.curation.sheets import by, entry, place, point
from tests.web.staff_queue import EAST, WEST, Town, make_town

PAGE = "/pflege/beobachten"
MONEY = "/angebote?thema=geld&stadtteil=viertel-1"


@pytest.fixture
def town(database: Engine) -> Town:
    return make_town(database)


@pytest.fixture
def coach(town: Town) -> Browser:
    return town.person(Role.COACH)


def send(browser: Browser, way: str = "suche", status: int = 303, **fields: str) -> str:
    """Send a form of the page; return where it leads, or what it says."""
    answer = browser.post(f"{PAGE}/{way}", PAGE, **fields)
    assert answer.status_code == status, (way, fields, answer.text)
    return str(answer.headers["location"]) if status == 303 else answer.text


def saved(town: Town) -> list[tuple[str, str]]:
    """Names and addresses of all searches that are there."""
    with Session(town.engine) as session:
        rows = session.exec(select(SavedSearch).where(SavedSearch.removed_at.is_(None)))  # type: ignore[union-attr]
        return [(row.name, row.address) for row in rows]


def listed(town: Town) -> list[int]:
    """Numbers of all offers on lists."""
    with Session(town.engine) as session:
        return list(session.exec(select(WatchedOffer.offer_id).where(WatchedOffer.removed_at.is_(None))))  # type: ignore[union-attr]


def more(town: Town, name: str, **fields: object) -> int:
    with town.open() as (session, region):
        at = {"new-1": place(street=name, point=point(13.2, 52.5))}
        return entry(session, region, **{"name": name, "topics": ["geld"], "places": at, **fields}).id


def test_a_search_from_its_address_to_what_is_new_in_it(town: Town, coach: Browser) -> None:
    assert "Sie haben noch keine Suche gespeichert." in coach.get(PAGE).text
    for _twice in ("suche", "bekannt"):
        where = send(coach, adresse=f"https://stadt.example{MONEY}&seite=2&ansicht=karte&sort=name")
        assert where == f"{PAGE}?fertig={_twice}"
    assert saved(town) == [("Geld · Viertel 1", "?thema=geld&stadtteil=viertel-1")]
    html = coach.get(PAGE).text
    assert 'href="/angebote?thema=geld&amp;stadtteil=viertel-1">Geld · Viertel 1</a>' in html
    assert "1 Angebot, nichts Neues seit" in html
    assert "Alles Neue gesehen" not in html
    for number in range(11):
        more(town, f"Neu {number}")
    html = coach.get(PAGE).text
    assert "12 Angebote, 11 neu seit" in html
    assert len(re.findall(r'href="/angebot/neu-\d+"', html)) == 10
    assert "und ein weiteres" in html
    # What comes while somebody reads is not said to be seen.
    said = re.search(r'name="fassung" value="(\w+)"', html)
    assert said
    late = more(town, "Zu spät")
    assert "Inzwischen ist noch etwas dazugekommen." in send(coach, "gesehen", 409, fassung=said[1])
    with town.open() as (session, region):
        states.archive(session, by(region), late)
    assert send(coach, "gesehen", fassung=said[1]).endswith("fertig=gesehen")
    assert "11 Angebote, nichts" not in coach.get(PAGE).text
    assert "12 Angebote, nichts Neues seit" in coach.get(PAGE).text


def test_searches_are_renamed_deleted_and_brought_back(town: Town, coach: Browser) -> None:
    send(coach, adresse=MONEY, name="  Für   Mittwoch ")
    with town.open() as (session, _region):
        number = session.exec(select(SavedSearch.id)).one()
    for typed, name in (("Geld im Westen", "Geld im Westen"), (" ", "Geld · Viertel 1")):
        assert send(coach, f"suche/{number}/name", name=typed).endswith(f"fertig=name#suche-{number}")
        assert saved(town)[0][0] == name
    for wrong, said in (
        ("x" * 81, "höchstens 80 Zeichen"),
        ("Familie Testa", "Bitte ohne Namen"),
        ("Rückruf 030 1234567", "Bitte ohne Namen"),
    ):
        html = send(coach, f"suche/{number}/name", 422, name=wrong)
        assert said in html
        assert f'value="{wrong}"' in html
    where = send(coach, f"suche/{number}/entfernen")
    html = coach.get(where).text
    assert saved(town) == []
    undo = f"{PAGE}/suche/{number}/zurueck"
    assert f'action="{undo}"' in html
    assert send(coach, f"suche/{number}/entfernen") == where  # pressed twice
    for _twice in range(2):
        assert send(coach, f"suche/{number}/zurueck").endswith(f"#suche-{number}")
    assert saved(town) == [("Geld · Viertel 1", "?thema=geld&stadtteil=viertel-1")]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"q": "brief  vom\x07", "wann": "abends", "kostenlos": "1"}, "?q=brief+vom&kostenlos=1&wann=abends"),
        ({"thema": "geld", "wann": "heute", "am": "2026-12-01"}, "?thema=geld"),
        ({"thema": "geld", "nahe": "13.21234,52.51234", "umkreis": "5", "sort": "entfernung"}, "?thema=geld"),
        ({"alter": "7", "sprache": "tr", "gruppe": "ebene"}, "?alter=7&sprache=tr"),
        ({}, ""),
    ],
)  # fmt: skip
def test_neither_a_day_nor_a_point_is_kept(
    town: Town, coach: Browser, query: dict[str, str], kept: str
) -> None:
    send(coach, adresse=f"?{urlencode(query)}")
    assert [address for _name, address in saved(town)] == [kept]
    assert coach.get(f"/angebote{kept}").status_code == 200
    assert coach.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Alle Angebote"),
        ("https://example.org/?q=x", "keine Adresse aus der Landkarte"),
        ("http://[::1", "keine Adresse aus der Landkarte"),
        ("/angebote?thema=quatsch", "Dieses Thema gibt es nicht"),
        ("/angebote?stadtteil=quatsch\0", "gibt es hier nicht"),
        ("/angebote?alter=viele", "Das Alter muss eine Zahl"),
        ("/angebote?nahe=13.2,52.5", "wird nicht gespeichert"),
        (f"/angebote?q={'ü' * 200}", "zu viel auf einmal"),
        ("/angebot/quatsch", "Dieses Angebot gibt es nicht"),
        ("/angebot/%00", "Dieses Angebot gibt es nicht"),
    ],
)
def test_what_is_no_search_is_said_and_stays_in_its_field(
    town: Town, coach: Browser, typed: str, said: str
) -> None:
    if not typed:  # everything is a search, too
        assert send(coach, adresse=typed) == f"{PAGE}?fertig=suche"
        assert said in coach.get(PAGE).text
        return
    html = send(coach, "suche", 422, adresse=typed)
    assert said in html
    assert 'aria-invalid="true"' in html
    assert saved(town) == []


def test_an_offer_is_put_on_the_list_and_told_of(town: Town, coach: Browser) -> None:
    here = f"/pflege/angebot/{town.west}"
    coach.get(here)
    assert "Dieses Angebot beobachten" in coach.get(here).text
    for way in ("angebot", "angebot"):
        answer = coach.post(f"{PAGE}/{way}", here, angebot=str(town.west), zurueck=here)
        assert answer.headers["location"] == here
    assert "Nicht mehr beobachten" in coach.get(here).text
    for address in ("/angebot/treff-ost", "https://stadt.example/tr/angebot/treff-ost"):
        assert send(coach, adresse=address) == f"{PAGE}?fertig=angebot"
    assert sorted(listed(town)) == sorted([town.west, town.east])
    with town.open() as (session, region):
        offers.change(session, by(region), session.get_one(Offer, town.west), {"cost": "free"})
        states.pause(session, by(region), town.east, clock.today(region.timezone) + timedelta(days=9))
    html = coach.get(PAGE).text
    assert "geändert: Kosten" in html
    assert "macht jetzt Pause" in html
    assert "macht Pause bis" in html
    where = send(coach, f"angebot/{town.east}/entfernen")
    assert f'action="{PAGE}/angebot/{town.east}/zurueck"' in coach.get(where).text
    assert listed(town) == [town.west]
    assert send(coach, f"angebot/{town.east}/entfernen") == where  # pressed twice
    for _twice in range(2):
        assert send(coach, f"angebot/{town.east}/zurueck").endswith(f"#angebot-{town.east}")
    for foreign in ("https://böse.example/x", "//example.org", "/angebote"):
        assert send(coach, "angebot", angebot=str(town.west), zurueck=foreign) == f"{PAGE}?fertig=angebot"
    for number in ("", "0", "99999", "x", str(2**63), "9" * 18):
        assert "Dieses Angebot gibt es nicht" in send(coach, "angebot", 404, angebot=number)
    for none in (99999, 2**70):
        for way in ("entfernen", "zurueck"):
            assert coach.post(f"{PAGE}/angebot/{none}/{way}", PAGE).status_code == 404


def test_each_has_their_own_and_nobody_hears_of_what_they_may_not_see(town: Town, coach: Browser) -> None:
    editor = town.person(Role.EDITOR, "Viertel 2")
    secret = more(town, "Noch geheim")
    with town.open() as (session, region):
        states.archive(session, by(region), secret)
    for browser, status in ((coach, 303), (editor, 404)):
        send(browser, "angebot", status, angebot=str(secret))
    send(editor, "angebot", angebot=str(town.west))
    send(coach, adresse=MONEY)
    with town.open() as (session, region):
        offers.change(session, by(region), session.get_one(Offer, town.west), {"name": "Wird geheim"})
        states.archive(session, by(region), town.west)
        number = session.exec(select(SavedSearch.id)).one()
    html = editor.get(PAGE).text
    assert "Wird geheim" not in html
    assert WEST not in html
    assert "Ein Angebot, das es hier nicht mehr gibt" in html
    assert "Geld · Viertel 1" not in html
    for way in ("name", "entfernen", "zurueck"):
        assert editor.post(f"{PAGE}/suche/{number}/{way}", PAGE).status_code == 404
    assert Browser(town.engine).get(PAGE).headers["location"].startswith("/pflege/anmelden")
    assert coach.client.post(f"{PAGE}/suche", data={"adresse": "?"}).status_code == 403
    assert coach.get(f"/en{PAGE}").status_code == 404
    assert EAST not in html


def test_limits_are_said(town: Town, coach: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST", 1)
    monkeypatch.setattr(marks, "MOST", 1)
    send(coach, adresse="?")
    assert "Suchen gespeichert. Bitte löschen" in send(coach, "suche", 409, adresse=MONEY)
    send(coach, "angebot", angebot=str(town.west))
    for way, fields in (
        ("angebot", {"angebot": str(town.east)}),
        ("suche", {"adresse": "/angebot/treff-ost"}),
    ):
        assert "Bitte nehmen Sie erst eines herunter" in send(coach, way, 409, **fields)
    monkeypatch.setattr(searches, "MOST", 2)
    monkeypatch.setattr(searches, "MOST_KNOWN", 0)
    assert "Diese Suche findet fast alles" in send(coach, "suche", 422, adresse=MONEY)
    assert "Diese Suche geht nicht mehr" in coach.get(PAGE).text


def watcher(town: Town) -> Watcher:
    with Session(town.engine) as session:
        return session.exec(select(Watcher)).one()


def test_mails_are_chosen_and_end_with_one_click(town: Town, coach: Browser) -> None:
    assert "werden zurzeit keine Mails verschickt" in coach.get(PAGE).text
    assert "Bitte wählen Sie, wie oft" in send(coach, "mails", 422, rhythmus="oft")
    assert send(coach, "mails", rhythmus="daily") == f"{PAGE}?fertig=mails#mails"
    assert 'value="daily" checked' in coach.get(PAGE).text
    link = f"/beobachten/ruhe/{watcher(town).quiet_token}"
    visitor = Browser(town.engine).client
    page = visitor.get(link)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "set-cookie" not in page.headers
    assert page.headers["referrer-policy"] == "no-referrer"
    assert watcher(town).rhythm == Rhythm.DAILY  # opening it does nothing
    assert visitor.post(link, data={"tun": "ruhe"}).status_code == 403
    answer = visitor.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Sie bekommen keine Mails mehr" in answer.text
    assert watcher(town).rhythm == Rhythm.NONE
    proof = re.search(r'name="formular" value="(\w+)"', answer.text)
    assert proof
    for said, rhythm in (("wieder", Rhythm.WEEKLY), ("ruhe", Rhythm.NONE)):
        answer = visitor.post(link, data={"formular": proof[1], "tun": said})
        assert answer.headers["location"] == f"{link}?fertig=ja"
        assert watcher(town).rhythm == rhythm
    with town.open() as (session, region):
        other = Region(
            **region.model_dump(exclude={"id"})
            | {"slug": "x", "is_default": False, "hostnames": ["x.example"]}
        )
        session.add(other)
    elsewhere = Browser(town.engine, base="https://x.example").client
    for client, token in (
        (visitor, "quatsch"),
        (visitor, "ä" * 300),
        (visitor, "%00"),
        (elsewhere, link[17:]),
    ):
        assert client.get(f"/beobachten/ruhe/{token}").status_code == 404
        one_click = client.post(f"/beobachten/ruhe/{token}", data={"List-Unsubscribe": "One-Click"})
        assert one_click.status_code == 404
    assert visitor.get(f"/en{link}").status_code == 404
