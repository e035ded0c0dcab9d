"""Pages about uptake: published numbers, case types, and figures of providers by form and by file."""

import re
import unicodedata
from datetime import UTC, datetime

import httpx2
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.accounts.models import Role
from api.core import clock
from api.offers.models import Offer
from api.organizations.models import Organization
from api.regions.models import Region
from api.uptake import case_types, counting, publishing
from api.uptake.counting import Counted, Event
from api.uptake.models import OfferFigures
from tests.accounts.people import Browser
from tests.factories import act
from tests.web.staff_queue import EAST, WEST, Town, make_town

PAGE, CASES, FIGURES = "/pflege/inanspruchnahme", "/pflege/falltypen", "/pflege/zahlen"


@pytest.fixture
def town(database: Engine) -> Town:
    return make_town(database)


def reader_of(town: Town, name: str) -> Browser:
    """Somebody of the organization that has both offers of the town."""
    with town.open() as (session, region):
        found = session.exec(select(Organization).where(col(Organization.name) == name)).first()
        if found is None:
            found = Organization(region_id=region.id, name=name)
            session.add(found)
            session.flush()
        number = found.id
        if name == "Träger":
            for one in session.exec(select(Offer).where(col(Offer.id).in_([town.west, town.east]))):
                one.organization_id = number
    return town.person(Role.PROVIDER, organization_id=number)


def published(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """November with a number for each of the two topics, and a case type."""
    shown = datetime(2026, 11, 15, 11, tzinfo=UTC)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: shown)
    with town.open() as (session, region):
        case_types.save(session, region.id, [case_types.Wanted(0, "Geburt bis Kita")])
        case = case_types.every(session, region.id)[0].id
        numbers = {
            Counted(Event.OPENED, town.west, 0): 25,
            Counted(Event.OPENED, town.east, 0): 3,
            Counted(Event.LISTED, town.west, case): 20,
            Counted(Event.LISTED, town.west, 0): 11,
        }
        counting.add(session, numbers)
        publishing.publish(session, region, shown.date().replace(day=1))
    monkeypatch.setattr(clock, "now", real)


def cells(html: str) -> dict[str, list[str]]:
    """The rows of the tables: name → what is read of the numbers of its first five columns."""
    found = {}
    for name, rest in re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', html, re.DOTALL):
        numbers = re.findall(r"<td[^>]*>(.*?)</td>", rest, re.DOTALL)
        found[_plain(name).removesuffix(" : nichts zu zeigen")] = [
            _plain(one).replace("– wird nicht gezeigt", "–") for one in numbers[:5]
        ]
    return found


def _plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_numbers_are_shown_to_staff_and_to_everybody_the_same(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = town.person(Role.COACH)
    assert "Noch ist kein Monat veröffentlicht" in browser.get(PAGE).text
    published(town, monkeypatch)
    html = browser.get(f"{PAGE}?monat=2026-11").text
    assert "November 2026" in html
    assert cells(html) == {
        "Geld": ["–", "25", "–", "31", "–"],
        "Viertel 1": ["–", "25", "–", "31", "–"],
        "Alle übrigen zusammen": ["–", "–", "–", "–", "–"],
        "Familie": ["–"] * 5,
        "ohne Thema": ["–"] * 5,
    }
    assert re.search(r"Geburt bis Kita</span> <strong>20<", html)
    html = browser.get(f"{PAGE}?monat=2026-11&thema=familie").text
    assert "Familie nach Stadtteilen" in html
    assert "Viertel 2" in cells(html)
    for query in ("?monat=1900-01", "?monat=x", "?monat=2026-13", "?thema=quatsch", "?monat=%00&thema=%00"):
        assert browser.get(f"{PAGE}{query}").status_code == 200
    assert "/falltypen" not in html
    # The open data says the same.
    for path in ("/api/v1/uptake", "/api/v1/uptake?month=2026-11"):
        data = browser.get(path).json()
        numbers = [one for one in data["numbers"] if one["number"] is not None]
        assert {(one["part"], one["event"], one["topic"], one["number"]) for one in numbers} == {
            ("cell", "opened", "geld", 25),
            ("cell", "listed", "geld", 31),
            ("case", "listed", "", 20),
        }
    assert all(one["below"] in (6, 10) for one in data["numbers"])
    table = browser.get("/api/v1/uptake.csv")
    assert table.headers["content-disposition"].endswith('-2026-11.csv"')
    assert '"2026-11";"cell";"opened";"geld";"lor:1";"Viertel 1";"";"25";"6"' in table.text
    nothing = browser.get("/api/v1/uptake?month=2026-10").json()
    assert nothing == {"month": None, "months": ["2026-11-01"], "numbers": []}
    assert len(browser.get("/api/v1/uptake.csv?month=2026-10").text.splitlines()) == 1
    for month, status in (("2026-13", 422), ("x", 422)):
        assert browser.get(f"/api/v1/uptake?month={month}").status_code == status
    assert town.person(Role.PROVIDER, organization_id=_number(town)).get(PAGE).status_code == 403


def test_case_types_are_kept_by_coordinators(town: Town) -> None:
    browser = town.person()
    assert browser.post(CASES, CASES, **{"name-0": "Geburt bis Kita", "name-1": " ", "name-2": "Miete"})
    assert browser.get(f"{CASES}?fertig=ja").text.count('value="Geburt bis Kita"') == 1
    wrong = browser.post(CASES, CASES, **{"name-0": "x" * 61, "name-1": "Miete", "name-2": "Miete"})
    assert wrong.status_code == 422
    assert "höchstens 60 Zeichen" in wrong.text
    assert "Diesen Falltyp gibt es schon." in wrong.text
    assert f'value="{"x" * 61}"' in wrong.text
    numbers = re.findall(r'name="nummer-0" value="(\d+)"', browser.get(CASES).text)
    sent = {"nummer-0": numbers[0], "name-0": "Kind und Kita\0", "nummer-1": "9" * 30, "name-1": "Neu"}
    assert browser.post(CASES, CASES, **sent).status_code == 303
    with town.open() as (session, region):
        labels = [one.label for one in case_types.every(session, region.id)]
        assert labels == ["Kind und Kita", "Neu"]
    # A form that was opened before somebody else added one ends nothing; sent twice it is still done.
    stand = re.findall(r'name="stand" value="(\w+)"', browser.get(CASES).text)[0]
    both = {"stand": stand, "name-0": "Kind und Kita", "name-1": "Neu", "name-2": "Trennung"}
    assert [browser.post(CASES, CASES, **both).status_code for _twice in range(2)] == [303, 303]
    old = browser.post(CASES, CASES, **{"stand": stand, "name-0": "Kind und Kita", "name-1": "Sucht"})
    assert old.status_code == 409
    assert "Inzwischen hat jemand anderes die Liste geändert." in old.text
    assert 'value="Trennung"' in old.text
    for role, space in ((Role.COACH, ""), (Role.EDITOR, ""), (Role.COORDINATOR, "Viertel 1")):
        assert town.person(role, space=space).get(CASES).status_code == 403


def test_figures_are_said_by_form(town: Town) -> None:
    browser = reader_of(town, "Träger")
    html = browser.get(f"{FIGURES}?monat={_month()}").text
    assert WEST in html
    assert EAST in html
    assert '<select id="anbieter"' not in html
    west, east = town.west, town.east
    fields = {
        "monat": _month(),
        f"places-{west}": "12", f"people-{west}": "1 000", f"waiting-{west}": "",
        f"places-{east}": "", f"people-{east}": "", f"waiting-{east}": "",
    }  # fmt: skip
    for _twice in range(2):
        assert browser.post(FIGURES, FIGURES, **fields).status_code == 303
    assert said(town) == {west: (12, 1000, None)}
    for wrong in ("-1", "viele", "100001", "9" * 12, "1,5"):
        answer = browser.post(FIGURES, FIGURES, **(fields | {f"people-{west}": wrong}))
        assert answer.status_code == 422
        assert f'id="people-{west}-fehler"' in answer.text
        assert f'value="{wrong}"' in answer.text
    # A form that was opened earlier: what others have said since stays, and where both have, somebody looks.
    before = {f"vorher-{west}": "||", f"people-{west}": "", f"waiting-{west}": "7", f"places-{west}": ""}
    earlier = fields | before
    assert browser.post(FIGURES, FIGURES, **earlier).status_code == 303
    assert said(town) == {west: (12, 1000, 7)}
    answer = browser.post(FIGURES, FIGURES, **(earlier | {f"places-{west}": "9", f"waiting-{west}": "x"}))
    assert answer.status_code == 422
    assert "jemand anderes hier etwas eingetragen: 12." in answer.text
    assert f'id="people-{west}" name="people-{west}" value="1000"' in answer.text
    assert f'name="vorher-{west}" value="12|1000|7"' in answer.text
    browser.post(FIGURES, FIGURES, **fields)
    # Of a month that cannot be chosen, of others, or of nobody.
    for month in ("2099-01", "", "x"):
        assert browser.post(FIGURES, FIGURES, **(fields | {"monat": month})).status_code == 404
    hidden = {f"places-{town.hidden}": "5"}
    assert browser.post(FIGURES, FIGURES, monat=_month(), **hidden).status_code == 303
    assert said(town) == {west: (12, 1000, None)}
    with town.open() as (session, _region):
        other = session.exec(select(Organization.id)).all()[-1] + 1
    assert browser.get(f"{FIGURES}?anbieter={other}").status_code == 404
    assert browser.get(f"{FIGURES}?anbieter=x&monat=quatsch").status_code == 404
    assert browser.get(f"{FIGURES}?monat=1900-01").status_code == 200
    assert reader_of(town, "Niemand").get(FIGURES).status_code == 200
    assert town.person(Role.COACH).get(FIGURES).status_code == 403
    # Coordination of the west sees the west alone.
    html = town.person(space="Viertel 1").get(FIGURES).text
    assert (WEST in html, EAST in html) == (True, False)


def test_figures_are_read_from_a_file_and_saved_after_a_look(town: Town) -> None:
    browser = reader_of(town, "Träger")
    template = browser.get(f"{FIGURES}/vorlage.csv?monat={_month()}")
    lines = template.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Nummer";"Angebot";"Plätze";"Personen";"Warteliste"'
    assert f'"{town.west}";"{WEST}";"";"";""' in lines
    filled = f"Nummer;Angebot;Plätze;Personen;Warteliste\r\n{town.west};egal;8;;3\r\n;;;;\r\n"
    for content in (
        filled.encode(),
        ("\ufeff" + filled).encode(),
        filled.encode("cp1252"),
        filled.replace(";", "\t").encode(),
        filled.replace(";", ",").encode(),
        filled.encode("utf-16"),
        filled.replace("\r\n", "\r").encode(),
        unicodedata.normalize("NFD", filled).encode(),
        filled.replace("8", "8.0").encode(),  # as some programs save whole numbers
    ):
        shown = upload(browser, content)
        assert shown.status_code == 200
        assert f'id="places-{town.west}" name="places-{town.west}" value="8"' in shown.text
        assert shown.text.count(" aus der Datei</span>") == 2
    assert said(town) == {}
    assert "In dieser Datei steht nichts, was nicht schon" in upload(browser, b"Nummer;Personen\r\n").text
    for content, sentence in (
        (b"", "Bitte wählen Sie eine Datei aus, in der etwas steht."),
        (b"PK\x03\x04 as XLSX begins", "Das ist keine CSV-Datei."),
        (f"Nummer;Personen\r\n{town.west};1.5\r\n".encode(), "Zeile 2, Personen: Bitte eine ganze Zahl"),
        (f"Nummer;Personen\r\n{town.west};{'0' * 99}1\r\n".encode(), "Zeile 2, Personen: Bitte eine ganze"),
        (f"Nummer;Personen\r\n{town.west};1\r\n{town.west};2\r\n".encode(), "Zeile 3: Dieses Angebot steht"),
        (f'Nummer;Personen\r\n{town.west};"1\r\n{town.east};2\r\n'.encode(), "keine Tabelle, die wir lesen"),
        (b"Name;Zahl\r\nx;1\r\n", "In der ersten Zeile müssen stehen"),
        (b"\xff\xfe\x00\x00", "In der ersten Zeile müssen stehen"),
        (f"Nummer;Personen\r\n{town.west};viele\r\n".encode(), "Zeile 2, Personen: Bitte eine ganze Zahl"),
        (f"Nummer;Personen\r\n{town.hidden};3\r\n".encode(), "Zeile 2: Diese Nummer hat keines"),
        (b'Nummer;Personen\r\n"' + b"9" * 150_000, ""),
    ):
        answer = upload(browser, content)
        assert answer.status_code == 422, content[:40]
        assert sentence in answer.text
        assert said(town) == {}
    assert upload(browser, b"x" * 210_000).status_code == 413
    assert upload(browser, filled.encode(), proof="falsch").status_code == 403


def test_what_a_provider_says_is_kept_with_who_and_when(town: Town) -> None:
    browser = reader_of(town, "Träger")
    browser.post(FIGURES, FIGURES, monat=_month(), **{f"places-{town.west}": "4"})
    with town.open() as (session, region):
        row = session.exec(select(OfferFigures)).one()
        assert row.actor.startswith("account:")
        assert row.month_on.day == 1
        assert row.region_id == region.id
        assert act(region).region_id == row.region_id


def upload(browser: Browser, content: bytes, proof: str = "") -> httpx2.Response:
    fields = {"formular": proof or browser.proof(FIGURES), "monat": _month()}
    return browser.client.post(f"{FIGURES}/datei", data=fields, files={"datei": ("zahlen.csv", content)})


def said(town: Town) -> dict[int, tuple[int | None, int | None, int | None]]:
    with Session(town.engine) as session:
        rows = session.exec(select(OfferFigures)).all()
        return {row.offer_id: (row.places, row.people, row.waiting) for row in rows}


def _month() -> str:
    return f"{clock.today('Europe/Berlin'):%Y-%m}"


def _number(town: Town) -> int:
    with town.open() as (session, region):
        found = Organization(region_id=session.get_one(Region, region.id).id, name="Neu")
        session.add(found)
        session.flush()
        return found.id
