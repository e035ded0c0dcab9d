"""What was done to one entry and its parts: every revision with the whole state before and after it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.core.errors import NotFoundError
from api.history.models import Action, Origin, Revision
from api.offers.models import Offer

MOST: Final = 2000  # revisions of one entry that are read, the last ones
_IDS = text("""
  WITH part (entity, entity_id) AS (
    SELECT 'offer', CAST(:offer AS bigint)
    UNION ALL SELECT 'offer_at_place', id FROM offer_at_place WHERE offer_id = :offer
    UNION ALL SELECT 'contact', id FROM contact WHERE offer_id = :offer
    UNION ALL SELECT 'offer_translation', id FROM offer_translation WHERE offer_id = :offer
    UNION ALL SELECT 'offer_referral', id FROM offer_referral WHERE offer_id = :offer
    UNION ALL SELECT 'schedule', id FROM schedule WHERE offer_id = :offer
    UNION ALL SELECT 'schedule_deviation', id FROM schedule_deviation WHERE offer_id = :offer
    UNION SELECT entity, entity_id FROM revision
    WHERE action = 'delete' AND (changes #>> '{offer_id,old}'::text[])::bigint = :offer
      AND entity <> 'source_record'
  )
  SELECT r.id FROM part CROSS JOIN LATERAL (
    SELECT id FROM revision WHERE entity = part.entity AND entity_id = part.entity_id
    ORDER BY id DESC LIMIT :most
  ) r ORDER BY r.id DESC LIMIT :most
""")

State = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """One change of an entry or one of its parts."""

    id: int  # of the revision
    at: datetime
    actor: str
    origin: Origin
    batch_id: int | None
    entity: str
    action: Action
    changes: Mapping[str, Mapping[str, Any]]
    before: State | None  # None: it was not there
    after: State | None
    is_undone: bool
    # Places come and go with an offer: nothing to read, but to be taken back with the rest.
    is_silent: bool = False
    # Of what is at a place: that place before and after.
    places: tuple[State | None, State | None] = (None, None)


@dataclass(frozen=True)
class _Visit:
    place_id: int
    first: int  # ids of revisions
    last: int | None


def of_offer(session: Session, region_id: int, offer_id: int) -> list[Event]:
    """Return all events of an entry in their order, or raise NotFoundError.

    A place that others share tells of the time in which this entry was there.
    """
    if session.scalar(select(col(Offer.region_id)).where(col(Offer.id) == offer_id)) != region_id:
        raise NotFoundError("There is no such offer.")
    ids = list(session.scalars(_IDS, {"offer": offer_id, "most": MOST}))
    own = _read(session, col(Revision.id) == _any(ids))
    at_places = [row for row in own if row.entity == "offer_at_place"]
    visits = list(_visits(at_places))
    place_ids = sorted({visit.place_id for visit in visits})
    of_place = (col(Revision.entity) == "place") & (col(Revision.entity_id) == _any(place_ids))
    shared = _read(session, of_place) if place_ids else []
    known = _Places(visits, shared, at_places)
    undone = _undone([*own, *shared])
    concerning = [row for row in shared if row.action != Action.CHANGE or _concerns(row, visits)]
    states = dict(chain(_states(own), _states(shared)))
    rows = sorted([*own, *concerning], key=lambda row: row.id)
    return [_event(row, *states[row.id], row.id in undone, known) for row in rows]


def _any(ids: Sequence[int]) -> ColumnElement[int]:
    return func.any(literal(list(ids), ARRAY(BigInteger)))


def _read(session: Session, condition: ColumnElement[bool]) -> list[Revision]:
    return list(session.scalars(select(Revision).where(condition).order_by(col(Revision.id))))


def _event(
    row: Revision, before: State | None, after: State | None, is_undone: bool, known: "_Places"
) -> Event:
    return Event(
        id=row.id,
        at=row.at,
        actor=row.actor,
        origin=row.origin,
        batch_id=row.batch_id,
        entity=row.entity,
        action=row.action,
        changes=row.changes,
        before=before,
        after=after,
        is_undone=is_undone,
        is_silent=row.entity == "place" and row.action != Action.CHANGE,
        places=known.of(row, before, after),
    )


def _states(rows: Iterable[Revision]) -> Iterator[tuple[int, tuple[State | None, State | None]]]:
    """Yield for each revision the state before and after it, as far back as the history is read."""
    now: dict[tuple[str, int], State | None] = {}
    for row in rows:
        key = row.entity, row.entity_id
        old = {name: change["old"] for name, change in row.changes.items() if "old" in change}
        new = {name: change["new"] for name, change in row.changes.items() if "new" in change}
        before = None if row.action == Action.CREATE else {**(now.get(key) or {}), **old}
        after = None if row.action == Action.DELETE else {**(before or {}), **new}
        now[key] = after
        yield row.id, (before, after)


def _undone(rows: Iterable[Revision]) -> set[int]:
    """Return the revisions that do not hold any more; an undo is undone by another one."""
    undone_by = {row.undoes_id: row.id for row in rows if row.undoes_id is not None}

    def is_undone(revision_id: int) -> bool:
        undo = undone_by.get(revision_id)
        return undo is not None and not is_undone(undo)

    return {revision_id for revision_id in undone_by if is_undone(revision_id)}


def _visits(at_places: Iterable[Revision]) -> Iterator[_Visit]:
    """Yield where an entry was from which revision until which."""
    here: dict[int, tuple[int, int]] = {}
    for row in at_places:
        change = row.changes.get("place_id", {})
        if row.entity_id in here and (change or row.action == Action.DELETE):
            yield _Visit(*here.pop(row.entity_id), row.id)
        if change.get("new") is not None:
            here[row.entity_id] = change["new"], row.id
    for place_id, first in here.values():
        yield _Visit(place_id, first, None)


def _concerns(row: Revision, visits: Sequence[_Visit]) -> bool:
    return any(
        visit.place_id == row.entity_id
        and visit.first <= row.id
        and (visit.last is None or row.id <= visit.last)
        for visit in visits
    )


class _Places:
    """The places of an entry, as they were at each moment."""

    def __init__(
        self, visits: Sequence[_Visit], rows: Sequence[Revision], at_places: Sequence[Revision]
    ) -> None:
        self._visits = visits
        self._of_at_place = {row.entity_id: row.id for row in at_places}
        self._at_places = dict(_states(at_places))
        self._rows = at_places
        states = dict(_states(rows))
        self._states: dict[int, list[tuple[int, State]]] = {}
        self._hidden: set[int] = set()
        for row in rows:
            before, after = states[row.id]
            state = after or before or {}
            self._states.setdefault(row.entity_id, []).append((row.id, state))
            if any(one and one.get("address_hidden") for one in (before, after)):
                self._hidden.add(row.entity_id)

    def of(
        self, row: Revision, before: State | None, after: State | None
    ) -> tuple[State | None, State | None]:
        """Return the place that a revision is about, before and after it."""
        if row.entity == "place":
            return self._with_mark(row.entity_id, before), self._with_mark(row.entity_id, after)
        if row.entity == "offer_at_place":
            return self._at(before, row.id), self._at(after, row.id)
        state = after or before or {}
        at_place_id = state.get("offer_at_place_id")
        if row.entity != "schedule" or at_place_id is None:
            return None, None
        there = self._at(self._at_place(at_place_id, row.id), row.id)
        return there, there

    def _at_place(self, at_place_id: int, revision_id: int) -> State | None:
        own = [row for row in self._rows if row.entity_id == at_place_id]
        past = [row for row in own if row.id <= revision_id] or own[:1]
        if not past:
            return None
        before, after = self._at_places[past[-1].id]
        return after or before

    def _at(self, at_place: State | None, revision_id: int) -> State | None:
        place_id = at_place.get("place_id") if at_place else None
        if place_id is None:
            return None
        known = self._states.get(place_id, [])
        past = [state for number, state in known if number <= revision_id] or [
            state for _, state in known[:1]
        ]
        return self._with_mark(place_id, past[-1] if past else {})

    def _with_mark(self, place_id: int, state: State | None) -> State | None:
        """Return a state; what was hidden once is hidden in all of its past."""
        if state is None:
            return None
        return {**state, "address_hidden": place_id in self._hidden or bool(state.get("address_hidden"))}
