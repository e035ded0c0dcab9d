"""Rules in German as people say them, and six of them in every language."""

from datetime import date, time

import pytest

from api.core.languages import LANGUAGES
from api.schedules.rules import Closure, Entry, OnHolidays, Rule
from api.schedules.saying import say_rule
from tests.schedules.saying.samples import (
    EVEN,
    EVEN_WEEKS,
    FORTNIGHTLY,
    LAST_FRIDAY,
    OFFICE,
    SEASON,
    TODAY,
    TUESDAYS,
    rule,
)

ODD = ",".join(map(str, range(1, 54, 2)))
CLOSED, ONLY = OnHolidays.CLOSED, OnHolidays.ONLY
GERMAN = {
    TUESDAYS: "Jeden 1. und 3. Dienstag im Monat, 9–12 Uhr, nicht in den Schulferien",
    OFFICE: "Montag bis Donnerstag, 7:15–16:30 Uhr",
    LAST_FRIDAY: "Jeden letzten Freitag im Monat, ab 17 Uhr",
    FORTNIGHTLY: "Alle 2 Wochen am Mittwoch, 14–16 Uhr, ab dem 3. März 2027",
    SEASON: "Von April bis Oktober jeden Samstag, 20–2 Uhr, geschlossen vom 15. Juli bis 31. August",
    EVEN_WEEKS: "In geraden Kalenderwochen am Dienstag, 10–12 Uhr, ohne Termin",
    rule("FREQ=WEEKLY"): "Jeden Montag, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,FR"): "Montag bis Mittwoch und Freitag, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", 0, 24): "Täglich, 0–24 Uhr",
    rule("FREQ=MONTHLY;BYDAY=TU"): "Jeden Dienstag, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=MO", 20, 24): "Jeden Montag, 20–24 Uhr",
    rule("FREQ=WEEKLY;BYDAY=MO", 9, 9): "Jeden Montag, 9 Uhr bis 9 Uhr am nächsten Tag",
    rule("FREQ=WEEKLY;BYDAY=MO", 10, 8): "Jeden Montag, 10 Uhr bis 8 Uhr am nächsten Tag",
    rule("FREQ=MONTHLY;BYMONTHDAY=15"): "Am 15. jeden Monats, 9–12 Uhr",
    rule("FREQ=MONTHLY;BYMONTHDAY=1,15,-1"): "Am 1. und 15. und am letzten Tag jeden Monats, 9–12 Uhr",
    rule("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"): (
        "Am 13. jeden Monats, nur wenn das auf Freitag fällt, 9–12 Uhr"
    ),
    rule("FREQ=MONTHLY;BYDAY=1TU,2TH,-2TH"): (
        "Jeden 1. Dienstag und 2. und vorletzten Donnerstag im Monat, 9–12 Uhr"
    ),
    rule("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO"): (
        "Alle 3 Monate: am 1. Montag im Monat, 9–12 Uhr, ab dem 1. Januar 2024"
    ),
    rule("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15"): "Jedes Jahr am 15. März, 9–12 Uhr",
    rule("FREQ=YEARLY"): "Jedes Jahr am 1. Januar, 9–12 Uhr",
    rule("FREQ=YEARLY;INTERVAL=2"): "Alle 2 Jahre: nur am 1. Januar, 9–12 Uhr, ab dem 1. Januar 2024",
    rule("FREQ=YEARLY;BYDAY=20MO,-1TU"): (
        "Jedes Jahr am 20. Montag im Jahr und 1. Dienstag vom Jahresende her, 9–12 Uhr"
    ),
    rule(f"FREQ=YEARLY;BYWEEKNO={ODD};BYDAY=MO,FR"): (
        "In ungeraden Kalenderwochen am Montag und am Freitag, 9–12 Uhr"
    ),
    rule("FREQ=YEARLY;BYWEEKNO=3,4,5,9;BYDAY=MO"): "In den Kalenderwochen 3–5 und 9 am Montag, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=SA;BYMONTH=1,2,3,11,12"): "Von November bis März jeden Samstag, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=SA;BYMONTH=5,7"): "Im Mai und Juli jeden Samstag, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=MO;UNTIL=20271231"): "Jeden Montag, 9–12 Uhr, bis zum 31. Dezember 2027",
    rule("FREQ=WEEKLY;BYDAY=MO;COUNT=3"): "Jeden Montag, 9–12 Uhr, bis zum 15. Januar 2024",
    rule("FREQ=WEEKLY;BYDAY=MO;COUNT=1"): "Am Montag, 1. Januar 2024, 9–12 Uhr",
    rule("", first_date=date(2027, 3, 3)): "Am Mittwoch, 3. März 2027, 9–12 Uhr",
    rule("FREQ=WEEKLY;BYDAY=MO", valid_from=date(2027, 1, 1), valid_until=date(2027, 12, 31)): (
        "Jeden Montag, 9–12 Uhr, ab dem 1. Januar 2027, bis zum 31. Dezember 2027"
    ),
    rule("FREQ=WEEKLY;BYDAY=MO", on_public_holidays=CLOSED, entry=Entry.APPOINTMENT): (
        "Jeden Montag, 9–12 Uhr, nicht an Feiertagen, nur mit Termin"
    ),
    rule("FREQ=WEEKLY;BYDAY=MO", on_public_holidays=ONLY, on_school_holidays=ONLY): (
        "Jeden Montag, 9–12 Uhr, nur an Feiertagen in den Schulferien"
    ),
    rule("FREQ=WEEKLY;BYDAY=MO", on_public_holidays=ONLY, on_school_holidays=CLOSED): (
        "Jeden Montag, 9–12 Uhr, nur an Feiertagen, nicht in den Schulferien"
    ),
    rule("FREQ=WEEKLY;BYDAY=MO", closures=(Closure(date(2027, 12, 24), date(2027, 12, 24)),)): (
        "Jeden Montag, 9–12 Uhr, geschlossen am 24. Dezember 2027"
    ),
}
SIX = (TUESDAYS, OFFICE, LAST_FRIDAY, FORTNIGHTLY, SEASON, EVEN_WEEKS)
SAID = {
    "de": [GERMAN[found] for found in SIX],
    "de-simple": [
        "Jeden ersten und dritten Dienstag im Monat. Von 9 Uhr bis 12 Uhr. Nicht in den Schulferien.",
        "Von Montag bis Donnerstag. Von 7:15 Uhr bis 16:30 Uhr.",
        "Jeden letzten Freitag im Monat. Ab 17 Uhr.",
        "Alle 2 Wochen am Mittwoch. Von 14 Uhr bis 16 Uhr. Ab dem 3. März 2027.",
        (
            "Jeden Samstag. Nur von April bis Oktober. Von 20 Uhr bis 2 Uhr."
            " Vom 15. Juli bis 31. August ist geschlossen."
        ),
        "Am Dienstag. Nur in geraden Kalender-Wochen. Von 10 Uhr bis 12 Uhr. Sie brauchen keinen Termin.",
    ],
    "en": [
        "1st and 3rd Tuesday of every month, 9:00–12:00, not during the school holidays",
        "Monday to Thursday, 7:15–16:30",
        "Last Friday of every month, from 17:00",
        "Every 2 weeks on Wednesday, 14:00–16:00, from 3 March 2027",
        "Every Saturday from April to October, 20:00–2:00, closed from 15 July to 31 August",
        "In even-numbered calendar weeks on Tuesday, 10:00–12:00, no appointment needed",
    ],
    "tr": [
        "Her ayın 1. ve 3. salı günü, 9:00–12:00, okul tatillerinde yok",
        "Pazartesi–perşembe, 7:15–16:30",
        "Her ayın son cuma günü, başlangıç saati 17:00",
        "2 haftada bir çarşamba günü, 14:00–16:00, 3 Mart 2027 tarihinden itibaren",
        (
            "Nisan–ekim aylarında her cumartesi, 20:00–2:00,"
            " 15 Temmuz ile 31 Ağustos arasında kapalı (bu günler dahil)"
        ),
        "Çift numaralı takvim haftalarında salı günü, 10:00–12:00, randevu gerekmez",
    ],
    "ar": [
        "يوم الثلاثاء الأول والثالث من كل شهر، من الساعة 9:00 إلى 12:00، ليس في العطل المدرسية",
        "من الاثنين إلى الخميس، من الساعة 7:15 إلى 16:30",
        "يوم الجمعة الأخير من كل شهر، ابتداءً من الساعة 17:00",
        "كل أسبوعين يوم الأربعاء، من الساعة 14:00 إلى 16:00، ابتداءً من 3 مارس 2027",
        "كل يوم سبت من أبريل إلى أكتوبر، من الساعة 20:00 إلى 2:00، مغلق من 15 يوليو إلى 31 أغسطس",
        "يوم الثلاثاء في أسابيع السنة ذات الأرقام الزوجية، من الساعة 10:00 إلى 12:00، بدون موعد مسبق",
    ],
    "uk": [
        "Перший і третій вівторок кожного місяця, 9:00–12:00, не під час шкільних канікул",
        "Понеділок – четвер, 7:15–16:30",
        "Остання пʼятниця кожного місяця, з 17:00",
        "Кожні 2 тижні у середу, 14:00–16:00, з 3 березня 2027\u202fр.",
        "Щосуботи з квітня по жовтень, 20:00–2:00, зачинено з 15 липня до 31 серпня включно",
        "У вівторок у парні календарні тижні, 10:00–12:00, без попереднього запису",
    ],
}


@pytest.mark.parametrize(("found", "sentence"), GERMAN.items())
def test_german_sentence(found: Rule, sentence: str) -> None:
    assert say_rule(found, "de", TODAY) == sentence


@pytest.mark.parametrize("locale", LANGUAGES)
def test_six_rules_in_every_language(locale: str) -> None:
    assert [say_rule(found, locale, TODAY) for found in SIX] == SAID[locale]


@pytest.mark.parametrize(
    ("n", "arabic", "ukrainian"),
    [
        (2, "كل أسبوعين يوم", "Кожні 2 тижні у"),
        (3, "كل 3 أسابيع يوم", "Кожні 3 тижні у"),
        (5, "كل 5 أسابيع يوم", "Кожні 5 тижнів у"),
        (11, "كل 11 أسبوعًا يوم", "Кожні 11 тижнів у"),
        (21, "كل 21 أسبوعًا يوم", "Кожен 21-й тиждень у"),
        (22, "كل 22 أسبوعًا يوم", "Кожні 22 тижні у"),
    ],
)
def test_numbers_take_the_plural_of_the_language(n: int, arabic: str, ukrainian: str) -> None:
    found = rule(f"FREQ=WEEKLY;INTERVAL={n};BYDAY=MO")
    assert say_rule(found, "ar", TODAY).startswith(arabic)
    assert say_rule(found, "uk", TODAY).startswith(ukrainian)


def test_beginning_that_is_over_is_not_said() -> None:
    found = rule("FREQ=WEEKLY;BYDAY=MO", valid_from=date(2026, 12, 1))
    assert say_rule(found, "de", date(2026, 12, 1)) == "Jeden Montag, 9–12 Uhr"
    assert say_rule(found, "de", date(2026, 11, 30)) == "Jeden Montag, 9–12 Uhr, ab dem 1. Dezember 2026"


def test_next_date_replaces_the_date_from_which_weeks_are_counted() -> None:
    said = say_rule(FORTNIGHTLY, "de", TODAY, coming=date(2027, 3, 31))
    assert said == "Alle 2 Wochen am Mittwoch, 14–16 Uhr, das nächste Mal am 31. März 2027"
    assert "nächste" not in say_rule(TUESDAYS, "de", TODAY, coming=date(2027, 3, 2))


def test_weeks_from_sunday_are_told_apart_by_weekday() -> None:
    """With weeks from Sunday, Sunday and the Wednesday after it are in the same week (RFC 5545, WKST)."""
    found = rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,SU;WKST=SU", first_date=date(2027, 3, 3))
    assert say_rule(found, "de", TODAY) == (
        "Alle 2 Wochen am Mittwoch, 9–12 Uhr, ab dem 3. März 2027; "
        "alle 2 Wochen am Sonntag, 9–12 Uhr, ab dem 14. März 2027"
    )


def test_time_that_ends_nowhere_known_is_not_a_span() -> None:
    assert say_rule(LAST_FRIDAY._replace(ends=None, starts=time(17, 30)), "de", TODAY).endswith(
        "ab 17:30 Uhr"
    )


def test_even_weeks_are_not_every_second_week() -> None:
    even = rule(f"FREQ=YEARLY;BYWEEKNO={EVEN};BYDAY=WE")
    assert say_rule(even, "de", TODAY) != say_rule(FORTNIGHTLY, "de", TODAY)
