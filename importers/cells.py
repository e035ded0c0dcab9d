"""What single cells mean as values of a field; what a list says again and again is understood once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final, NamedTuple

from importers import hours, values
from importers.values import REMEMBERED, SHORT, UnclearError, as_text, line

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


@dataclass(frozen=True)
class Vocabulary:
    """The words that must exist: slugs of topics and audiences, keys of spaces."""

    topics: frozenset[str]
    audiences: frozenset[str]
    serves: frozenset[str]


class Meaning(NamedTuple):
    """A value, None if the cell says nothing; or the reason in German why it cannot be used."""

    value: Any = None
    reason: str = ""


NOTHING: Final = Meaning()
# Looked at together with others, when the name of the entry is known.
TOGETHER: Final = frozenset({"phone", "email"})
WORDS: Final = ("topics", "audiences", "serves")


def known(field: str, cell: Any, vocabulary: Vocabulary) -> Any:  # noqa: ANN401 - whatever a field holds
    """Return what a cell says of a field or raise UnclearError; topics and the like must be known words."""
    value = _CLEAN.get(field, line)(cell)
    if field in WORDS:
        unknown = sorted(set(value) - getattr(vocabulary, field))
        if unknown:
            raise UnclearError(f"„{unknown[0]}“ gibt es nicht")
    return value


class Cells:
    """Understands the cells of one list."""

    def __init__(self, fields: list[str], vocabulary: Vocabulary) -> None:
        """Take the fields that are asked for, and the words that exist."""
        self._meaning = {field: partial(_meaning, field, vocabulary) for field in fields}
        self._remembered = {field: lru_cache(REMEMBERED)(meant) for field, meant in self._meaning.items()}

    def meaning(self, field: str, cell: Any) -> Meaning:  # noqa: ANN401 - a cell may hold anything
        """Return what a cell means; its lists are shared, so nobody may change them."""
        if cell is None:
            return NOTHING
        is_short = cell.__class__ is str and len(cell) <= SHORT
        return (self._remembered if is_short else self._meaning)[field](cell)


def _meaning(field: str, vocabulary: Vocabulary, cell: Any) -> Meaning:  # noqa: ANN401
    if not as_text(cell):
        return NOTHING
    if field in TOGETHER:
        return Meaning(cell)
    try:
        value = known(field, cell, vocabulary)
    except UnclearError as error:
        return Meaning(None, str(error))
    return NOTHING if value in ("", []) else Meaning(value)
