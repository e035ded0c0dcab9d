"""The form for consultation hours as the server sends it: what is chosen becomes rules and dates."""

import pytest
from starlette.testclient import TestClient

from tests.web.hours_form import BASE, EVEN, ODD, PATH, dates, rrules, shown, words

pytestmark = pytest.mark.usefixtures("on_a_certain_day")


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


def test_the_preview_alone_can_be_had(visitor: TestClient) -> None:
    html = shown(visitor, {**BASE, "z1-tag": "mo", "teil": "vorschau"})
    assert "<html" not in html
    assert len(dates(html)) == 10


def test_the_page_speaks_english(visitor: TestClient) -> None:
    html = visitor.get("/en" + PATH, params={**BASE, "z1-tag": "mo"}).text
    assert "Every Monday, 9:00–12:00" in html
    assert 'action="/en/sprechzeiten-formular"' in html
    assert dates(html)[0].startswith("Monday 26 October")
