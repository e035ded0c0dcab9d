"""One date that is different: chosen from those that come next, cancelled or moved."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, Final, NamedTuple

from starlette.datastructures import QueryParams

from api.core import clock
from api.core.languages import DEFAULT
from api.curation import labels
from api.curation.sheet_fields import Sheet
from api.curation.sight import Sight, masked_sheet
from api.regions.models import Region
from api.schedules.changes import changes
from api.schedules.rules import Change, Deviation, Rule
from api.schedules.saying import states
from api.schedules.schemas import EARLIEST, ScheduleIn
from api.schedules.timetable import Occurrence, Timetable
from web.schedule_form import meaning
from web.schedule_form.checks import Checks
from web.schedule_form.typed import KEYS, OneDate
from web.schedule_form.values import Mistake
from web.staff import form_hours

MOST: Final = 12
FIELD: Final = "a1"  # as the form for consultation hours calls its first exception
DAY, WHAT = f"{FIELD}-{KEYS['on']}", f"{FIELD}-{KEYS['change']}"
KINDS: Final = [("", "Bitte wählen"), ("faellt-aus", "Er fällt aus"), ("verlegt", "Er wird verlegt")]
NO_DAY: Final = "Bitte wählen Sie den Termin, um den es geht."
OLD_DAY: Final = "Diesen Termin gibt es so nicht mehr. Bitte wählen Sie noch einmal."
NO_KIND: Final = "Bitte wählen Sie, was an diesem Termin anders ist."
PAST: Final = "Dieser Tag ist schon vorbei."
NO_NEW: Final = "Bitte tragen Sie einen neuen Tag oder neue Uhrzeiten ein."


class Coming(NamedTuple):
    """A date that comes."""

    key: str  # of the place, empty: wherever the offer is
    line: int
    on: date
    text: str
    rule: Rule

    @property
    def value(self) -> str:
        """Return what the form calls it."""
        return f"{self.key}:{self.line}:{self.on}"


class Different(NamedTuple):
    """What somebody says of a date: the lines of its place with it, and the same in words."""

    key: str
    lines: list[dict[str, Any]]
    text: str


def coming(region: Region, sheet: Sheet) -> list[Coming]:
    """Return the next dates of an entry, at all its places; those that come once more are left out."""
    found = sorted(_coming(region, sheet), key=lambda one: one[0])
    return [one for _starts, one in found[:MOST]]


def typed(sent: QueryParams) -> OneDate:
    """Return the fields as they were typed."""
    return OneDate(**{name: sent.get(f"{FIELD}-{KEYS[name]}", "").strip() for name in OneDate._fields})


def read(region: Region, sheet: Sheet, sent: QueryParams) -> Different | dict[str, str] | None:
    """Return what is said of a date, else the mistakes by field; None: nothing is said."""
    one, chosen = typed(sent), sent.get(DAY, "")
    if not chosen:
        return {DAY: NO_DAY} if any((one.change, one.to, one.starts, one.ends, one.reason)) else None
    meant = next((found for found in coming(region, sheet) if found.value == chosen), None)
    if meant is None:
        return {DAY: OLD_DAY}
    if one.change not in dict(KINDS) or not one.change:
        return {WHAT: NO_KIND}
    mistakes: list[Mistake] = []
    one = one._replace(on=meant.on.isoformat(), host="")
    checks = Checks(FIELD, one, mistakes)
    found = meaning.deviation(checks, [])
    today = form_hours.today(region)
    if found is not None and found.to is not None and found.to < today:
        checks.wrong("to", PAST)
    if found is None or mistakes:
        return {mistake.field: _in_words(mistake) for mistake in reversed(mistakes)}
    target = sheet["places"][meant.key] if meant.key else sheet
    lines = deepcopy(target["schedules"])
    line = lines[meant.line]
    others = [
        other for other in line["deviations"] if other["on"] != one.on or other["change"] == Change.EXTRA
    ]
    said = ScheduleIn.of(meant.rule._replace(deviations=(found,))).model_dump(mode="json")["deviations"]
    line["deviations"] = [*others, *said]
    return Different(meant.key, lines, f"{meant.text}: {_said(found, meant, today)}")


def _coming(region: Region, sheet: Sheet) -> Iterator[tuple[Any, Coming]]:
    now, today, keys = clock.now(), form_hours.today(region), form_hours.keys(sheet)
    told = masked_sheet(sheet, Sight())  # a house without a name is called by its street
    for key in keys:
        part: Mapping[str, Any] = told["places"][key] if key else told
        rules = tuple(ScheduleIn.model_validate(line).rule() for line in part["schedules"])
        name = labels.name_of("places", part) if key and len(keys) > 1 else ""
        for one in Timetable(rules, region.timezone, region.state).after(now, MOST):
            if one.change is not Change.EXTRA:
                yield one.starts, Coming(key, one.rule, one.on, _called(one, name, today), rules[one.rule])


def _called(one: Occurrence, place: str, today: date) -> str:
    ends = one.ends.time() if one.ends else None
    day = states.day(DEFAULT, one.starts.date(), today)
    parts = (day, states.hours(DEFAULT, one.starts.time(), ends), place)
    return ", ".join(filter(None, parts))


def _said(found: Deviation, meant: Coming, today: date) -> str:
    if found.change == Change.CANCELLED:
        return states.cancelled(DEFAULT, found.note)
    (instead,) = changes(meant.rule._replace(deviations=(found,))).instead
    day = states.moved_to(DEFAULT, instead.day, today) if found.to else "am selben Tag"
    note = f" ({found.note})" if found.note else ""
    return f"{day}, {states.hours(DEFAULT, instead.starts, instead.ends)}{note}"


def _in_words(mistake: Mistake) -> str:
    values = {
        name: states.day(DEFAULT, value, EARLIEST) if isinstance(value, date) else value
        for name, value in mistake.values.items()
    }
    return NO_NEW if mistake.text == meaning.NO_NEW else mistake.text.format(**values)  # no other place here
