"""Offers at their places as a family sees them: how far, when they can be visited, what has to be asked."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from api.plans.hours import Times
from api.plans.outings import Window
from api.plans.roofs import Plane, roofs
from api.plans.schemas import Doubt, PlanQuestion
from api.plans.starting import Start
from api.plans.worries import Conditions
from api.search.table import Table

Numbers = NDArray[np.int64]

_roofs: WeakKeyDictionary[Table, tuple[Plane, Numbers]] = WeakKeyDictionary()


class Spot(NamedTuple):
    """Where an option is: its row and place in the table, and the hours that fit."""

    row: int
    at: int | None  # position in the columns of places; None: it comes to the family
    place_id: int | None
    fitting: tuple[Window, ...]
    doubts: tuple[Doubt, ...]


class Sight:
    """What is looked up again and again while candidates are gathered."""

    def __init__(self, table: Table, question: PlanQuestion, start: Start, times: Times) -> None:
        """Look at a table from where a family sets out."""
        self.table = table
        self.question = question
        self.times = times
        self.conditions = Conditions(table, question, start)
        self.plane, self.roof = roofs_of(table)
        at_roof = np.zeros(len(self.roof))
        if start.point is not None:
            metres = table.metres(start.point)
            at_roof = np.where(self.roof >= 0, metres[self.roof], np.inf)
        self.metres = at_roof
        self._spots: dict[tuple[int, int | None], Spot | None] = {}
        self.speaks = table.languages.any_of(question.languages)

    def spot(self, row: int, at: int | None) -> Spot | None:
        """Return an offer at a place or at home; None: it never takes place when the family can come."""
        if (row, at) not in self._spots:
            self._spots[row, at] = self._looked_at(row, at)
        return self._spots[row, at]

    def prepare(self, places: Numbers) -> None:
        """Work out the hours at some places at once."""
        rows, ids = self.table.offer_of_place[places].tolist(), self.table.place_ids[places].tolist()
        pairs = zip(rows, ids, strict=True)
        self.times.prepare(pair for pair in pairs if self.times.has_hours(*pair))

    def at(self, places: Numbers) -> list[Spot]:
        """Return what can be visited at some places."""
        found = (self.spot(int(self.table.offer_of_place[at]), at) for at in places.tolist())
        return [spot for spot in found if spot is not None]

    def spots(self) -> dict[tuple[int, int | None], Spot]:
        """Return all that have been found, by number of the offer and of the place."""
        found = (spot for spot in self._spots.values() if spot)
        return {(int(self.table.ids[spot.row]), spot.place_id): spot for spot in found}

    def _looked_at(self, row: int, at: int | None) -> Spot | None:
        place_id = None if at is None else int(self.table.place_ids[at])
        fitting: tuple[Window, ...] = ()
        if at is not None and self.times.has_hours(row, place_id):
            fitting = self.times.fitting(row, place_id)
            if not fitting:
                return None
        return Spot(row, at, place_id, fitting, tuple(self._doubts(row, at, is_timed=bool(fitting))))

    def _doubts(self, row: int, at: int | None, *, is_timed: bool) -> list[Doubt]:
        asked, table = self.question, self.table
        found = []
        if not is_timed:
            found.append(Doubt.HOURS)
        if asked.languages and not self.speaks[row]:
            found.append(Doubt.LANGUAGE)
        if asked.wheelchair and at is not None and not table.accessible_places[at]:
            found.append(Doubt.WHEELCHAIR)
        if asked.cost_free and not table.is_free[row]:
            found.append(Doubt.COST)
        return found


def roofs_of(table: Table) -> tuple[Plane, Numbers]:
    """Return the places of a table on a plane, and for each the first one under its roof; -1: no point."""
    if table not in _roofs:
        plane = Plane(table.lon, table.lat)
        # The same with and without an index, whose rows come in another order.
        order = np.lexsort((table.ids[table.offer_of_place], table.place_ids)).tolist()
        _roofs[table] = plane, roofs(plane, order)
    return _roofs[table]
