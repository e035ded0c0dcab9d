"""What somebody has typed into the form, exactly as the address of the page carries it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from starlette.datastructures import QueryParams

from web.words import _

Pairs = list[tuple[str, str]]
# How much somebody can enter: a whole week with a midday break, a year of changes, and a short address.
MOST_LINES: Final = 12
MOST_DATES: Final = 30
MOST_PAUSES: Final = 10
LONGEST: Final = {"text": 1000, "ort": 80, "grund": 120, "hinweis": 200}
LONGEST_WORD: Final = 40  # of every other field


class Line(NamedTuple):
    """One line of the timetable; the defaults are what an untouched form says."""

    days: tuple[str, ...] = ()
    rhythm: str = "woche"
    since: str = ""
    nth: tuple[str, ...] = ()
    month_days: str = ""
    starts: str = ""
    ends: str = ""
    host: str = ""
    public: str = "zu"
    school: str = "offen"
    entry: str = "unbekannt"
    months: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""
    note: str = ""


class Pause(NamedTuple):
    """Days without dates, first and last."""

    first: str = ""
    last: str = ""
    every_year: str = ""
    line: str = ""  # number of a line; empty: all
    reason: str = ""


class OneDate(NamedTuple):
    """One date that is different."""

    change: str = "faellt-aus"
    on: str = ""
    to: str = ""
    starts: str = ""
    ends: str = ""
    host: str = ""
    line: str = ""  # number of a line; empty: the one that has this date
    reason: str = ""


Entry = TypeVar("Entry", Line, Pause, OneDate)
# Field → its key in addresses, behind "z1-", "p1-" or "a1-". These keys are public: links are sent around.
KEYS: Final = {
    "days": "tag",
    "rhythm": "rhythmus",
    "since": "seit",
    "nth": "woche",
    "month_days": "monatstag",
    "starts": "von",
    "ends": "bis",
    "host": "ort",
    "public": "feiertage",
    "school": "ferien",
    "entry": "termin",
    "months": "monat",
    "valid_from": "ab",
    "valid_until": "ende",
    "note": "hinweis",
    "first": "erster",
    "last": "letzter",
    "every_year": "jaehrlich",
    "line": "zeit",
    "reason": "grund",
    "change": "art",
    "on": "am",
    "to": "auf",
}
NAMES: Final = {
    "z": _("Sprechzeit {number}"),
    "p": _("Pause {number}"),
    "a": _("Ausnahme {number}"),
}
_NUMBERED: Final = re.compile(r"([zpa])([1-9]\d?)-")


class Form(NamedTuple):
    """The whole form; there is always a line to fill in."""

    lines: tuple[Line, ...] = (Line(),)
    pauses: tuple[Pause, ...] = ()
    dates: tuple[OneDate, ...] = ()
    languages: tuple[str, ...] = ()  # in which the times are said, besides that of the page
    text: str = ""

    @classmethod
    def of(cls, params: QueryParams) -> "Form":
        """Read a query; more than fits is not looked at."""
        present = {kind: {0} for kind in NAMES}
        for key in params:
            if found := _NUMBERED.match(key):
                present[found[1]].add(int(found[2]))
        return cls(
            _entries(Line, params, "z", _count(params, "zeiten", present["z"], range(1, MOST_LINES + 1))),
            _entries(Pause, params, "p", _count(params, "pausen", present["p"], range(MOST_PAUSES + 1))),
            _entries(OneDate, params, "a", _count(params, "ausnahmen", present["a"], range(MOST_DATES + 1))),
            tuple(dict.fromkeys(params.getlist("sprache"))),
            params.get("text", "").strip().replace("\r\n", "\n"),
        )

    @property
    def is_untouched(self) -> bool:
        """Whether there is nothing to preview yet."""
        return not self.dates and not self.pauses and all(line == Line() for line in self.lines)

    def pairs(self) -> Pairs:
        """Return the shortest query that says the same."""
        counts = (("zeiten", self.lines), ("pausen", self.pauses), ("ausnahmen", self.dates))
        found = [(key, str(len(entries))) for key, entries in counts if entries]
        for kind, entries in (("z", self.lines), ("p", self.pauses), ("a", self.dates)):
            found += _numbered(kind, entries)
        found += [("sprache", language) for language in self.languages]
        return found + ([("text", self.text)] if self.text else [])


def key(field: str) -> str:
    """Return the address's key of a field."""
    return KEYS[field]


def _count(params: QueryParams, name: str, present: set[int], limits: range) -> int:
    said = params.get(name, "")
    wanted = int(said) if re.fullmatch(r"\d{1,2}", said) else 0
    return min(max(wanted, *present, limits.start), limits.stop - 1)


def _entries(kind: type[Entry], params: QueryParams, prefix: str, count: int) -> tuple[Entry, ...]:
    return tuple(_entry(kind, params, f"{prefix}{number}") for number in range(1, count + 1))


def _entry(kind: type[Entry], params: QueryParams, prefix: str) -> Entry:
    defaults: dict[str, Any] = kind._field_defaults
    said: dict[str, Any] = {}
    for field, default in defaults.items():
        values = [_tidy(value) for value in params.getlist(f"{prefix}-{key(field)}")]
        if isinstance(default, tuple):
            said[field] = tuple(dict.fromkeys(value for value in values if value))
        else:
            said[field] = values[-1] if values else default
    return kind(**said)


def _tidy(value: str) -> str:
    """Return what was typed without control signs and double blanks."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def _numbered(kind: str, entries: Iterable[Line | Pause | OneDate]) -> Pairs:
    return [pair for i, entry in enumerate(entries, 1) for pair in _pairs(entry, f"{kind}{i}")]


def _pairs(entry: Line | Pause | OneDate, prefix: str) -> Pairs:
    defaults: dict[str, Any] = entry._field_defaults
    found: Pairs = []
    for field, value in entry._asdict().items():
        values: Sequence[str] = value if isinstance(value, tuple) else (value,)
        if value != defaults[field]:
            found += [(f"{prefix}-{key(field)}", one) for one in values]
    return found
