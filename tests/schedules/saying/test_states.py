"""What pages say of single dates and of now, in every language."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from api.core.languages import LANGUAGES
from api.schedules.saying import states

TODAY = date(2026, 12, 1)  # a Tuesday
NOW = datetime(2026, 12, 1, 10)  # noqa: DTZ001 - the clock on the wall
Phrase = Callable[[str], str]


def later(days: int, hour: int, minute: int = 0) -> datetime:
    return NOW.replace(hour=hour, minute=minute) + timedelta(days=days)


PHRASES: dict[str, Phrase] = {
    "jetzt offen": lambda code: states.open_until(code, NOW, None),
    "heute bis 14 Uhr offen": lambda code: states.open_until(code, NOW, later(0, 14)),
    "heute bis 24 Uhr offen": lambda code: states.open_until(code, NOW, later(1, 0)),
    "offen bis Mi 2:30 Uhr": lambda code: states.open_until(code, NOW, later(1, 2, 30)),
    "offen bis 8. Dezember": lambda code: states.open_until(code, NOW, later(7, 2)),
    "heute ab 9 Uhr": lambda code: states.began(code, time(9)),
    "öffnet heute um 11 Uhr": lambda code: states.opens(code, NOW, later(0, 11)),
    "öffnet morgen um 9 Uhr": lambda code: states.opens(code, NOW, later(1, 9)),
    "öffnet Mo 9 Uhr": lambda code: states.opens(code, NOW, later(6, 9)),
    "öffnet am 8. Dezember": lambda code: states.opens(code, NOW, later(7, 9)),
    "öffnet am 3. März 2027": lambda code: states.opens(code, NOW, later(92, 9)),
    "Freitag, 4. Dezember": lambda code: states.day(code, date(2026, 12, 4), TODAY),
    "Mittwoch, 3. März 2027": lambda code: states.day(code, date(2027, 3, 3), TODAY),
    "9–12 Uhr": lambda code: states.hours(code, time(9), time(12)),
    "ab 9 Uhr": lambda code: states.hours(code, time(9), None),
    "Zeiten bitte erfragen": states.ask,
    "nur mit Termin": states.by_appointment,
    "keine weiteren Termine": states.no_more_dates,
    "Ferien noch nicht bekannt": states.holidays_unknown,
    "fällt aus": states.cancelled,
    "fällt aus (Allerheiligen)": lambda code: states.cancelled(code, "Allerheiligen"),
    "verlegt auf Freitag, 4. Dezember": lambda code: states.moved_to(code, date(2026, 12, 4), TODAY),
    "verlegt von Freitag, 4. Dezember": lambda code: states.moved_from(code, date(2026, 12, 4), TODAY),
    "diesmal 10–12 Uhr": lambda code: states.other_hours(code, time(10), time(12)),
    "diesmal hier: Familienzentrum X": lambda code: states.other_place(code, "Familienzentrum X"),
    "zusätzlicher Termin": states.extra,
}


@pytest.mark.parametrize("german", PHRASES)
def test_german_phrase(german: str) -> None:
    assert PHRASES[german]("de") == german


@pytest.mark.parametrize("locale", LANGUAGES)
def test_no_two_phrases_are_the_same(locale: str) -> None:
    said = [phrase(locale) for phrase in PHRASES.values()]
    assert len(set(said)) == len(said)
    assert not any(set("{}") & set(words) for words in said)


def test_einfache_sprache_speaks_in_sentences() -> None:
    assert states.open_until("de-simple", NOW, later(0, 14)) == "Heute offen bis 14 Uhr."
    assert states.cancelled("de-simple", "Allerheiligen") == (
        "Das findet nicht statt. Der Grund: Allerheiligen."
    )


def test_german_names_are_isolated_in_arabic() -> None:
    assert states.cancelled("ar", "Allerheiligen") == "ملغى (\u2068Allerheiligen\u2069)"
    assert "\u2068Familienzentrum X\u2069" in states.other_place("ar", "Familienzentrum X")
