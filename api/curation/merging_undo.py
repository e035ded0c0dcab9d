"""Taking a merge back: both offers are there again, with what people have written since."""

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import duplicates, merging_parts, merging_proposals
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.curation.merging import is_merged_away
from api.curation.sheet import hold
from api.history import service as history
from api.history.models import ImportBatch, Origin, Revision
from api.history.service import Act
from api.history.undo import Undone, undo
from api.offers.models import OfferAtPlace
from api.schedules.models import Schedule
from api.sources.models import LINKED, SourceRecord


def undo_merge(session: Session, act: Act, pair_id: int) -> Undone:
    """Take a merge back, its last change first; what was changed since stays as it is and is reported.

    The pair waits for a decision again. Raises NotFoundError, and ConflictError if it was taken back already
    or the offer that stayed has been merged since. No other eyes are needed to go back to what was.
    """
    hold(session, act.region_id)
    pair = duplicates.one_of(session, act.region_id, pair_id)
    if pair.decision != PairDecision.MERGED or pair.batch_id is None or pair.kept_id is None:
        raise ConflictError("These two are not merged.")
    if is_merged_away(session, pair.kept_id):
        raise ConflictError("The offer has been merged into another one since; please take that back first.")
    done = Undone()
    for revision_id in _revisions(session, pair.batch_id):
        once = undo(session, revision_id, act.actor)
        done.removed += once.removed
        done.restored += once.restored
        done.kept += once.kept
    session.flush()
    session.expire_all()  # an undo sets fields as history keeps them, in JSON
    batch = session.get_one(ImportBatch, pair.batch_id)
    batch.undone_at = clock.now()
    session.add(batch)
    act = Act(act.region_id, act.actor, Origin.UNDO)
    _put_right(session, act, pair)
    merging_proposals.hand_back(session, pair.moved["proposals"])
    for number in pair.moved["pairs"]:
        other = session.get_one(DuplicatePair, number)
        if other.decision == PairDecision.CLOSED:
            duplicates.reopen(session, other)
    duplicates.reopen(session, pair)
    return done


def pair_of_batch(session: Session, batch_id: int) -> int | None:
    """Return the number of the pair that a batch has merged; None: it is an import, or was taken back."""
    merged = select(col(DuplicatePair.id)).where(col(DuplicatePair.batch_id) == batch_id)
    return session.scalars(merged).first()


def pair_of_offer(session: Session, region_id: int, offer_id: int) -> int:
    """Return the number of the pair by which an offer was merged into another one, or raise NotFoundError."""
    merged = select(col(DuplicatePair.id)).where(
        col(DuplicatePair.region_id) == region_id,
        (col(DuplicatePair.offer_a) == offer_id) | (col(DuplicatePair.offer_b) == offer_id),
        col(DuplicatePair.decision) == PairDecision.MERGED,
        col(DuplicatePair.kept_id) != offer_id,
    )
    found = session.scalars(merged).first()
    if found is None:
        raise NotFoundError("This offer was not merged.")
    return found


def _revisions(session: Session, batch_id: int) -> list[int]:
    """Return the revisions of a batch that hold, the last first."""
    later = aliased(Revision)
    is_undone = exists().where(col(later.undoes_id) == col(Revision.id))
    stmt = select(col(Revision.id)).where(col(Revision.batch_id) == batch_id, ~is_undone)
    return list(session.scalars(stmt.order_by(col(Revision.id).desc())))


def _put_right(session: Session, act: Act, pair: DuplicatePair) -> None:
    """Let what was written since follow its place, and let lists speak for their offer again."""
    both = (pair.offer_a, pair.offer_b)
    astray = (
        select(OfferAtPlace)
        .join(Schedule, col(Schedule.offer_at_place_id) == col(OfferAtPlace.id))
        .where(col(OfferAtPlace.offer_id).in_(both), col(Schedule.offer_id) != col(OfferAtPlace.offer_id))
    )
    for at_place in session.scalars(astray.order_by(col(OfferAtPlace.id))).unique().all():
        merging_parts.follow(session, act, at_place)
    for number in pair.moved["rows"]:
        row = session.get(SourceRecord, number)
        if row is not None and row.offer_id != pair.kept_id and LINKED in row.mapped:
            own = {name: value for name, value in row.mapped.items() if name != LINKED}
            history.change(session, act, row, {"mapped": own})
    session.flush()
