"""When the offers of a chunk take place: a timetable for each at each of its places, or wherever it is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.core import clock
from api.schedules.agenda import CHOICES, Agenda, on
from api.schedules.timetable import Timetable
from api.search.documents import PlaceRow, Row
from api.search.tags import Mask


class Opening(NamedTuple):
    """What takes place at a time: places of offers, and offers anywhere."""

    places: Mask
    offers: Mask


class Hours:
    """The timetables of a chunk; never changed, so a change to one offer works out only that one anew."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Take what the rows say; places are counted as in the chunk."""
        self.offers: list[int] = []
        self.places: list[int] = []  # -1: wherever the offer is
        self._rules = []
        first = 0
        for number, row in enumerate(rows):
            at = {PlaceRow(*place).id: first + position for position, place in enumerate(row.places)}
            for place_id, rules in row.times:
                self.offers.append(number)
                self.places.append(at.get(place_id, -1) if place_id is not None else -1)
                self._rules.append(rules)
            first += len(row.places)
        self._timetables: list[Timetable] = []  # by the clock and the holidays of whoever asks first
        self._agenda: Agenda | None = None

    def open(self, when: str, zone: str, state: str, now: datetime) -> NDArray[np.bool_]:
        """Return which timetables take place at one of CHOICES, or on a day ("2026-12-24")."""
        timetables = self._timetables or [Timetable(rules, zone, state) for rules in self._rules]
        self._timetables = timetables
        if when not in CHOICES:
            return on(timetables, date.fromisoformat(when))
        today = clock.day(now, zone)
        agenda = self._agenda
        if agenda is None or agenda.day != today:
            agenda = self._agenda = Agenda(timetables, zone, today)
        return agenda.open(when, now)
