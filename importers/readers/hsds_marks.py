"""What stands in attributes of HSDS because it has no field: marks of our own export; and people left out."""

from collections import defaultdict
from typing import Any, Final

from api.hsds.terms import HIDDEN, LINE, SUMMARY, TAXONOMIES, of_taxonomy, taxonomy_id

Record = dict[str, Any]

_OURS: Final = frozenset(map(taxonomy_id, TAXONOMIES))
# Of a code "topic:geld" the first word → the column for the second.
_LISTS: Final = {"topic": "topics", "audience": "audiences"}
_SINGLE: Final = {
    "cost": "cost", "access": "access", "level": "resource_level", "wheelchair": "wheelchair",
    "reach": "outreach", "example": "is_example",
}  # fmt: skip
_YES: Final = frozenset({"outreach", "is_example"})


def marks(found: Record) -> Record:
    """Return by column what our own export has marked an entry with; nothing for entries of others."""
    values: dict[str, Any] = defaultdict(list)
    for attribute in _ours(found):
        code = str(attribute["taxonomy_term"].get("code"))
        kind, _, word = code.partition(":")
        if kind in _LISTS:
            values[_LISTS[kind]].append(word)
        elif kind in _SINGLE:
            values[_SINGLE[kind]] = "ja" if _SINGLE[kind] in _YES else word
        elif code == SUMMARY:
            values["summary"] = attribute.get("value")
        elif code == HIDDEN:
            values["address_hidden"] = "ja"
    return dict(values)


def line(schedule: Record) -> str | None:
    """Return the line of the timetable that our own export has put beside a schedule, as JSON."""
    return next((one.get("value") for one in _ours(schedule) if _code(one) == LINE), None)


def is_marked(found: Record, code: str) -> bool:
    """Return whether our own export has marked an entry with this term."""
    return any(_code(one) == code for one in _ours(found))


def description(service: Record, said: Record) -> str:
    """Return the description without the summary that our own export has put before it."""
    text, summary = str(service.get("description") or ""), said.get("summary")
    if not summary:
        return text
    return "" if text == summary else text.removeprefix(f"{summary}\n\n")


def without_people(found: Any) -> Any:  # noqa: ANN401 - JSON
    """Return objects without the names of people: in contacts and in addresses."""
    if isinstance(found, list):
        return [without_people(one) for one in found]
    if not isinstance(found, dict):
        return found
    kept = {name: without_people(value) for name, value in found.items() if name != "attention"}
    for contact in _objects(kept, "contacts"):
        contact.pop("name", None)
    return kept


def _objects(found: Record, name: str) -> list[Record]:
    said = found.get(name)
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _ours(found: Record) -> list[Record]:
    return [
        one
        for one in _objects(found, "attributes")
        if isinstance(one.get("taxonomy_term"), dict) and of_taxonomy(one["taxonomy_term"]) in _OURS
    ]


def _code(attribute: Record) -> str:
    return str(attribute["taxonomy_term"].get("code"))
