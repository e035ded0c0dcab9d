"""What holds for every text: never an error, never half-read, never slow."""

import time
from datetime import time as clock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.schedules.reading import Doubt, read
from api.schedules.reading.reader import LONGEST
from api.schedules.rules import Entry, Rule
from tests.schedules.reading.golden import ANCHOR, DAYS, apart, cases

CLEAR = [
    case.text
    for case in [*cases("golden.csv"), *cases("own.csv")]
    if case.expected != "verbatim" and "<" not in case.text and read(case.text).is_understood
]
PIECES = [
    *(
        "Mo",
        "Di",
        "Mi.",
        "Do-Fr",
        "Sa,",
        "So",
        "Tu",
        "We",
        "Th",
        "Su",
        "montags",
        "jeden",
        "1.",
        "und",
        "3.",
        "2.",
        "letzten",
    ),
    *(
        "Montag",
        "im",
        "Monat",
        "9-12",
        "8.30",
        "07:00-16:30",
        "0700-1630",
        "24/7",
        "Uhr",
        "h",
        "ab",
        "bis",
        "von",
        "um",
    ),
    *(
        "+",
        ";",
        ",",
        ".",
        ":",
        "-",
        "||",
        "|",
        "(",
        ")",
        "[",
        "]",
        "[1]",
        "[-1]",
        '"',
        "/",
        "\n",
        "PH",
        "SH",
        "off",
    ),
    *(
        "geschlossen",
        "Ferien",
        "außer",
        "nicht",
        "in",
        "den",
        "Feiertagen",
        "April",
        "Oct",
        "1.4.",
        "31.12.2026",
    ),
    *(
        "12.10.2026",
        "28.2.",
        "29.2.",
        "31.4.",
        "00:00",
        "24:00",
        "25:00",
        "99",
        "2026",
        "week",
        "1-53/2",
        "gerade",
        "KW",
    ),
    *(
        "alle",
        "14",
        "Tage",
        "nach",
        "Vereinbarung",
        "nur",
        "mit",
        "Termin",
        "ohne",
        "n.",
        "V.",
        "Café",
        "sonn-",
        "täglich",
    ),
    *("werktags", "nachmittags", "vormittag:", "ganz", "zwischen"),
]
UNKNOWN = ("Quendel", "blubb", "Zirbelstube")
GERMAN = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
ORDINALS = {1: "ersten", 2: "zweiten", 3: "dritten", 4: "vierten", -1: "letzten"}


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    reading = read(text)
    assert reading.is_understood or not reading.rules


@given(
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=9).map("".join)
)
@settings(max_examples=600, deadline=None)
def test_any_order_of_the_usual_words_gets_an_answer(text: str) -> None:
    reading = read(text)
    assert reading.is_understood == bool(reading.rules or reading.entry == Entry.APPOINTMENT)
    for rule in reading.rules:
        assert rule.recurrence or rule.first_date != ANCHOR


@given(
    st.sampled_from(CLEAR),
    st.integers(0, 60),
    st.sampled_from([*UNKNOWN, "nicht", "kein", "vielleicht", "17", "3.", "€", "???", "oder"]),
)
@settings(max_examples=400, deadline=None)
def test_a_word_more_never_goes_unheard(text: str, place: int, word: str) -> None:
    blanks = [0, *(index for index, letter in enumerate(text) if letter in " \n"), len(text)]
    at = blanks[place % len(blanks)]
    before, after = read(text), read(f"{text[:at]} {word} {text[at:]}")
    if not after.is_understood:
        return
    heard = [rule.note for rule in after.rules] + [after.note]
    assert any(word in note for note in heard) or after.rules != before.rules
    if word in UNKNOWN:
        assert any(word in note for note in heard)
        assert when(after.rules) == when(before.rules)


def when(rules: tuple[Rule, ...]) -> list[Rule]:
    """Rules without how to get in: an unknown word may hide that, but is kept in the note."""
    return apart(tuple(rule._replace(note="", entry=Entry.UNKNOWN) for rule in rules))


def hours(minutes: int, style: str) -> str:
    hour, minute = divmod(minutes, 60)
    if not style and 2010 <= hour * 100 + minute < 2050:
        style = ":"  # 2015-2030 are years
    if style == "bare":
        return f"{hour}" if not minute else f"{hour}.{minute:02}"
    return f"{hour:02}{style}{minute:02}"


@st.composite
def timetables(draw: st.DrawFn) -> tuple[str, tuple[Rule, ...]]:
    """A timetable as somebody may write it, and its rules."""
    weekdays = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True).map(sorted))
    style = draw(st.sampled_from([":", ".", "", "bare"]))
    dash = draw(st.sampled_from(["-", " - ", "–", " – ", " bis ", "\N{NO-BREAK SPACE}–\N{NO-BREAK SPACE}"]))
    suffix = "" if style == ":" else draw(st.sampled_from([" Uhr", "Uhr", " Uhr ", " h"]))
    colon = draw(st.sampled_from([" ", ": ", ", ", ":\n"]))
    lines, rules = [], []
    for weekday in weekdays:
        nth = draw(st.sampled_from([0, 0, *ORDINALS]))
        edges = draw(st.lists(st.integers(72, 276), min_size=2, max_size=4, unique=True).map(sorted))
        edges = [edge * 5 for edge in edges[: len(edges) // 2 * 2]]
        name = GERMAN[weekday]
        if nth:
            said = draw(
                st.sampled_from(
                    [f"jeden {ORDINALS[nth]} {name} im Monat"] + [f"{nth}. {name} im Monat"] * (nth > 0)
                )
            )
        else:
            said = draw(
                st.sampled_from(
                    [name, name + "s", name.lower() + "s", name[:2], name[:2] + ".", f"jeden {name}"]
                )
            )
        spans = list(zip(edges[::2], edges[1::2], strict=True))
        joiner = draw(st.sampled_from([" und ", ", ", " sowie ", " / "]))
        times = joiner.join(f"{hours(start, style)}{dash}{hours(end, style)}{suffix}" for start, end in spans)
        lines.append(said + colon + times)
        code = f"{nth or ''}{DAYS[weekday]}"
        freq = "MONTHLY" if nth else "WEEKLY"
        rules += [
            Rule(f"FREQ={freq};BYDAY={code}", ANCHOR, clock(*divmod(start, 60)), clock(*divmod(end, 60)))
            for start, end in spans
        ]
    return draw(st.sampled_from(["\n", "; ", ", "])).join(lines), tuple(rules)


@given(timetables())
@settings(max_examples=250, deadline=None)
def test_a_timetable_written_in_german_is_read_back(written: tuple[str, tuple[Rule, ...]]) -> None:
    text, rules = written
    reading = read(text)
    assert reading.is_understood, (text, reading)
    assert apart(reading.rules) == apart(rules)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "Mo ",
            "Mo, ",
            "Mo-",
            "9-12 ",
            "Mo 9-12, ",
            "Mo 9-12 Uhr; ",
            "(",
            "Mo (",
            "1. ",
            "und ",
            "im ",
            "jeden 1. ",
        ),
        *(
            "<p",
            "nach ",
            "Café ",
            "Café: ",
            "April bis ",
            "1.4. bis ",
            "week 1,",
            "Mo[1",
            "außer ",
            "in den Ferien ",
        ),
        *("\n", "0", "a", "⁰", "Mo und ", "9-12 Uhr ", "Büro Mo 9-12 Uhr\n", "2026 "),
        *("9" * 5000, "1" * 4400 + ". Mai 2026", "1. Mai 2026 bis " + "2" * 4400),
    ],
)
@pytest.mark.parametrize("length", [LONGEST, 10_000])
def test_long_texts_are_answered_at_once(piece: str, length: int) -> None:
    text = (piece * length)[:length]
    began = time.process_time()
    reading = read(text)
    assert time.process_time() - began < 1
    assert length <= LONGEST or reading.doubt == Doubt.TOO_LONG


def test_a_flagged_text_says_where_and_why() -> None:
    reading = read("Mo 9-12 Uhr, Ferien siehe Aushang")
    assert reading.doubt == Doubt.WORDS
    assert reading.at is not None
    assert reading.text[reading.at :] == "Ferien siehe Aushang"
