"""A sentence claims neither more nor less than its rule: others have others, read back it is the same."""

import contextlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from api.core.languages import LANGUAGES
from api.schedules.dates import dates
from api.schedules.reading import read
from api.schedules.recurrence import RecurrenceError
from api.schedules.recurrence import read as read_recurrence
from api.schedules.rules import Entry, Rule
from api.schedules.saying import say, say_rule, say_short, say_text
from tests.schedules.strategies import SINCE, rules

TODAY = SINCE
TWO_YEARS = TODAY + timedelta(days=730)
SOME = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
MANY = settings(SOME, max_examples=500)
ANY_RULE = st.builds(lambda rule, entry: rule._replace(entry=entry), rules(), st.sampled_from(Entry))
FOR_ALL = "Für alle Zeiten gilt: "
Times = tuple[date, time, time | None, Entry]


def taking_place(found: Iterable[Rule]) -> set[Times]:
    """What takes place within two years, and how somebody gets in."""
    return {
        (date.fromordinal(number), rule.starts, rule.ends, rule.entry)
        for rule in found
        for number in dates(rule, "NW", TODAY, TWO_YEARS).numbers.tolist()
    }


@pytest.mark.parametrize("locale", LANGUAGES)
@given(one=ANY_RULE, other=ANY_RULE)
@SOME
def test_other_rules_have_other_sentences(locale: str, one: Rule, other: Rule) -> None:
    compare_with_kin(locale, one, other)


@pytest.mark.proof
@pytest.mark.parametrize("locale", LANGUAGES)
@given(one=ANY_RULE, other=ANY_RULE)
@MANY
def test_many_other_rules_have_other_sentences(locale: str, one: Rule, other: Rule) -> None:
    compare_with_kin(locale, one, other)


def compare_with_kin(locale: str, one: Rule, other: Rule) -> None:
    """Compare sentences of two rules and of those that differ from the one in a little."""
    mixed = [one._replace(**{name: value}) for name, value in other._asdict().items()]
    kin = [one, other, *mixed, *with_part_missing(one), *with_other_closures(one)]
    meant = [taking_place([rule]) for rule in kin]
    said = [say_rule(rule, locale, TODAY) for rule in kin]
    for place, sentence in enumerate(said):
        twins = [index for index, found in enumerate(said) if found == sentence]
        assert all(meant[index] == meant[place] for index in twins), (sentence, [kin[i] for i in twins])


def with_part_missing(rule: Rule) -> Iterator[Rule]:
    """A rule less each part of its recurrence: without BYMONTH, without WKST …"""
    parts = rule.recurrence.split(";")
    for part in parts:
        text = ";".join(each for each in parts if each != part)
        with contextlib.suppress(RecurrenceError):
            yield rule._replace(recurrence=text) if read_recurrence(text) else rule


def with_other_closures(rule: Rule) -> Iterator[Rule]:
    """A rule whose first closure is in the next year, a day longer, or every year instead of once."""
    for closure in rule.closures[:1]:
        first, last = (day.replace(year=day.year + 1) for day in (closure.first, closure.last))
        longer = closure._replace(last=closure.last + timedelta(days=1))
        changed = [closure._replace(first=first, last=last), longer]
        for other in (*changed, closure._replace(every_year=not closure.every_year)):
            yield rule._replace(closures=(other, *rule.closures[1:]))


@given(rule=ANY_RULE)
@settings(SOME, max_examples=100)
def test_sentence_read_back_is_the_rule(rule: Rule) -> None:
    sentence = say_rule(rule, "de", TODAY)
    found = read(sentence)
    assume(found.is_understood)
    assert taking_place(found.rules) == taking_place([rule]), (sentence, found.rules)


@given(found=st.lists(ANY_RULE, min_size=1, max_size=4), shared=ANY_RULE, is_shared=st.booleans())
@settings(SOME, max_examples=100)
def test_timetable_read_back_is_the_timetable(found: list[Rule], shared: Rule, is_shared: bool) -> None:
    """Half of them have everything but days and times in common, as real ones do."""
    if is_shared:
        found = [
            shared._replace(recurrence=rule.recurrence, starts=rule.starts, ends=rule.ends) for rule in found
        ]
    first, *others = say(found, "de", TODAY)
    if others and others[-1].startswith(FOR_ALL):
        terms = others.pop().removeprefix(FOR_ALL)
        first, *others = (f"{line}, {terms}" for line in (first, *others))
    texts = ("; ".join((first, *others)), say_text(found, "de", TODAY), say_short(found, "de", TODAY))
    for reading in map(read, texts):
        if reading.is_understood:
            assert taking_place(reading.rules) == taking_place(found), (reading.text, reading.rules)


@given(found=st.lists(ANY_RULE, max_size=4))
@SOME
def test_every_language_says_every_rule_in_full(found: list[Rule]) -> None:
    lines = {locale: say(found, locale, TODAY) for locale in LANGUAGES}
    assert len({len(said) for said in lines.values()}) == 1
    for locale, said in lines.items():
        for line in said:
            assert not set("{}") & set(line), line
            assert line == line.strip()
            assert "  " not in line, line
            assert not re.search(r",,|\.\.", line), line
            assert line.endswith(".") or locale != "de-simple"


@pytest.mark.parametrize(
    "recurrence",
    [
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,FR",
        "FREQ=WEEKLY;BYDAY=SA;BYMONTH=4,5,6,7,8,9,10",
        "FREQ=WEEKLY;BYDAY=SA;BYMONTH=5,7",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
        "FREQ=MONTHLY;BYDAY=1TU,3TU",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=2TU,4TH",
        "FREQ=MONTHLY;BYMONTHDAY=15",
        f"FREQ=YEARLY;BYWEEKNO={','.join(map(str, range(2, 53, 2)))};BYDAY=TU,WE",
        "FREQ=WEEKLY;BYDAY=TU;UNTIL=20271231",
        "",
    ],
)
def test_usual_sentences_are_understood_by_our_own_reader(recurrence: str) -> None:
    rule = Rule(recurrence, date(2027, 3, 3), time(9, 30), time(12))
    found = read(say_rule(rule, "de", date(2027, 4, 1) if "INTERVAL" in recurrence else TODAY))
    assert found.is_understood, found
    assert taking_place(found.rules) == taking_place([rule])
