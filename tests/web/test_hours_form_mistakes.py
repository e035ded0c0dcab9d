"""Mistakes in the form for consultation hours are named at their fields, and nothing hostile gets through."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.hours_form import BASE, dates, fault, rrules, shown

pytestmark = pytest.mark.usefixtures("on_a_certain_day")

EVIL = '"><script>alert(1)</script>{{ 7*7 }}'


@pytest.mark.parametrize(
    ("fields", "field", "says"),
    [
        ({"z1-von": "9"}, "z1-tag", "mindestens einen Wochentag"),
        ({"z1-tag": "mo"}, "z1-von", "wann es anfängt"),
        ({"z1-tag": "mo", "z1-von": "neun"}, "z1-von", "„neun“ ist keine Uhrzeit"),
        ({"z1-tag": "mo", "z1-von": "25"}, "z1-von", "zum Beispiel 9 oder 9:30"),
        ({"z1-tag": "mo", "z1-von": "16", "z1-bis": "8"}, "z1-bis", "vor dem Anfang"),
        ({"z1-tag": "mo", "z1-rhythmus": "2-wochen", "z1-von": "9"}, "z1-seit", "zum ersten Mal"),
        ({"z1-rhythmus": "einmal", "z1-von": "9"}, "z1-seit", "an welchem Tag"),
        ({"z1-rhythmus": "einmal", "z1-von": "9", "z1-seit": "30.2.2026"}, "z1-seit", "kein Tag im Kalender"),
        (
            {"z1-rhythmus": "einmal", "z1-von": "9", "z1-seit": "0026-02-03"},
            "z1-seit",
            "zwischen 1990 und 2200",
        ),
        ({"z1-tag": "mo", "z1-rhythmus": "monat-woche", "z1-von": "9"}, "z1-woche", "in welchen Wochen"),
        ({"z1-rhythmus": "monat-tag", "z1-von": "9"}, "z1-monatstag", "an welchem Tag im Monat"),
        ({"z1-rhythmus": "monat-tag", "z1-monatstag": "32", "z1-von": "9"}, "z1-monatstag", "von 1 bis 31"),
        (
            {**BASE, "z1-tag": "mo", "z1-ab": "2027-02-01", "z1-ende": "2027-01-01"},
            "z1-ende",
            "vor dem Anfang",
        ),
        ({**BASE, "z1-tag": "mo", "z1-hinweis": "x" * 201}, "z1-hinweis", "höchstens 200 Zeichen"),
        ({**BASE, "z1-tag": "mo", "p1-erster": "2027-01-01"}, "p1-letzter", "letzten Tag der Pause"),
        (
            {**BASE, "z1-tag": "mo", "a1-am": "2026-11-03"},
            "a1-am",
            "Der nächste danach ist am Montag, 9. November 2026",
        ),
        ({**BASE, "z1-tag": "mo", "a1-art": "verlegt", "a1-am": "2026-11-02"}, "a1-auf", "neuen Tag"),
        ({**BASE, "z1-tag": "mo", "a1-am": "2026-11-02", "a1-zeit": "7"}, "a1-zeit", "noch nicht fertig"),
    ],
)
def test_a_mistake_is_named_at_its_field_with_the_way_out(
    visitor: TestClient, fields: dict[str, str | list[str]], field: str, says: str
) -> None:
    html = shown(visitor, fields)
    assert says in fault(html, field)
    assert "Bitte prüfen Sie noch eine Stelle" in html
    for typed in fields.values():
        assert isinstance(typed, list) or f'value="{typed}"' in html


def test_a_choice_that_does_not_exist_is_made_anew(visitor: TestClient) -> None:
    html = shown(visitor, {**BASE, "z1-tag": "mo", "z1-rhythmus": "quatsch", "z1-ferien": "egal"})
    assert "Diese Auswahl gibt es nicht" in fault(html, "z1-rhythmus")
    assert "Diese Auswahl gibt es nicht" in fault(html, "z1-ferien")
    assert "Bitte prüfen Sie noch 2 Stellen" in html


def test_two_times_on_one_day_need_to_be_told_apart(visitor: TestClient) -> None:
    fields = {"z1-tag": "mo", "z1-von": "9", "z2-tag": "mo", "z2-von": "14"}
    changed = {"a1-art": "verlegt", "a1-am": "2026-10-26", "a1-auf": "2026-10-27"}
    assert "Zu welcher Sprechzeit" in fault(shown(visitor, {**fields, **changed}), "a1-zeit")
    rows = dates(shown(visitor, {**fields, **changed, "a1-zeit": "2"}))
    assert rows[:3] == [
        "Montag, 26. Oktober verlegt auf Dienstag, 27. Oktober",
        "Montag, 26. Oktober ab 9 Uhr",
        "Dienstag, 27. Oktober ab 14 Uhr verlegt von Montag, 26. Oktober",
    ]


def test_what_is_typed_never_becomes_markup(visitor: TestClient) -> None:
    texts = re.findall(
        r'name="([^"]+)" type="(?:text|date)"', shown(visitor, {"p1-grund": "x", "a1-grund": "x"})
    )
    assert len(texts) > 15
    evil: dict[str, str | list[str]] = dict.fromkeys(
        [*texts, "text", "z1-rhythmus", "sprache", "a1-zeit"], EVIL
    )
    for fields in (
        evil,
        {**BASE, "z1-tag": "mo", "z1-ort": EVIL, "z1-hinweis": EVIL, "a1-am": "2026-10-26", "a1-grund": EVIL},
    ):
        for more in ({}, {"teil": "vorschau"}, {"tun": "lesen", "text": EVIL}):
            html = shown(visitor, {**fields, **more})
            assert "<script>alert" not in html
            assert "49" not in re.findall(r"alert\(1\)[^<]{0,40}", html)
    assert "&lt;script&gt;" in html


def test_more_than_fits_is_not_looked_at_and_is_named(visitor: TestClient) -> None:
    fields: dict[str, str | list[str]] = {"z99-von": "9", "zeiten": "99", "ausnahmen": "99", "pausen": "99"}
    for number in range(1, 14):
        fields |= {f"z{number}-tag": ["mo", "di"], f"z{number}-von": str(number), f"z{number}-ferien": "zu"}
    for number in range(1, 31):
        fields |= {f"a{number}-am": f"2027-02-{number % 28 + 1:02}"}
    assert len(rrules(shown(visitor, fields | {"teil": "vorschau"}))) == 12
    whole = shown(visitor, fields)
    assert 'id="z13"' not in whole
    assert "Mehr als 12 Sprechzeiten" in whole
