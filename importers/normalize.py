"""Rows become records: every cell brought in order, every value that cannot be used named with its reason."""

from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from api.core.text import fold
from importers import checks, hours, values
from importers.cells import Cells, Vocabulary, known
from importers.errors import UnusableError
from importers.mapping import Mapping
from importers.readers.row import Row
from importers.record import SECRET, Entry, Problem, Record
from importers.rules import Folded
from importers.values import UnclearError, line

# Without these a row would be on the map in the wrong place, or under the wrong topic.
_FATAL = frozenset(
    {"name", "lon", "lat", "address_hidden", "serves", "topics", "audiences", "resource_level"}
)
# Rules on words may fill these.
RULED = ("topics", "audiences")
# Field of a text → field of what it means.
HOURS = {"hours_text": "schedules", "place_hours_text": "place_schedules"}
_TOO_LONG, _TOO_SHORT = "string_too_long", "string_too_short"


def check_words(mapping: Mapping, vocabulary: Vocabulary, origin: str) -> None:
    """Raise UnusableError if the mapping's own rules and defaults use unknown words or unusable values."""
    for number, rule in enumerate(mapping.rules, start=1):
        for field in RULED:
            unknown = sorted(set(getattr(rule, field)) - getattr(vocabulary, field))
            if unknown:
                raise UnusableError(
                    f"{origin}: [[rules]] Nr. {number} {field} – „{unknown[0]}“ gibt es nicht."
                )
    for field, value in mapping.defaults.items():
        try:
            known(field, value, vocabulary)
        except UnclearError as error:
            raise UnusableError(f"{origin}: [defaults] {field} – {error}.") from error


class Normalizer:
    """Makes entries of the rows of one list."""

    def __init__(self, mapping: Mapping, vocabulary: Vocabulary) -> None:
        """Take what the list's columns mean, and the words that exist in the region."""
        self._mapping = mapping
        fields = mapping.governed
        self._read = [(field, mapping.reader(field), _has_rules(field, mapping)) for field in fields]
        self._cells = Cells(fields, vocabulary)
        self._usual = {
            field: known(field, mapping.defaults[field], vocabulary)
            if field in mapping.defaults
            else Record.model_fields[field].get_default(call_default_factory=True)
            for field in fields
            if field != "name" or field in mapping.defaults
        }

    def entry(self, row: Row) -> Entry:
        """Return the row with its record, or with the problems that keep it from being taken."""
        file = self._mapping.file
        entry = Entry(
            row.number,
            key=joined(file.key, row.values),
            offer_key=joined(file.offer_key, row.values) if file.offer_key else "",
            raw=values.storable(row.values),
        )
        if row.problem:
            entry.key = ""  # nobody knows which cell is which
            return _failed(entry, "", row.problem)
        folded = Folded(row.values)
        entry.skipped = next((skip.reason for skip in self._mapping.skip if skip.holds(folded)), "")
        if not entry.key:
            return _failed(entry, " + ".join(file.key), "Der Schlüssel der Zeile fehlt")
        if not entry.skipped:
            self._understand(entry, folded)
        return entry

    def _understand(self, entry: Entry, folded: Folded) -> None:
        found = dict(self._usual)
        for field, read, has_rules in self._read:
            cell = read(entry.raw)
            if has_rules:
                cell = _with_rules(field, cell, self._mapping, folded)
            value, reason = self._cells.meaning(field, cell)
            if reason:
                entry.problems.append(Problem(field, reason, line(cell), fatal=field in _FATAL))
            elif value is not None:
                found[field] = value
        _understand_hours(entry, found)
        # When in doubt, what might be hidden is treated so by every report.
        entry.hidden = bool(found.get("address_hidden")) or any(
            problem.field == "address_hidden" for problem in entry.problems
        )
        for check in (checks.phone, checks.email, checks.ages, checks.point, checks.precision):
            check(entry, found)
        _build(entry, found)
        _hide(entry)


def _has_rules(field: str, mapping: Mapping) -> bool:
    return field in RULED and any(getattr(rule, field) for rule in mapping.rules)


def _understand_hours(entry: Entry, found: dict[str, Any]) -> None:
    for text, lines in HOURS.items():
        if text in found and not found.get(lines):
            found[lines] = hours.understood(found[text])
            if found[text] and (reason := hours.doubt(found[text])):
                entry.problems.append(Problem(text, reason, found[text], stays=True))


def _with_rules(field: str, cell: Any, mapping: Mapping, folded: Folded) -> list[str]:  # noqa: ANN401
    words = values.items(cell)
    for rule in mapping.rules:
        if rule.holds(folded):
            words += getattr(rule, field)
    return list(dict.fromkeys(words))


def _build(entry: Entry, found: dict[str, Any]) -> None:
    if "name" not in found:
        if not any(problem.field == "name" for problem in entry.problems):
            entry.problems.append(Problem("name", "Der Name fehlt", fatal=True))
        return
    if entry.failed:
        return
    try:
        record = Record.model_validate(found)
        _ = record.offer, record.place, record.contact
    except ValidationError as error:
        for mistake in error.errors():
            field = str(mistake["loc"][0]) if mistake["loc"] else ""
            entry.problems.append(Problem(field, _reason(dict(mistake)), fatal=True))
    else:
        entry.record = record


def _reason(mistake: dict[str, Any]) -> str:
    context = mistake.get("ctx", {})
    if mistake["type"] == _TOO_LONG:
        return f"länger als {context['max_length']} Zeichen"
    if mistake["type"] == _TOO_SHORT:
        return f"kürzer als {context['min_length']} Zeichen"
    return "dieser Wert passt nicht"


def _hide(entry: Entry) -> None:
    """Take out of the report what would tell where a hidden place is."""
    if not entry.hidden:
        return
    entry.problems = [
        replace(problem, value="") if problem.field in SECRET else problem for problem in entry.problems
    ]


def tells_address(mapping: Mapping) -> bool:
    """Return whether keys of this source would tell where a hidden place is."""
    if "address_hidden" not in mapping.governed:
        return False
    columns = {fold(column) for field in SECRET for column in mapping.columns_of(field)}
    return any(fold(column) in columns for column in mapping.file.key)


def joined(columns: list[str], cells: dict[str, Any]) -> str:
    """Return the key made from several columns; nothing if all are empty."""
    parts = [line(cells.get(column)) for column in columns]
    return "|".join(parts) if any(parts) else ""


def _failed(entry: Entry, field: str, reason: str) -> Entry:
    entry.problems.append(Problem(field, reason, fatal=True))
    return entry
