"""A pasted text fills the form for consultation hours, and buttons add and remove its lines."""

from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.web.hours_form import BASE, EVEN, PATH, fault, rrules, shown

pytestmark = pytest.mark.usefixtures("on_a_certain_day")


def pressed(
    visitor: TestClient, fields: dict[str, str | list[str]], button: str
) -> tuple[str, list[tuple[str, str]]]:
    """The part of the page and the state to which a button leads."""
    answer = visitor.get(PATH, params={**fields, "tun": button}, follow_redirects=False)
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["location"])
    assert parts.path == PATH
    return parts.fragment, parse_qsl(parts.query)


def test_lines_come_and_go_by_buttons(visitor: TestClient) -> None:
    fields: dict[str, str | list[str]] = {**BASE, "z1-tag": ["mo", "di"], "z1-ort": "", "zeiten": "1"}
    part, state = pressed(visitor, fields, "zeit")
    assert part == "z2"
    assert ("zeiten", "2") in state
    assert ("z1-tag", "di") in state
    assert "z1-ort" not in dict(state)
    html = visitor.get(f"{PATH}?{urlencode(state)}").text
    assert 'id="z2"' in html
    assert "hours-fault" not in html
    part, state = pressed(visitor, {"z1-von": "8", "z2-von": "9", "z3-von": "10", "a1-zeit": "3"}, "z2-weg")
    assert part == "zeiten"
    assert {("z1-von", "8"), ("z2-von", "10"), ("a1-zeit", "2")} <= set(state)
    assert pressed(visitor, fields, "ausnahme")[0] == "a1"
    assert pressed(visitor, fields, "pause")[0] == "p1"
    assert pressed(visitor, {"p1-grund": "x"}, "p1-weg") == ("pausen", [("zeiten", "1")])


def test_a_pasted_text_fills_the_form(visitor: TestClient) -> None:
    text = "Mo–Do 8–16 Uhr, Fr bis 14 Uhr"
    part, state = pressed(visitor, {"text": text}, "lesen")
    assert part == "text-gelesen"
    assert [value for key, value in state if key == "z1-tag"] == ["mo", "di", "mi", "do"]
    assert {("z1-von", "8"), ("z1-bis", "16"), ("z2-tag", "fr"), ("z2-bis", "14"), ("text", text)} <= set(
        state
    )
    html = visitor.get(f"{PATH}?{urlencode(state)}").text
    assert "Wir haben Ihren Text verstanden" in html
    assert rrules(html) == ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", "FREQ=WEEKLY;BYDAY=FR"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("gerade KW Mo 9-12", [f"FREQ=YEARLY;BYWEEKNO={EVEN};BYDAY=MO"]),
        ("1. Mo und 3. Di im Monat 9-12", ["FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=3TU"]),
        ("am 15. jeden Monats 10 Uhr", ["FREQ=MONTHLY;BYMONTHDAY=15"]),
        ("Oktober bis März Mo 9-12 Uhr", ["FREQ=WEEKLY;BYDAY=MO;BYMONTH=1,2,3,10,11,12"]),
    ],
)
def test_what_the_text_says_is_what_the_form_says(visitor: TestClient, text: str, rules: list[str]) -> None:
    assert rrules(visitor.get(PATH, params={"text": text, "tun": "lesen"}).text) == rules


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Mo-Fr 9-12, sowie bei Bedarf vielleicht", "Diese Stelle verstehen wir nicht: „sowie bei Bedarf"),
        ("jeden 2. Mittwoch 9-12", "jede zweite Woche?"),
        ("alle 14 Tage Di 9-12 Uhr", "mit welchem Tag es anfängt"),
        ("nach Vereinbarung", "nur mit Termin, ohne feste Zeiten"),
        ("Mo 9-12 " * 200, "zu lang"),
        ("", "zuerst einen Text"),
    ],
)
def test_a_text_that_is_not_understood_stays(visitor: TestClient, text: str, says: str) -> None:
    html = shown(visitor, {"text": text, "tun": "lesen", "z1-ort": "Haus A"})
    assert says in fault(html, "text")
    assert text.strip() in unescape(html)
    assert 'value="Haus A"' in html
