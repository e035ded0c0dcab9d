"""The offers that a row may mean, found without looking at all of them.

Whoever is near, is reached under the same number or address, or – where one of the two has no point – is
called by the same word or stands in the same house.
"""

import math
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Final

from importers.matching.evidence import EARTH, distance
from importers.matching.facts import Facts, Known, Spot
from importers.matching.names import folded
from importers.matching.words import KINDS

NEAR_METRES: Final = 200.0
CELL: Final = NEAR_METRES / EARTH  # degrees of latitude
# A word or number that so many offers share says nothing about which one is meant.
TOO_MANY: Final = 60
_WORD: Final = re.compile(r"[a-z0-9]{4,}")
# The beginning of a street, which is written in one way, and the number.
_HOUSE: Final = re.compile(r"\W*([a-z]+)\D*(\d+)?")


class Index:
    """Offers of a region, by where they are and how they are reached."""

    def __init__(self, known: Iterable[Known]) -> None:
        """Take in the offers; those without a point are found by their name, too."""
        self.known: dict[int, Known] = {}
        self._cells: dict[tuple[int, int], list[tuple[Spot, Known]]] = defaultdict(list)
        self._shared: dict[Hashable, list[Known]] = defaultdict(list)
        self._named: dict[Hashable, list[Known]] | None = None
        self._without_point: dict[Hashable, list[Known]] = defaultdict(list)
        for one in known:
            self.known[one.offer_id] = one
            for key in _contacts(one.facts):
                self._shared[key].append(one)
            has_point = False
            for spot in one.facts.spots:
                if spot.lon is not None and spot.lat is not None:
                    has_point = True
                    self._cells[_cell(spot.lon, spot.lat)].append((spot, one))
            if not has_point:
                for key in _words(one.facts):
                    self._without_point[key].append(one)

    def candidates(self, facts: Facts) -> list[Known]:
        """Return the offers that an entry may mean, in the order of their ids."""
        found = {one.offer_id: one for one in self._reached(facts)}
        is_placed = False
        for spot in facts.spots:
            if spot.lon is not None and spot.lat is not None:
                is_placed = True
                found.update((one.offer_id, one) for one in self._near(spot))
        by_name = self._without_point if is_placed else self._by_name()
        if by_name:
            for key in _words(facts):
                found.update((one.offer_id, one) for one in _few(by_name, key))
        return [found[offer_id] for offer_id in sorted(found)]

    def _reached(self, facts: Facts) -> Iterator[Known]:
        for key in _contacts(facts):
            yield from _few(self._shared, key)

    def _near(self, spot: Spot) -> Iterator[Known]:
        x, y = _cell(spot.lon or 0.0, spot.lat or 0.0)
        wide = math.ceil(1 / math.cos(math.radians(spot.lat or 0.0)))
        for row in range(y - 1, y + 2):
            for column in range(x - wide, x + wide + 1):
                for there, one in self._cells.get((column, row), ()):
                    if (distance(spot, there) or 0.0) <= NEAR_METRES:
                        yield one

    def _by_name(self) -> dict[Hashable, list[Known]]:
        """Return all offers by their words: made when the first row without a point comes."""
        if self._named is None:
            self._named = defaultdict(list)
            for one in self.known.values():
                for key in _words(one.facts):
                    self._named[key].append(one)
        return self._named


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lon / CELL), math.floor(lat / CELL)


def _contacts(facts: Facts) -> Iterator[Hashable]:
    yield from (("phone", phone) for phone in facts.phones)
    yield from (("mail", mail) for mail in facts.mails)
    if facts.web:
        yield "web", facts.web


def _words(facts: Facts) -> Iterator[Hashable]:
    yield from (word for word in _WORD.findall(folded(facts.text)) if word not in KINDS)
    for spot in facts.spots:
        if spot.street and (house := _HOUSE.match(folded(spot.street))):
            yield house.groups()


def _few(lists: dict[Hashable, list[Known]], key: Hashable) -> list[Known]:
    found = lists.get(key, [])
    return found if len(found) <= TOO_MANY else []
