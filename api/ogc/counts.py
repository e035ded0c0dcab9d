"""How many features answer a question, counted once for a state of the data: every page has to say it."""

from collections.abc import Mapping
from typing import Final, NamedTuple, Self

from api.regions.freshness import State

MOST: Final = 1_000
_OF_A_PAGE: Final = ("limit", "offset", "crs", "f", "region")


class Wanted(NamedTuple):
    """A question to a collection in a state of its region's data, without what decides on a page alone."""

    state: State
    collection: str
    said: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, state: State, collection: str, said: Mapping[str, str]) -> Self:
        """Return what a question wants of a collection."""
        return cls(
            state, collection, tuple(sorted(pair for pair in said.items() if pair[0] not in _OF_A_PAGE))
        )


class Counts:
    """Numbers by question; an old state is never asked for again, so no number grows old."""

    def __init__(self) -> None:
        self._known: dict[Wanted, int] = {}

    def get(self, wanted: Wanted) -> int | None:
        """Return the number, if it is known."""
        return self._known.get(wanted)

    def keep(self, wanted: Wanted, number: int) -> None:
        """Keep a number; when there are too many, begin anew."""
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[wanted] = number
