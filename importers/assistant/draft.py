"""What the assistant hands over: a mapping, why it is as it is, and what people should look at."""

from collections.abc import Mapping as Named
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from importers.errors import UnusableError
from importers.mapping import Mapping, mapping_of

BY_HAND = "von Ihnen gewählt"


class Certainty(StrEnum):
    """How sure a guess is."""

    SURE = "sicher"
    LIKELY = "wahrscheinlich"
    UNSURE = "unsicher"


class Said(BaseModel):
    """Parts of a draft: never changed, only made anew."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(Said):
    """A column of the file, with a few of its values as examples."""

    name: str
    filled: int
    distinct: int
    examples: list[str] = []


class Guess(Said):
    """What fills one field; specs are as in [fields]: columns, or texts with {columns}."""

    field: str
    specs: list[str]
    certainty: Certainty
    reason: str


class Unused(Said):
    """A column that is not taken, and why."""

    column: str
    reason: str


class RuleGuess(Said):
    """Why the rule at the same place in mapping.rules is there, and for how many rows it holds."""

    reason: str
    rows: int


class Proposal(Said):
    """Keys of [file] that would make places of coordinates, but are not certain enough to be used."""

    name: str
    file: dict[str, Any]


class Draft(Said):
    """A mapping as a proposal; as JSON it goes into a form and comes back."""

    file: str
    format: str
    rows: int
    is_sample: bool = False  # the file has more rows than were looked at
    mapping: Mapping
    columns: list[Column]
    guesses: list[Guess]
    unused: list[Unused]
    rules: list[RuleGuess]
    file_reasons: dict[str, str]  # key of [file] → why
    proposals: list[Proposal] = []
    warnings: list[str] = []
    missing: list[str] = []  # keys of [source] that a person must fill in

    @property
    def by_field(self) -> dict[str, Guess]:
        """Return the guesses by their fields."""
        return {guess.field: guess for guess in self.guesses}


def changed(
    draft: Draft,
    fields: Named[str, Sequence[str]] | None = None,
    defaults: Named[str, Any] | None = None,
    source: Named[str, Any] | None = None,
    file: Named[str, Any] | None = None,
) -> Draft:
    """Return the draft with what a person chose, or raise UnusableError that says what does not fit.

    fields: field → columns or texts with {columns}; none take the field out. defaults, source and file:
    keys of these tables; None takes a key out.
    """
    told = draft.mapping.model_dump(mode="json", exclude_defaults=True)
    chosen = {field: list(specs) for field, specs in (fields or {}).items()}
    told["fields"] = _merged(told["fields"], {field: specs or None for field, specs in chosen.items()})
    for table, said in (("defaults", defaults), ("source", source), ("file", file)):
        told[table] = _merged(told.get(table, {}), dict(said or {}))
    mapping = mapping_of(told, draft.file)
    mapping.check_columns({*mapping.file.made, *(column.name for column in draft.columns)}, draft.file)
    kept = [guess for guess in draft.guesses if guess.field not in chosen]
    own = [
        Guess(field=field, specs=specs, certainty=Certainty.SURE, reason=BY_HAND)
        for field, specs in chosen.items()
        if specs
    ]
    used = {column for field in mapping.fields for column in mapping.columns_of(field)}
    used |= set(mapping.file.point_columns)
    unused = {one.column: one for one in draft.unused}
    freed = [
        column.name for column in draft.columns if column.name not in used | set(mapping.file.point_columns)
    ]
    return draft.model_copy(
        update={
            "mapping": mapping,
            "guesses": [*kept, *own],
            "unused": [unused.get(name) or Unused(column=name, reason=BY_HAND) for name in freed],
            "missing": [name for name in draft.missing if name not in (source or {})],
        }
    )


def _merged(told: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (told | said).items() if value is not None}


__all__ = [
    "Certainty", "Column", "Draft", "Guess", "Proposal", "RuleGuess", "UnusableError", "Unused", "changed",
]  # fmt: skip
