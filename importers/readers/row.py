"""What every reader gives: one row at a time."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One row of a file.

    number is where a person finds it: in text files the line in an editor, in other files the place in the
    list (from 1). A row with a problem cannot be used; its values may be missing or wrong.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
