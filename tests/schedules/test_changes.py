"""What somebody has said about one date beats what the rule says."""

from datetime import date, time, timedelta

from api.schedules.dates import Why
from api.schedules.rules import Change, Closure, Deviation, OnHolidays, Rule
from api.schedules.spans import spans
from api.schedules.timetable import LeftOut, Occurrence
from tests.schedules.test_timetable import at, table

RULE = Rule("FREQ=MONTHLY;BYDAY=3MO", date(2026, 1, 1), time(12), time(14), valid_until=date(2026, 12, 31))
DECEMBER = date(2026, 12, 21)
EARLIER = date(2026, 12, 14)
YEAR = date(2026, 1, 1), date(2027, 12, 31)


def changed(*deviations: Deviation, rule: Rule = RULE) -> Rule:
    return rule._replace(deviations=deviations)


def since_december(rule: Rule) -> list[Occurrence]:
    found = table(rule).between(at(date(2026, 12, 1)), at(date(2027, 12, 31)))
    rows = spans([table(rule)], date(2026, 12, 1), date(2027, 12, 30))
    assert [one.starts.timestamp() for one in found] == (rows.starts * 60).tolist()
    return found


def test_in_december_it_is_a_week_earlier_elsewhere() -> None:
    deviation = Deviation(
        Change.MOVED, DECEMBER, to=EARLIER, starts=time(10), ends=time(11), place=7, note="Bücherei"
    )
    rule = changed(deviation)
    moved = Occurrence(at(EARLIER, 10), at(EARLIER, 11), 0, DECEMBER, Change.MOVED, 7, note="Bücherei")
    assert since_december(rule) == [moved]
    assert table(rule).left_out(*YEAR) == [LeftOut(DECEMBER, 0, Why.MOVED, "Bücherei")]


def test_a_moved_date_is_where_it_was_moved_to() -> None:
    far = date(2027, 2, 1)
    moved = table(changed(Deviation(Change.MOVED, DECEMBER, to=far)))
    for first, expected in ((DECEMBER, []), (far, [DECEMBER])):
        assert [one.on for one in moved.between(at(first), at(first + timedelta(1)))] == expected
        assert len(spans([moved], first, first).rows) == len(expected)


def test_a_cancelled_date_is_told() -> None:
    rule = changed(Deviation(Change.CANCELLED, DECEMBER, note="krank"))
    assert since_december(rule) == []
    assert table(rule).left_out(*YEAR) == [LeftOut(DECEMBER, 0, Why.CANCELLED, "krank")]


def test_what_does_not_change_stays_as_the_rule_has_it() -> None:
    elsewhere = since_december(changed(Deviation(Change.MOVED, DECEMBER, place=7)))
    assert elsewhere == [Occurrence(at(DECEMBER, 12), at(DECEMBER, 14), 0, DECEMBER, Change.MOVED, 7)]
    assert table(changed(Deviation(Change.MOVED, DECEMBER, place=7))).left_out(*YEAR) == []


def test_nobody_knows_when_ends_what_starts_after_its_usual_end() -> None:
    assert since_december(changed(Deviation(Change.MOVED, DECEMBER, starts=time(15))))[0].ends is None
    assert since_december(changed(Deviation(Change.MOVED, DECEMBER, starts=time(13))))[0].ends == at(
        DECEMBER, 14
    )


def test_an_extra_date_needs_no_rule() -> None:
    extra = changed(Deviation(Change.EXTRA, date(2027, 6, 9), note="Sommerfest"))
    last = Occurrence(at(date(2027, 6, 9), 12), at(date(2027, 6, 9), 14), 0, date(2027, 6, 9), Change.EXTRA)
    assert since_december(extra)[1:] == [last._replace(note="Sommerfest")]
    assert table(extra).after(at(date(2027, 1, 1)))[0].on == date(2027, 6, 9)


def test_other_changes_of_dates_that_no_rule_names_are_ignored() -> None:
    wrong = DECEMBER + timedelta(1)
    beyond = date(2027, 1, 18)  # a third Monday, no longer valid
    moved = [Deviation(Change.MOVED, day, to=date(2026, 12, 5)) for day in (wrong, beyond)]
    rule = changed(*moved, Deviation(Change.CANCELLED, wrong))
    assert since_december(rule) == since_december(RULE)
    assert table(rule).left_out(*YEAR) == []


def test_what_somebody_said_beats_holidays_closures_and_the_last_day() -> None:
    christmas = Rule(
        "FREQ=WEEKLY;BYDAY=FR",
        date(2026, 1, 1),
        time(9),
        time(12),
        valid_until=date(2026, 12, 31),
        on_public_holidays=OnHolidays.CLOSED,
        on_school_holidays=OnHolidays.CLOSED,
        closures=(Closure(date(2026, 12, 20), date(2027, 1, 10)),),
    )
    friday, later = date(2026, 12, 25), date(2027, 1, 6)
    assert friday not in {one.on for one in since_december(christmas)}
    moved = changed(Deviation(Change.MOVED, friday, to=later), rule=christmas)
    assert since_december(moved)[-1].starts == at(later, 9)
    assert [one.why for one in table(moved).left_out(friday, friday)] == [Why.MOVED]
    extra = changed(Deviation(Change.EXTRA, friday, starts=time(15)), rule=christmas)
    assert [one.starts for one in since_december(extra)][-1] == at(friday, 15)
    assert table(extra).left_out(friday, friday) == []


def test_an_extra_date_takes_the_place_of_the_usual_one_at_the_same_time() -> None:
    found = since_december(changed(Deviation(Change.EXTRA, DECEMBER, place=7)))
    assert [(one.change, one.place) for one in found] == [(Change.EXTRA, 7)]
    found = since_december(changed(Deviation(Change.EXTRA, DECEMBER, starts=time(18), ends=time(19))))
    assert [one.change for one in found] == [None, Change.EXTRA]


def test_the_later_of_two_changes_counts() -> None:
    twice = changed(Deviation(Change.CANCELLED, DECEMBER), Deviation(Change.MOVED, DECEMBER, to=EARLIER))
    assert [one.starts for one in since_december(twice)] == [at(EARLIER, 12)]


def test_changed_dates_count_as_dates_of_the_rule() -> None:
    rule = changed(
        Deviation(Change.CANCELLED, date(2026, 1, 19)),
        rule=RULE._replace(recurrence="FREQ=MONTHLY;BYDAY=3MO;COUNT=2"),
    )
    assert [one.on for one in table(rule).after(at(date(2026, 1, 1)), 3)] == [date(2026, 2, 16)]
