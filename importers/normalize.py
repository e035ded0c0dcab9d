"""Rows become records: every cell brought in order, every value that cannot be used named with its reason."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from api.core.text import fold
from importers import checks, hours, values
from importers.errors import UnusableError
from importers.mapping import Mapping
from importers.readers.row import Row
from importers.record import SECRET, Entry, Problem, Record
from importers.rules import Folded
from importers.values import UnclearError, as_text, line

WHEELCHAIR = {
    "yes": "yes", "ja": "yes", "true": "yes", "rollstuhlgerecht": "yes", "barrierefrei": "yes",
    "partly": "partly", "limited": "partly", "teilweise": "partly", "eingeschraenkt": "partly",
    "bedingt": "partly", "no": "no", "nein": "no", "false": "no", "unknown": "unknown",
    "unbekannt": "unknown",
}  # fmt: skip
PRECISION = {
    "house": "house", "haus": "house", "street": "street", "strasse": "street", "postcode": "postcode",
    "postleitzahl": "postcode", "plz": "postcode",
}  # fmt: skip
COST = {
    "free": "free", "kostenlos": "free", "kostenfrei": "free", "gratis": "free", "umsonst": "free",
    "covered": "covered", "but": "covered", "paid": "paid", "kostenpflichtig": "paid",
    "unknown": "unknown", "unbekannt": "unknown",
}  # fmt: skip
ACCESS = {
    "walk_in": "walk_in", "offen": "walk_in", "ohne termin": "walk_in", "ohne anmeldung": "walk_in",
    "call_first": "call_first", "nach anruf": "call_first", "anmeldung": "call_first",
    "appointment": "appointment", "mit termin": "appointment", "termin": "appointment",
    "nach vereinbarung": "appointment", "referral": "referral", "ueberweisung": "referral",
    "unknown": "unknown", "unbekannt": "unknown",
}  # fmt: skip

_CLEAN: dict[str, Callable[[Any], Any]] = {
    "name": values.title,
    "summary": values.summary,
    "description": as_text,
    "hours_text": as_text,
    "place_hours_text": as_text,
    "schedules": hours.checked,
    "place_schedules": hours.checked,
    "lon": values.number,
    "lat": values.number,
    "postcode": values.postcode,
    "address_hidden": values.boolean,
    "outreach": values.boolean,
    "wheelchair": lambda cell: values.chosen(WHEELCHAIR, cell),
    "precision": lambda cell: values.chosen(PRECISION, cell),
    "cost": lambda cell: values.chosen(COST, cell),
    "access": lambda cell: values.chosen(ACCESS, cell),
    "website": values.url,
    "organization_website": values.url,
    "min_age": values.age,
    "max_age": values.age,
    "languages": values.languages,
    "resource_level": values.level,
    "serves": values.items,
    "topics": values.items,
    "audiences": values.items,
}
# Without these a row would be on the map in the wrong place, or under the wrong topic.
_FATAL = frozenset(
    {"name", "lon", "lat", "address_hidden", "serves", "topics", "audiences", "resource_level"}
)
# Field of a text → field of what it means.
HOURS = {"hours_text": "schedules", "place_hours_text": "place_schedules"}
_TOO_LONG, _TOO_SHORT = "string_too_long", "string_too_short"


@dataclass(frozen=True)
class Vocabulary:
    """The words that must exist: slugs of topics and audiences, keys of spaces."""

    topics: frozenset[str]
    audiences: frozenset[str]
    serves: frozenset[str]


def check_words(mapping: Mapping, vocabulary: Vocabulary, origin: str) -> None:
    """Raise UnusableError if the mapping's own rules and defaults use unknown words or unusable values."""
    for number, rule in enumerate(mapping.rules, start=1):
        for field in ("topics", "audiences"):
            unknown = sorted(set(getattr(rule, field)) - getattr(vocabulary, field))
            if unknown:
                raise UnusableError(
                    f"{origin}: [[rules]] Nr. {number} {field} – „{unknown[0]}“ gibt es nicht."
                )
    for field, value in mapping.defaults.items():
        try:
            _known(field, _clean(field, value), vocabulary)
        except UnclearError as error:
            raise UnusableError(f"{origin}: [defaults] {field} – {error}.") from error


def normalize(row: Row, mapping: Mapping, vocabulary: Vocabulary) -> Entry:
    """Return the row with its record, or with the problems that keep it from being taken."""
    entry = Entry(
        row.number,
        key=joined(mapping.file.key, row.values),
        offer_key=joined(mapping.file.offer_key, row.values),
        raw=values.storable(row.values),
    )
    if row.problem:
        entry.key = ""  # nobody knows which cell is which
        return _failed(entry, "", row.problem)
    folded = Folded(row.values)
    entry.skipped = next((skip.reason for skip in mapping.skip if skip.holds(folded)), "")
    if not entry.key:
        return _failed(entry, " + ".join(mapping.file.key), "Der Schlüssel der Zeile fehlt")
    if not entry.skipped:
        _understand(entry, folded, mapping, vocabulary)
    return entry


def _understand(entry: Entry, folded: Folded, mapping: Mapping, vocabulary: Vocabulary) -> None:
    found: dict[str, Any] = {}
    for field in mapping.governed:
        cell = mapping.raw(field, entry.raw)
        if field in ("topics", "audiences"):
            cell = _with_rules(field, cell, mapping, folded)
        value = _value(entry, field, cell, vocabulary)
        if value in (None, "", []) and field in mapping.defaults:
            value = _clean(field, mapping.defaults[field])
        if value not in (None, "", []):
            found[field] = value
        elif field != "name":
            found[field] = Record.model_fields[field].get_default(call_default_factory=True)
    for text, lines in HOURS.items():
        if text in found and not found.get(lines):
            found[lines] = hours.understood(found[text])
            if found[text] and (reason := hours.doubt(found[text])):
                entry.problems.append(Problem(text, reason, found[text], stays=True))
    # When in doubt, what might be hidden is treated so by every report.
    entry.hidden = bool(found.get("address_hidden")) or any(
        problem.field == "address_hidden" for problem in entry.problems
    )
    for check in (checks.phone, checks.email, checks.ages, checks.point, checks.precision):
        check(entry, found)
    _build(entry, found)
    _hide(entry)


def _with_rules(field: str, cell: Any, mapping: Mapping, folded: Folded) -> list[str]:  # noqa: ANN401
    words = values.items(cell)
    for rule in mapping.rules:
        if rule.holds(folded):
            words += getattr(rule, field)
    return list(dict.fromkeys(words))


def _value(entry: Entry, field: str, cell: Any, vocabulary: Vocabulary) -> Any:  # noqa: ANN401
    if cell in (None, "", []):
        return None
    if field in ("phone", "email"):
        return cell  # looked at together, when the name of the entry is known
    try:
        return _known(field, _clean(field, cell), vocabulary)
    except UnclearError as error:
        entry.problems.append(Problem(field, str(error), line(cell), fatal=field in _FATAL))
        return None


def _clean(field: str, cell: Any) -> Any:  # noqa: ANN401
    return _CLEAN.get(field, line)(cell)


def _known(field: str, value: Any, vocabulary: Vocabulary) -> Any:  # noqa: ANN401
    if field in ("topics", "audiences", "serves"):
        unknown = sorted(set(value) - getattr(vocabulary, field))
        if unknown:
            raise UnclearError(f"„{unknown[0]}“ gibt es nicht")
    return value


def _build(entry: Entry, found: dict[str, Any]) -> None:
    if "name" not in found:
        if not any(problem.field == "name" for problem in entry.problems):
            entry.problems.append(Problem("name", "Der Name fehlt", fatal=True))
        return
    if entry.failed:
        return
    try:
        record = Record.model_validate(found)
        for part in (record.offer, record.place, record.contact):
            part()
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
