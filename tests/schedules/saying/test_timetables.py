"""Several rules as people write them down: joined, sorted, and what holds for all of them said once."""

from datetime import date, time
from typing import Any

import pytest

from api.core.languages import LANGUAGES
from api.schedules.rules import Entry, OnHolidays
from api.schedules.saying import say, say_short, say_text
from tests.schedules.saying.samples import EVEN_WEEKS, FORTNIGHTLY, LAST_FRIDAY, TODAY, TUESDAYS, rule

MORNINGS = [rule(f"FREQ=WEEKLY;BYDAY={day}", 8, 12) for day in ("TU", "MO", "WE", "TH")]
AFTERNOONS = [rule(f"FREQ=WEEKLY;BYDAY={day}", 14, 18) for day in ("TH",)]
FRIDAY = rule("FREQ=WEEKLY;BYDAY=FR", 8, 14)


def test_equal_times_and_equal_days_are_joined_in_the_order_of_the_week() -> None:
    assert say([FRIDAY, *AFTERNOONS, *MORNINGS], "de", TODAY) == [
        "Montag bis Mittwoch, 8–12 Uhr",
        "Jeden Donnerstag, 8–12 und 14–18 Uhr",
        "Jeden Freitag, 8–14 Uhr",
    ]


def test_short_form_abbreviates_weekdays_where_the_language_does() -> None:
    assert say_short([FRIDAY, *MORNINGS], "de", TODAY) == "Mo–Do 8–12 Uhr, Fr 8–14 Uhr"
    assert say_short([FRIDAY, *MORNINGS], "uk", TODAY) == "Пн–чт 8:00–12:00, пт 8:00–14:00"
    assert say_short([FRIDAY], "de-simple", TODAY) == "Jeden Freitag. Von 8 Uhr bis 14 Uhr."
    assert say_short([TUESDAYS, LAST_FRIDAY], "de", TODAY) == (
        "Jeden 1. und 3. Dienstag im Monat 9–12 Uhr, nicht in den Schulferien; "
        "jeden letzten Freitag im Monat ab 17 Uhr"
    )


def test_what_holds_for_all_is_said_once() -> None:
    terms: dict[str, Any] = {"on_public_holidays": OnHolidays.CLOSED, "entry": Entry.WALK_IN}
    found = [each._replace(**terms) for each in (FRIDAY, *MORNINGS)]
    assert say(found, "de", TODAY) == [
        "Montag bis Donnerstag, 8–12 Uhr",
        "Jeden Freitag, 8–14 Uhr",
        "Für alle Zeiten gilt: nicht an Feiertagen, ohne Termin",
    ]
    assert say(found, "de-simple", TODAY)[-1] == (
        "Das gilt für alle Zeiten: nicht an Feiertagen. Sie brauchen keinen Termin."
    )
    assert say_short(found, "de", TODAY) == (
        "Mo–Do 8–12 Uhr, Fr 8–14 Uhr; für alle Zeiten gilt: nicht an Feiertagen, ohne Termin"
    )


def test_what_holds_for_some_stays_with_them() -> None:
    found = [FRIDAY._replace(on_school_holidays=OnHolidays.CLOSED), *MORNINGS]
    assert say(found, "de", TODAY) == [
        "Montag bis Donnerstag, 8–12 Uhr",
        "Jeden Freitag, 8–14 Uhr, nicht in den Schulferien",
    ]


def test_joined_policies_are_not_torn_apart() -> None:
    only = OnHolidays.ONLY
    found = [FRIDAY._replace(on_school_holidays=only, on_public_holidays=only), *MORNINGS]
    found[1:] = [each._replace(on_school_holidays=only) for each in found[1:]]
    assert say(found, "de", TODAY) == [
        "Montag bis Donnerstag, 8–12 Uhr, nur in den Schulferien",
        "Jeden Freitag, 8–14 Uhr, nur an Feiertagen in den Schulferien",
    ]


def test_dates_from_which_weeks_are_counted_stay_with_their_line() -> None:
    other = FORTNIGHTLY._replace(starts=time(18), ends=time(20))
    third = rule("FREQ=WEEKLY;INTERVAL=3;BYDAY=WE", 10, 11, first_date=FORTNIGHTLY.first_date)
    assert say([FORTNIGHTLY, other, third], "de", TODAY) == [
        "Alle 3 Wochen am Mittwoch, 10–11 Uhr, ab dem 3. März 2027",
        "Alle 2 Wochen am Mittwoch, 14–16 und 18–20 Uhr, ab dem 3. März 2027",
    ]


def test_seasons_follow_one_another_and_single_dates_come_last() -> None:
    summer = rule("FREQ=WEEKLY;BYDAY=SA;BYMONTH=4,5,6,7,8,9,10")
    winter = rule("FREQ=WEEKLY;BYDAY=SU;BYMONTH=1,2,3,11,12")
    once = rule("", first_date=date(2027, 3, 3))
    assert say([once, winter, summer, EVEN_WEEKS], "de", TODAY) == [
        "In geraden Kalenderwochen am Dienstag, 10–12 Uhr, ohne Termin",
        "Von April bis Oktober jeden Samstag, 9–12 Uhr",
        "Von November bis März jeden Sonntag, 9–12 Uhr",
        "Am Mittwoch, 3. März 2027, 9–12 Uhr",
    ]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_nothing_is_said_of_no_rules(locale: str) -> None:
    assert say([], locale, TODAY) == []
    assert say_text([], locale, TODAY) == say_short([], locale, TODAY) == ""
