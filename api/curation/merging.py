"""Two offers become one: it is chosen value by value what stands, and the other one leads to it for ever.

Who decides sees both side by side (merging_sides) and gives back what was seen. All of a merge is one batch
of revisions, in one transaction; merging_undo brings both back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError
from api.curation import duplicates, eyes, merging_parts, merging_proposals
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.curation.merging_parts import Handover
from api.curation.merging_sides import Choice, SideBySide, chosen, side_by_side, to_move, to_write
from api.curation.sheet import apply, get, hold, must_fit
from api.history import service as history
from api.history.models import ImportBatch
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer, OfferRedirect, Status

MERGED_AWAY = "Eines der beiden wurde mit einem anderen Angebot zusammengeführt."


class Merged(NamedTuple):
    """What came of a merge: the offer that stays, where the pair is found, and the batch of its revisions."""

    offer_id: int
    slug: str
    pair_id: int
    batch_id: int


@dataclass(frozen=True)
class Plan:
    """How somebody would merge two offers where four eyes are wanted; choices by path, as for merge."""

    by: str
    kept_id: int
    choices: dict[str, Choice]
    seen: str
    note: str


def usual_order(session: Session, region_id: int, one_id: int, other_id: int) -> tuple[int, int]:
    """Return two offers with the one first that is rather to stay: the public one, then the older one."""
    both = [get(session, region_id, offer_id) for offer_id in (one_id, other_id)]
    first, second = sorted(both, key=lambda offer: (offer.status != Status.PUBLISHED, offer.id))
    return first.id, second.id


def plan(
    session: Session,
    act: Act,
    kept_id: int,
    other_id: int,
    choices: Mapping[str, Choice],
    *,
    seen: str,
    note: str = "",
) -> int:
    """Suggest how to merge two offers, for other eyes; return the number of the pair.

    Raises as merge does.
    """
    hold(session, act.region_id)
    found = _compared(session, act, kept_id, other_id, seen)
    pair = duplicates.of_offers(session, act.region_id, kept_id, other_id)
    pair.plan = {
        "by": act.actor,
        "at": clock.now().isoformat(),
        "kept_id": kept_id,
        "choices": {path: choice.value for path, choice in chosen(found, choices).items()},
        "seen": seen,
        "note": note,
    }
    session.add(pair)
    session.flush()
    return pair.id


def carry_out(session: Session, act: Act, pair_id: int, note: str | None = None) -> Merged:
    """Merge two offers as somebody has planned it; raises ConflictError if something has changed since.

    note: instead of the one of the plan.
    """
    hold(session, act.region_id)
    pair = duplicates.waiting_one(session, act.region_id, pair_id)
    said = _plan_of(pair)
    if said is None:
        raise ConflictError("Nobody has planned how to merge these two.")
    other_id = pair.offer_a if said.kept_id == pair.offer_b else pair.offer_b
    eyes.check(session, act.region_id, said.by, act.actor)
    note = said.note if note is None else note
    return unite(session, act, said.kept_id, other_id, said.choices, seen=said.seen, note=note)


def planned(session: Session, region_id: int, pair_id: int) -> Plan | None:
    """Return how somebody would merge a pair; None if nobody has said so."""
    return _plan_of(duplicates.one_of(session, region_id, pair_id))


def _plan_of(pair: DuplicatePair) -> Plan | None:
    if pair.plan is None:
        return None
    choices = {path: Choice(choice) for path, choice in pair.plan["choices"].items()}
    return Plan(choices=choices, **{name: pair.plan[name] for name in ("by", "kept_id", "seen", "note")})


def merge(
    session: Session,
    act: Act,
    kept_id: int,
    other_id: int,
    choices: Mapping[str, Choice],
    *,
    seen: str,
    note: str = "",
) -> Merged:
    """Make one offer of two: kept_id stays, the other one is archived and leads to it.

    choices: by path of SideBySide.rows; without one, the usual happens. seen: SideBySide.seen.
    Raises ConflictError if one of them has changed since they were seen, was merged or archived before, or
    if other eyes are wanted (plan, carry_out); InvalidInputError that names what cannot be chosen or written.
    """
    hold(session, act.region_id)
    eyes.check(session, act.region_id, act.actor, act.actor)
    return unite(session, act, kept_id, other_id, choices, seen=seen, note=note)


def unite(
    session: Session,
    act: Act,
    kept_id: int,
    other_id: int,
    choices: Mapping[str, Choice],
    *,
    seen: str,
    note: str = "",
) -> Merged:
    """Merge without asking for other eyes: of what they have seen already, or nobody will ever see."""
    found = _compared(session, act, kept_id, other_id, seen)
    pair = duplicates.of_offers(session, act.region_id, kept_id, other_id)
    whose = chosen(found, choices)
    batch = _batch(session, act)
    act = replace(act, batch_id=batch.id)
    kept, other = session.get_one(Offer, kept_id), session.get_one(Offer, other_id)
    must_fit(apply(session, act, kept, to_write(found, whose), is_whole=True))
    doing = Handover(act, other, kept, dict(found.twins))
    merging_parts.move(session, doing, to_move(found, whose))
    moved: dict[str, Any] = {
        "rows": merging_parts.link_rows(session, doing),
        "proposals": merging_proposals.hand_over(session, doing),
    }
    offers.change(session, act, other, {"status": Status.ARCHIVED, "paused_until": None})
    way = OfferRedirect(region_id=act.region_id, old_id=other.id, old_slug=other.slug, new_id=kept.id)
    history.create(session, act, way)
    moved["pairs"] = _close_others(session, pair, other)
    pair.decision, pair.kept_id, pair.batch_id = PairDecision.MERGED, kept.id, batch.id
    pair.note, pair.plan, pair.moved = note, None, moved
    pair.decided_by, pair.decided_at = act.actor, clock.now()
    session.add(pair)
    session.flush()
    return Merged(kept.id, kept.slug, pair.id, batch.id)


def _compared(session: Session, act: Act, kept_id: int, other_id: int, seen: str) -> SideBySide:
    """Return two offers as they are, if they can become one and are as they were seen."""
    if kept_id == other_id:
        raise ConflictError("These are one offer already.")
    found = side_by_side(session, act.region_id, kept_id, other_id)
    if is_merged_away(session, kept_id, other_id):
        raise ConflictError(MERGED_AWAY)
    if Status.ARCHIVED in (found.kept_status, found.other_status):
        raise ConflictError("One of them is archived; please bring it back first.")
    if found.seen != seen:
        raise ConflictError("One of the two offers has been changed since they were compared.")
    return found


def is_merged_away(session: Session, *offer_ids: int) -> bool:
    """Return whether one of these offers leads to another one."""
    way = exists().where(col(OfferRedirect.old_id).in_(offer_ids))
    return bool(session.scalar(select(way)))


def _batch(session: Session, act: Act) -> ImportBatch:
    batch = ImportBatch(
        region_id=act.region_id,
        source_id=None,
        actor=act.actor,
        file_name="",
        fingerprint="",
        counts={},
        report=[],
        started_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return batch


def _close_others(session: Session, pair: DuplicatePair, gone: Offer) -> list[int]:
    """Take the other pairs of an offer that is gone out of the queue; return their numbers."""
    others = select(DuplicatePair).where(
        or_(col(DuplicatePair.offer_a) == gone.id, col(DuplicatePair.offer_b) == gone.id),
        col(DuplicatePair.decision) == PairDecision.OPEN,
        col(DuplicatePair.id) != pair.id,
    )
    found = session.scalars(others.order_by(col(DuplicatePair.id))).all()
    for one in found:
        duplicates.close(session, one, MERGED_AWAY)
    return [one.id for one in found]
