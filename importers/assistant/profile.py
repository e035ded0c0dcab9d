"""The columns of a list with what their values look like."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from importers.assistant.patterns import PATTERNS
from importers.readers.row import Row
from importers.values import as_text, line

LOOKED_AT: Final = 200  # different values of a column, enough to see what it is
EXAMPLES: Final = 3
SHOWN: Final = 80  # letters of an example


@dataclass
class Profile:
    """One column: its cells in the order of the rows, empty ones as None."""

    name: str
    cells: list[Any]
    filled: list[Any] = field(default_factory=list)
    different: list[Any] = field(default_factory=list)
    _hits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the cells that say something, and each value once."""
        said = [(text, cell) for cell in self.cells if (text := as_text(cell))]
        self.filled = [cell for _, cell in said]
        self.different = list(dict(said).values())

    @property
    def looked_at(self) -> list[Any]:
        """Return the values that patterns are compared with: different ones, spread over the column."""
        step = max(1, len(self.different) // LOOKED_AT)
        return self.different[::step][:LOOKED_AT]

    def hits(self, pattern: str) -> int:
        """Return how many of the values that were looked at have a pattern."""
        if pattern not in self._hits:
            _, test = PATTERNS[pattern]
            self._hits[pattern] = sum(map(test, self.looked_at))
        return self._hits[pattern]

    def share(self, pattern: str) -> float:
        """Return the same as a share, 0 to 1."""
        return self.hits(pattern) / len(self.looked_at) if self.looked_at else 0.0

    def told(self, pattern: str) -> str:
        """Return it as a German sentence: "34 von 40 Werten sind Telefonnummern"."""
        what, _ = PATTERNS[pattern]
        hits, total = self.hits(pattern), len(self.looked_at)
        if hits == total == 1:
            return f"der eine Wert gehört zu: {what}"
        if hits == total:
            return f"alle {total} Werte sind {what}"
        return f"{hits} von {total} Werten sind {what}"

    @property
    def distinctness(self) -> float:
        """Return the share of values that differ, 0 to 1."""
        return len(self.different) / len(self.filled) if self.filled else 0.0

    @property
    def length(self) -> float:
        """Return how long a text is on average, in letters."""
        looked_at = self.looked_at
        return sum(len(as_text(cell)) for cell in looked_at) / len(looked_at) if looked_at else 0.0

    def examples(self) -> list[str]:
        """Return a few values, shortened."""
        texts = (line(cell) for cell in self.different[:EXAMPLES])
        return [text if len(text) <= SHOWN else f"{text[:SHOWN]} …" for text in texts]


def profiles(rows: Sequence[Row]) -> dict[str, Profile]:
    """Return the columns of all rows that can be used, in the order in which they first appear."""
    usable = [row for row in rows if not row.problem]
    names = dict.fromkeys(name for row in usable for name in row.values)
    return {name: Profile(name, [row.values.get(name) for row in usable]) for name in names}
