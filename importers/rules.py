"""Conditions on a row, as mappings write them: which rows to leave out, which topics to give."""

from functools import cache
from typing import Any

from pydantic import Field, model_validator

from api.core.text import fold
from importers.strict import Strict
from importers.values import as_text


class Folded(dict[str, str]):
    """The cells of a row as conditions compare them, each folded when it is first asked for."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, column: str) -> str:
        """Return a column's text without case, umlauts and ß; nothing for a column the row does not have."""
        self[column] = fold(as_text(self._values.get(column)))
        return self[column]


_folded = cache(fold)


class Condition(Strict):
    """True for a row when one of its columns contains or equals one of the words, or is empty."""

    columns: list[str] = Field(default=[])
    column: str | None = None
    contains: list[str] = Field(default=[])
    equals: list[str] = Field(default=[])
    empty: bool = False
    always: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        tests = [bool(self.contains), bool(self.equals), self.empty, self.always]
        if sum(tests) != 1:
            raise ValueError("braucht genau eine Angabe von contains, equals, empty oder always")
        if not self.always and not self.named:
            raise ValueError("braucht column oder columns")
        return self

    @property
    def named(self) -> list[str]:
        """Return the columns that are looked at."""
        return [*self.columns, *([self.column] if self.column else [])]

    def holds(self, folded: "Folded") -> bool:
        """Return whether the condition is true for a row; case, umlauts and ß make no difference."""
        if self.always:
            return True
        cells = [folded[name] for name in self.named]
        if self.empty:
            return not any(cells)
        if self.equals:
            return any(cell == _folded(word) for cell in cells for word in self.equals)
        return any(_folded(word) in cell for cell in cells for word in self.contains)


class Skip(Condition):
    """Rows that are left out."""

    reason: str = Field(min_length=1)


class Rule(Condition):
    """Topics and audiences that follow from words in a row."""

    topics: list[str] = Field(default=[])
    audiences: list[str] = Field(default=[])
