"""Counting without people: numbers pile up in memory, and once a minute they are added to the database.

    request.app.state.uptake.count(Event.LISTED, [12, 7], case_type_id=3)

Nothing that is counted can tell who it was: an event, an offer, perhaps a case type. No request waits for
the database. A process that crashes loses what it has counted since the last minute.
"""

import json
import logging
import threading
from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from api.core import clock
from api.uptake import queries
from api.uptake.models import Event

__all__ = ["Counter", "Event"]

SECONDS: Final = 60.0  # between two times of writing
MOST: Final = 50_000  # different things in memory; further ones are not counted until it is written
HIGHEST: Final = 2**63 - 1

log = logging.getLogger("landkarte.uptake")


class Counted(NamedTuple):
    """What is counted; case_type_id: 0 is none."""

    event: Event
    offer_id: int
    case_type_id: int


class Counter:
    """Piles up what has happened; several threads may count."""

    def __init__(self, *, is_on: bool = True) -> None:
        """Count nothing at all unless it is on."""
        self.is_on = is_on
        self._lock = threading.Lock()
        self._numbers: dict[Counted, int] = {}

    def __len__(self) -> int:
        """Return how many different things wait to be written."""
        return len(self._numbers)

    def count(self, event: Event, offer_ids: Iterable[int], case_type_id: int = 0) -> None:
        """Count an event once for each of some offers."""
        if self.is_on:
            self._add((Counted(event, one, case_type_id), 1) for one in set(offer_ids))

    def flush(self, engine: Engine) -> None:
        """Add everything to the database; if that fails, keep it for the next time."""
        with self._lock:
            numbers, self._numbers = self._numbers, {}
        if not numbers:
            return
        try:
            with Session(engine) as session, session.begin():
                add(session, numbers)
        except SQLAlchemyError as error:
            log.warning("Nothing could be counted: %s", type(error).__name__)
            self._add(numbers.items())

    def _add(self, numbers: Iterable[tuple[Counted, int]]) -> None:
        with self._lock:
            for counted, number in numbers:
                known = self._numbers.get(counted, 0)
                if (known or len(self._numbers) < MOST) and 0 < counted.offer_id <= HIGHEST:
                    self._numbers[counted] = known + number


def add(session: Session, numbers: dict[Counted, int]) -> None:
    """Add numbers to those of today, each by the clock of its region."""
    rows = [{**counted._asdict(), "number": number} for counted, number in numbers.items()]
    session.execute(queries.ADD, {"now": clock.now(), "counted": json.dumps(rows)})
