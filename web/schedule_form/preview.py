"""What the form's rules come to: the next dates in order, what is left out and why, sentences, RRULEs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from api.schedules.dates import Why, dates
from api.schedules.rules import Change, OnHolidays, Rule
from api.schedules.saying import say, say_rule, states
from api.schedules.timetable import LeftOut, Occurrence, Timetable
from web.language import translations
from web.schedule_form.meaning import Meaning
from web.words import _

COUNT: Final = 10
MOST_ROWS: Final = 40
_YEARS: Final = 9  # in which a rule has a first date, 29 February included
_AHEAD: Final = timedelta(days=366)  # in which is told what is left out


class Row(NamedTuple):
    """One line of the preview, in words of a language."""

    day: str
    hours: str = ""
    host: str = ""
    different: tuple[str, ...] = ()  # what is different this time
    left_out: str = ""  # it does not take place, and why
    is_uncertain: bool = False


class Preview(NamedTuple):
    """Everything that is shown of the rules at a moment."""

    timetable: Timetable
    said: Meaning
    now: datetime

    @classmethod
    def of(cls, said: Meaning, zone: str, state: str, now: datetime) -> "Preview":
        """Return the preview of what a form says, in a time zone and a federal state."""
        return cls(Timetable(said.rules, zone, state), said, now)

    @property
    def today(self) -> date:
        """Return today's date in the region."""
        return self.now.astimezone(ZoneInfo(self.timetable.zone)).date()

    def rows(self, locale: str) -> list[Row]:
        """Return the next dates, and between them what is left out."""
        found = self.timetable.after(self.now, COUNT)
        soon = self.today + _AHEAD
        last = min(found[-1].starts.date(), soon) if len(found) == COUNT else soon
        gone = self.timetable.left_out(self.today, last)
        # A moved date is told on both of its days, however far away.
        far = [one.on for one in found if one.on > last and one.on != one.starts.date()]
        gone += [one for on in far for one in self.timetable.left_out(on, on) if one.why == Why.MOVED]
        rows = [(one.starts.date(), 1, one.rule, self._row(one, locale)) for one in found]
        runs = _in_runs(gone, found)
        rows += [(days[0].on, 0, days[0].rule, self._gap(days, locale)) for days in runs]
        return [row for *_order, row in sorted(rows, key=lambda one: one[:3])][:MOST_ROWS]

    def sentences(self, locale: str) -> list[tuple[str, list[str]]]:
        """Return what the rules say, for each host; "" where nobody has said who."""
        found = []
        for host in dict.fromkeys(self.said.hosts):
            rules = [rule for rule, at in zip(self.said.rules, self.said.hosts, strict=True) if at == host]
            if len(rules) == 1 or any(";INTERVAL=" in rule.recurrence for rule in rules):
                texts = [say_rule(rule, locale, self.today, self._coming(rule)) for rule in rules]
            else:
                texts = say(rules, locale, self.today)
            found.append((host, texts))
        return found

    def technical(self) -> str:
        """Return the rules as iCalendar writes them (RFC 5545); holidays and pauses are not in it."""
        return "\n\n".join(_rrule(rule, ZoneInfo(self.timetable.zone)) for rule in self.said.rules)

    def _row(self, one: Occurrence, locale: str) -> Row:
        rule = self.said.rules[one.rule]
        starts, ends = one.starts.time(), one.ends.time() if one.ends else None
        different = []
        if one.change == Change.EXTRA:
            different.append(states.extra(locale))  # noqa: S610 - nothing of Django
        elif one.on != one.starts.date():
            different.append(states.moved_from(locale, one.on, self.today))
        if one.change == Change.MOVED and (starts, ends) != (rule.starts, rule.ends):
            different.append(states.other_hours(locale, starts, ends))
        if one.place is not None:
            different.append(states.other_place(locale, self.said.places[one.place]))
        return Row(
            states.day(locale, one.starts.date(), self.today),
            states.hours(locale, starts, ends),
            "" if one.place is not None else self.said.hosts[one.rule],
            (*different, one.note) if one.note else tuple(different),
            is_uncertain=not one.certain,
        )

    def _gap(self, days: list[LeftOut], locale: str) -> Row:
        """Return a row for days in succession that are left out for the same reason."""
        first, last = (states.day(locale, one.on, self.today) for one in (days[0], days[-1]))
        hosts = {self.said.hosts[one.rule] for one in days}
        return Row(
            first if first == last else _range(locale, first, last),
            host=hosts.pop() if len(hosts) == 1 else "",
            left_out=self._why(days[0], locale),
        )

    def _why(self, one: LeftOut, locale: str) -> str:
        if one.why == Why.MOVED:
            deviations = reversed(self.said.rules[one.rule].deviations)
            to = next((d.to for d in deviations if d.change == Change.MOVED and d.on == one.on), None)
            return states.moved_to(locale, to or one.on, self.today)
        return states.cancelled(locale, one.name)

    def _coming(self, rule: Rule) -> date | None:
        """Return the next regular date of a rule."""
        regular = Timetable((rule._replace(deviations=()),), *self.timetable[1:])
        return next((one.on for one in regular.after(self.now)), None)


def _in_runs(gone: list[LeftOut], found: list[Occurrence]) -> Iterator[list[LeftOut]]:
    """Yield what is left out, together what has one reason and no date in between."""
    days = [one.starts.date() for one in found]

    def alike(one: LeftOut) -> tuple[object, ...]:
        is_single = one.why in (Why.MOVED, Why.CANCELLED)
        return sum(day < one.on for day in days), one.why, one.name, is_single and (one.on, one.rule)

    for _reason, group in groupby(gone, key=alike):
        yield list(group)


def _rrule(rule: Rule, zone: ZoneInfo) -> str:
    """Return first date and recurrence of a rule."""
    free = rule._replace(on_public_holidays=OnHolidays.OPEN, on_school_holidays=OnHolidays.OPEN, closures=())
    since = max(rule.first_date, rule.valid_from or rule.first_date)
    numbers = dates(free, None, since, since + _AHEAD * _YEARS).numbers[:1].tolist()
    first = date.fromordinal(numbers[0]) if numbers else since
    ends_on = first if rule.ends and rule.ends > rule.starts else first + timedelta(days=1)
    lines = [f"DTSTART;TZID={zone.key}:{_local(first, rule.starts)}"]
    if rule.ends is not None:
        lines.append(f"DTEND;TZID={zone.key}:{_local(ends_on, rule.ends)}")
    if rule.recurrence:
        until = ""
        if rule.valid_until is not None:
            last = datetime.combine(rule.valid_until, rule.starts, zone).astimezone(UTC)
            until = f";UNTIL={last:%Y%m%dT%H%M%SZ}"
        lines.append(f"RRULE:{rule.recurrence}{until}")
    cancelled = [one.on for one in rule.deviations if one.change == Change.CANCELLED]
    lines += [f"EXDATE;TZID={zone.key}:{_local(on, rule.starts)}" for on in cancelled]
    return "\n".join(lines)


def _local(day: date, moment: time) -> str:
    return f"{day:%Y%m%d}T{moment:%H%M%S}"


def _range(locale: str, first: str, last: str) -> str:
    return translations(locale).gettext(_("{first} bis {last}")).format(first=first, last=last)
