"""The form for consultation hours as the server sends it, complete without JavaScript."""

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.core import clock
from web.main import create_app

PATH = "/sprechzeiten-formular"
BASE = {"z1-von": "9", "z1-bis": "12", "z1-feiertage": "offen"}
NOW = datetime(2026, 10, 20, 10, tzinfo=UTC)
EVEN = ",".join(map(str, range(2, 53, 2)))
ODD = ",".join(map(str, range(1, 54, 2)))


@pytest.fixture(scope="module")
def visitor(demo: Engine) -> Iterator[TestClient]:
    """Somebody who knows the hours of a house in Berlin."""
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        yield client


@pytest.fixture(autouse=True)
def _on_a_certain_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def shown(visitor: TestClient, fields: Mapping[str, str | list[str]], **headers: str) -> str:
    answer = visitor.get(PATH, params=dict(fields), headers=headers)
    assert answer.status_code == 200
    return answer.text


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def dates(html: str) -> list[str]:
    """The rows of the preview, each as one text."""
    found = re.search(r'<ol class="hours-dates".*?</ol>', html, re.DOTALL)
    return [words(row) for row in re.findall(r"<li.*?</li>", found[0], re.DOTALL)] if found else []


def rrules(html: str) -> list[str]:
    found = re.search(r'<pre class="hours-technical"[^>]*>(.*?)</pre>', html, re.DOTALL)
    return re.findall(r"^RRULE:(.*)$", unescape(found[1]), re.MULTILINE) if found else []


def fault(html: str, field: str) -> str:
    found = re.search(rf'id="{field}-fehler">(.*?)</p>', html)
    assert found, f"nothing is said at {field}"
    assert f'href="#{field}"' in html
    assert re.search(rf'id="{field}"[^>]*aria-invalid="true"[^>]*aria-describedby="{field}-fehler', html)
    return unescape(found[1])


@pytest.mark.parametrize(
    ("fields", "rule", "first_dates"),
    [
        ({"z1-tag": ["di", "do"]}, "FREQ=WEEKLY;BYDAY=TU,TH", ["Donnerstag, 22.", "Dienstag, 27."]),
        (
            {"z1-tag": "di", "z1-rhythmus": "2-wochen", "z1-seit": "2026-10-27"},
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            ["Dienstag, 27. Oktober", "Dienstag, 10. November"],
        ),
        (
            {"z1-rhythmus": "3-wochen", "z1-seit": "2026-10-27"},
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=TU",
            ["Dienstag, 27. Oktober", "Dienstag, 17. November"],
        ),
        (
            {"z1-tag": "mi", "z1-rhythmus": "4-wochen", "z1-seit": "28.10.2026"},
            "FREQ=WEEKLY;INTERVAL=4;BYDAY=WE",
            ["Mittwoch, 28. Oktober", "Mittwoch, 25. November"],
        ),
        (
            {"z1-tag": "mo", "z1-rhythmus": "gerade"},
            f"FREQ=YEARLY;BYWEEKNO={EVEN};BYDAY=MO",
            ["Montag, 26. Oktober", "Montag, 9. November"],
        ),
        (
            {"z1-tag": "mo", "z1-rhythmus": "ungerade"},
            f"FREQ=YEARLY;BYWEEKNO={ODD};BYDAY=MO",
            ["Montag, 2. November", "Montag, 16. November"],
        ),
        (
            {"z1-tag": "fr", "z1-rhythmus": "monat-woche", "z1-woche": ["1", "3", "-1"]},
            "FREQ=MONTHLY;BYDAY=1FR,3FR,-1FR",
            ["Freitag, 30. Oktober", "Freitag, 6. November", "Freitag, 20. November"],
        ),
        (
            {"z1-rhythmus": "monat-tag", "z1-monatstag": "1, 15. und letzter"},
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
            ["Samstag, 31. Oktober", "Sonntag, 1. November", "Sonntag, 15. November"],
        ),
        (
            {"z1-tag": "mo", "z1-monat": ["1", "12"]},
            "FREQ=WEEKLY;BYDAY=MO;BYMONTH=1,12",
            ["Montag, 7. Dezember"],
        ),
    ],
)
def test_every_rhythm_becomes_a_rule_and_dates(
    visitor: TestClient, fields: dict[str, str | list[str]], rule: str, first_dates: list[str]
) -> None:
    html = shown(visitor, {**BASE, **fields})
    assert rrules(html) == [rule]
    assert len(dates(html)) == 10
    for row, expected in zip(dates(html), first_dates, strict=False):
        assert row.startswith(expected)
        assert row.endswith("9–12 Uhr")


def test_a_single_date_has_no_rule(visitor: TestClient) -> None:
    html = shown(visitor, {**BASE, "z1-rhythmus": "einmal", "z1-seit": "2026-12-03"})
    assert rrules(html) == []
    assert "DTSTART;TZID=Europe/Berlin:20261203T090000" in html
    assert dates(html) == ["Donnerstag, 3. Dezember 9–12 Uhr"]


def test_a_holiday_is_left_out_and_named_where_it_is_one(visitor: TestClient) -> None:
    fields: dict[str, str | list[str]] = {**BASE, "z1-tag": "so", "z1-feiertage": "zu"}
    in_nrw = shown(visitor, fields, host="unna.localhost")
    assert "Sonntag, 1. November fällt aus (Allerheiligen)" in dates(in_nrw)
    assert "Jeden Sonntag, 9–12 Uhr, nicht an Feiertagen" in words(in_nrw)
    assert "Sonntag, 1. November 9–12 Uhr" in dates(shown(visitor, fields))


def test_days_in_succession_are_left_out_together(visitor: TestClient) -> None:
    html = shown(visitor, {**BASE, "z1-tag": ["mo", "do"], "z1-ferien": "zu"})
    assert dates(html)[0] == "Donnerstag, 22. Oktober bis Donnerstag, 29. Oktober fällt aus (Herbstferien)"
    assert len(dates(html)) == 11


def test_beyond_the_known_holidays_it_says_so(visitor: TestClient) -> None:
    fields = {**BASE, "z1-rhythmus": "einmal", "z1-seit": "2031-07-01", "z1-ferien": "zu"}
    assert "Ferien noch nicht bekannt" in dates(shown(visitor, fields))[0]


def test_single_dates_can_be_different(visitor: TestClient) -> None:
    html = shown(
        visitor,
        {
            "z1-tag": "mo",
            "z1-von": "12",
            "z1-bis": "14",
            "z1-ort": "Haus A",
            "a1-am": "2026-10-26",
            "a1-grund": "Fortbildung",
            "a2-art": "verlegt",
            "a2-am": "2026-11-02",
            "a2-auf": "2026-11-04",
            "a2-von": "13",
            "a2-ort": "Rathaus",
            "a3-art": "zusaetzlich",
            "a3-am": "2026-11-05",
            "p1-erster": "2026-11-10",
            "p1-letzter": "2026-11-20",
            "p1-grund": "Umbau",
        },
    )
    assert dates(html)[:6] == [
        "Montag, 26. Oktober fällt aus (Fortbildung) Haus A",
        "Montag, 2. November verlegt auf Mittwoch, 4. November Haus A",
        (
            "Mittwoch, 4. November 13–14 Uhr verlegt von Montag, 2. November"
            " diesmal 13–14 Uhr diesmal hier: Rathaus"
        ),
        "Donnerstag, 5. November 12–14 Uhr Haus A zusätzlicher Termin",
        "Montag, 9. November 12–14 Uhr Haus A",
        "Montag, 16. November fällt aus (Umbau) Haus A",
    ]


def test_hosts_take_turns(visitor: TestClient) -> None:
    fields: dict[str, str | list[str]] = {}
    for number, (host, since) in enumerate(
        [("Haus A", "2026-10-27"), ("Haus B", "2026-11-03"), ("Haus C", "2026-11-10")], 1
    ):
        line = {"rhythmus": "3-wochen", "seit": since, "von": "9", "ort": host}
        fields |= {f"z{number}-{key}": value for key, value in line.items()}
    assert [row[-6:] for row in dates(shown(visitor, fields))] == ["Haus A", "Haus B", "Haus C"] * 3 + [
        "Haus A"
    ]


def test_times_are_said_in_chosen_languages(visitor: TestClient) -> None:
    html = shown(visitor, {**BASE, "z1-tag": "di", "sprache": ["tr", "ar", "quatsch"]})
    assert "Jeden Dienstag, 9–12 Uhr" in html
    assert 'lang="tr"' in html
    assert 'dir="rtl"' in html


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


def test_an_untouched_form_complains_about_nothing(visitor: TestClient) -> None:
    html = shown(visitor, {})
    assert "hours-fault" not in html
    assert "Dann stehen hier die nächsten Termine" in html
    assert 'content="noindex"' in html


def test_nothing_is_kept_or_indexed(visitor: TestClient) -> None:
    answer = visitor.get(PATH, params={**BASE, "z1-tag": "mo"})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "etag" not in answer.headers


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


EVIL = '"><script>alert(1)</script>{{ 7*7 }}'


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


def test_the_preview_alone_can_be_had(visitor: TestClient) -> None:
    html = shown(visitor, {**BASE, "z1-tag": "mo", "teil": "vorschau"})
    assert "<html" not in html
    assert len(dates(html)) == 10


def test_more_than_fits_is_not_looked_at_and_all_that_fits_is_quick(visitor: TestClient) -> None:
    fields: dict[str, str | list[str]] = {"z99-von": "9", "zeiten": "99", "ausnahmen": "99", "pausen": "99"}
    for number in range(1, 14):
        fields |= {f"z{number}-tag": ["mo", "di"], f"z{number}-von": str(number), f"z{number}-ferien": "zu"}
    for number in range(1, 31):
        fields |= {f"a{number}-am": f"2027-02-{number % 28 + 1:02}"}
    shown(visitor, fields)
    before = time.perf_counter()
    html = shown(visitor, fields | {"teil": "vorschau"})
    assert time.perf_counter() - before < 1  # some ten milliseconds on a free machine
    assert len(rrules(html)) == 12
    whole = shown(visitor, fields)
    assert 'id="z13"' not in whole
    assert "Mehr als 12 Sprechzeiten" in whole


def test_the_page_speaks_english(visitor: TestClient) -> None:
    html = visitor.get("/en" + PATH, params={**BASE, "z1-tag": "mo"}).text
    assert "Every Monday, 9:00–12:00" in html
    assert 'action="/en/sprechzeiten-formular"' in html
    assert dates(html)[0].startswith("Monday 26 October")
