"""Pairs of offers that may be one: noted when they are found or named, and decided once.

duplicates_listing shows them to people, merging makes one offer of two.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation.duplicates_kinds import Likeness, PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.curation.sheet import get, hold
from api.history.service import Act

UNLIKE: Final = "Die beiden Angebote ähneln sich nicht mehr."


class Alike(NamedTuple):
    """Two offers that a comparison takes for one; reasons: German sentences, the weightiest first."""

    offer_ids: tuple[int, int]
    verdict: Likeness
    score: float
    reasons: list[str]


class Noted(NamedTuple):
    """How many pairs are new in the queue, are there again, and have left it; how many wait now."""

    new: int
    again: int
    closed: int
    waiting: int


def note_found(session: Session, region_id: int, found: Iterable[Alike]) -> Noted:
    """Bring the queue to what a comparison of all offers of a region has found.

    What people have decided stays: pairs that are different are not asked about again. Pairs that are not
    alike any more leave the queue, but for those that somebody has named.
    """
    hold(session, region_id)
    pairs = session.scalars(select(DuplicatePair).where(col(DuplicatePair.region_id) == region_id))
    known = {(one.offer_a, one.offer_b): one for one in pairs}
    seen = set()
    at = clock.now()  # of one search all wait equally long
    new = again = closed = 0
    for alike in found:
        a, b = sorted(alike.offer_ids)
        seen.add((a, b))
        said: dict[str, Any] = {"verdict": alike.verdict, "score": alike.score, "reasons": alike.reasons}
        pair = known.get((a, b))
        if pair is None:
            new += 1
            session.add(DuplicatePair(region_id=region_id, offer_a=a, offer_b=b, found_at=at, **said))
        elif pair.decision == PairDecision.CLOSED:
            again += 1
            _set(session, pair, **said, found_at=at, **_UNDECIDED)
        elif pair.decision == PairDecision.OPEN:
            _set(session, pair, **said)
    for key, pair in known.items():
        if pair.decision == PairDecision.OPEN and key not in seen and pair.verdict != Likeness.NAMED:
            closed += 1
            close(session, pair, UNLIKE)
    session.flush()
    return Noted(new, again, closed, _waiting(session, region_id))


def name_pair(session: Session, act: Act, one_id: int, other_id: int) -> int:
    """Say that two offers may be one, and return the number of the pair; it waits if it did not before.

    Raises NotFoundError, and ConflictError if they are one already.
    """
    if one_id == other_id:
        raise ConflictError("These are one offer already.")
    hold(session, act.region_id)
    for offer_id in (one_id, other_id):
        get(session, act.region_id, offer_id)
    return of_offers(session, act.region_id, one_id, other_id).id


def differ(session: Session, act: Act, pair_id: int, note: str = "") -> None:
    """Decide that two offers are not one; they are never asked about again. Raises ConflictError."""
    hold(session, act.region_id)
    found = waiting_one(session, act.region_id, pair_id)
    _set(session, found, decision=PairDecision.DIFFERENT, note=note, plan=None, **decided(act.actor))


def ask_again(session: Session, act: Act, pair_id: int) -> None:
    """Take back that two offers are different: they wait for a decision again."""
    hold(session, act.region_id)
    found = one_of(session, act.region_id, pair_id)
    if found.decision != PairDecision.DIFFERENT:
        raise ConflictError("This pair has been decided in another way.")
    reopen(session, found)


def of_offers(session: Session, region_id: int, one_id: int, other_id: int) -> DuplicatePair:
    """Return the row of two offers that are to be one, made or opened if need be; the region is held."""
    a, b = sorted((one_id, other_id))
    is_it = (col(DuplicatePair.offer_a) == a, col(DuplicatePair.offer_b) == b)
    found = session.scalars(select(DuplicatePair).where(*is_it)).first()
    if found is None:
        found = DuplicatePair(
            region_id=region_id, offer_a=a, offer_b=b, verdict=Likeness.NAMED, found_at=clock.now()
        )
        session.add(found)
    elif found.decision == PairDecision.MERGED:
        raise ConflictError("These two have been merged already.")
    elif found.decision != PairDecision.OPEN:
        _set(session, found, verdict=Likeness.NAMED, found_at=clock.now(), **_UNDECIDED)
    session.flush()
    return found


def one_of(session: Session, region_id: int, pair_id: int) -> DuplicatePair:
    """Return the row of a pair of a region, or raise NotFoundError."""
    found = session.get(DuplicatePair, pair_id)
    if found is None or found.region_id != region_id:
        raise NotFoundError("There is no such pair.")
    return found


def waiting_one(session: Session, region_id: int, pair_id: int) -> DuplicatePair:
    """Return the row of a pair that waits for a decision, or raise NotFoundError or ConflictError."""
    found = one_of(session, region_id, pair_id)
    if found.decision != PairDecision.OPEN:
        raise ConflictError("This pair has been decided already.")
    return found


def close(session: Session, found: DuplicatePair, note: str) -> None:
    """Take a pair out of the queue that events have overtaken."""
    _set(session, found, decision=PairDecision.CLOSED, note=note, plan=None, decided_at=clock.now())


def reopen(session: Session, found: DuplicatePair) -> None:
    """Put a pair back into the queue, where it was before."""
    _set(session, found, **_UNDECIDED)


def decided(actor: str) -> dict[str, Any]:
    """Return who decides now."""
    return {"decided_by": actor, "decided_at": clock.now()}


_UNDECIDED: Final[dict[str, Any]] = {
    "decision": PairDecision.OPEN, "decided_by": None, "decided_at": None, "note": "", "plan": None,
    "kept_id": None, "batch_id": None, "moved": {},
}  # fmt: skip


def _set(session: Session, found: DuplicatePair, **values: Any) -> None:  # noqa: ANN401
    for name, value in values.items():
        if getattr(found, name) != value:
            setattr(found, name, value)
    session.add(found)
    session.flush()


def _waiting(session: Session, region_id: int) -> int:
    waiting = select(func.count()).where(
        col(DuplicatePair.region_id) == region_id, col(DuplicatePair.decision) == PairDecision.OPEN
    )
    return session.scalar(waiting) or 0
