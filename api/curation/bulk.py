"""Several decisions at once: each for itself, remembered as one batch that can be taken back as a whole.

What cannot be done (somebody was faster, other eyes are wanted) is left and said; the rest goes on. A batch
is an ImportBatch without a source, as a merge is one; its report says what was decided, without any name.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, DomainError, InvalidInputError, NotFoundError
from api.curation import closing, deciding
from api.curation.claims_models import About
from api.curation.deciding import CONFLICT, Verdict
from api.curation.eyes import ALONE
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet import hold
from api.doubts import service as doubts
from api.doubts import taking
from api.doubts.models import State
from api.history.models import ImportBatch
from api.history.service import Act
from api.history.undo import Undone, undo_batch
from api.offers.models import Offer

BULK: Final = "bulk"  # stands where the fingerprint of a file stands with imports
MOST: Final = 100  # things at once


class Did(StrEnum):
    """What is done to a thing."""

    ACCEPTED = "accepted"  # a proposal, as far as it is not decided
    DECLINED = "declined"
    TAKEN = "taken"  # the value that a doubt proposes
    DISMISSED = "dismissed"  # a doubt: it is right so


class Why(StrEnum):
    """Why something was left as it is."""

    CHANGED = "changed"
    EYES = "eyes"
    WRONG = "wrong"


@dataclass(frozen=True)
class Wish:
    """What is to be done to one thing; seen: of a doubt, Line.seen as the person had it before them."""

    number: int
    did: Did
    seen: str = ""

    @property
    def about(self) -> About:
        """Return what kind of thing it is."""
        return About.PROPOSAL if self.did in (Did.ACCEPTED, Did.DECLINED) else About.DOUBT


@dataclass(frozen=True)
class Row:
    """What became of one thing; why: empty if it was done."""

    number: int
    did: Did
    why: Why | None
    name: str
    offer_id: int | None

    @property
    def about(self) -> About:
        """Return what kind of thing it is."""
        return Wish(self.number, self.did).about


@dataclass(frozen=True)
class Result:
    """What came of several decisions."""

    id: int
    actor: str
    at: datetime
    undone_at: datetime | None
    rows: list[Row]


def do(session: Session, act: Act, wishes: Sequence[Wish]) -> int:
    """Do what can be done of these, one after the other; return the number of the batch."""
    hold(session, act.region_id)
    batch = ImportBatch(
        region_id=act.region_id,
        source_id=None,
        actor=act.actor,
        file_name="",
        fingerprint=BULK,
        counts={},
        report=[],
        started_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    doing = replace(act, batch_id=batch.id)
    report = [_done(session, doing, wish) for wish in wishes[:MOST]]
    batch.report, batch.counts = report, {"done": sum(not one["why"] for one in report)}
    session.add(batch)
    session.flush()
    return batch.id


def result(session: Session, region_id: int, batch_id: int) -> Result:
    """Return what came of several decisions, or raise NotFoundError."""
    batch = _batch(session, region_id, batch_id)
    rows = [_row(session, region_id, said) for said in batch.report]
    return Result(batch.id, batch.actor, batch.started_at, batch.undone_at, rows)


def undo(session: Session, act: Act, batch_id: int) -> Undone:
    """Take all of them back: entries are as before, and everything waits for a decision again.

    What somebody has changed since stays and is reported, also a new offer that was edited or is needed.
    Raises NotFoundError, ConflictError if it was taken back before. No other eyes are needed.
    """
    hold(session, act.region_id)
    batch = _batch(session, act.region_id, batch_id)
    if batch.undone_at is not None:
        raise ConflictError("This has been taken back already.")
    done = [said for said in batch.report if not said["why"]]
    proposals = {said["number"]: said for said in done if said["did"] in (Did.ACCEPTED, Did.DECLINED)}
    # A proposal would hold the offer that was made of it.
    made = {}
    for number in proposals:
        proposal = session.get_one(Proposal, number)
        if proposal.kind == Kind.CREATE and proposals[number]["made"]:
            made[number], proposal.offer_id = proposal.offer_id, None
    session.flush()
    undone = undo_batch(session, batch_id, act.actor)
    session.flush()
    session.expire_all()  # an undo sets fields as history keeps them, in JSON
    for number, said in proposals.items():
        proposal = session.get_one(Proposal, number)
        offer = session.get(Offer, made[number]) if made.get(number) else None
        if offer is not None:
            proposal.offer_id = offer.id
        elif proposal.decided_by == batch.actor:
            _reopen(session, proposal, said["before"])
    for said in done:
        if said["did"] == Did.DISMISSED:
            with suppress(ConflictError, NotFoundError):  # it has settled itself meanwhile
                # What somebody else has answered since stays answered.
                if doubts.get(session, act.region_id, said["number"]).closed_by == batch.actor:
                    doubts.ask_again(session, act, said["number"])
    session.flush()
    return undone


def is_bulk(session: Session, batch_id: int) -> bool:
    """Return whether a batch is several decisions, and neither an import nor a merge."""
    batch = session.get(ImportBatch, batch_id)
    return batch is not None and batch.fingerprint == BULK


def _batch(session: Session, region_id: int, batch_id: int) -> ImportBatch:
    found = session.scalars(
        select(ImportBatch).where(
            col(ImportBatch.id) == batch_id,
            col(ImportBatch.region_id) == region_id,
            col(ImportBatch.fingerprint) == BULK,
        )
    ).first()
    if found is None:
        raise NotFoundError("Nothing was decided here.")
    return found


def _done(session: Session, act: Act, wish: Wish) -> dict[str, Any]:
    said: dict[str, Any] = {"number": wish.number, "did": wish.did.value, "why": ""}
    try:
        with session.begin_nested():  # each for itself
            said |= _DOING[wish.did](session, act, wish)
    except (ConflictError, InvalidInputError, NotFoundError) as error:
        session.expire_all()
        said["why"] = _why(error).value
    return said


def _why(error: DomainError) -> Why:
    if isinstance(error, InvalidInputError):
        return Why.WRONG
    return Why.EYES if error.detail == ALONE else Why.CHANGED


def _decide(session: Session, act: Act, wish: Wish) -> dict[str, Any]:
    hold(session, act.region_id)
    proposal = closing.open_one(session, act, wish.number)
    before = dict(proposal.decisions)
    look = deciding.look_at(session, proposal)
    waiting = [path for path in look.changes if before.get(path, {}).get("decision", CONFLICT) == CONFLICT]
    is_accepted = wish.did == Did.ACCEPTED
    if look.changes or is_accepted:
        verdicts = dict.fromkeys(waiting, Verdict(is_accepted))
        deciding.carry_out(session, act, proposal, verdicts, "", is_whole=True)
    else:  # words alone
        closing.finish(session, act, proposal, Decision.DECLINED, "")
    return {"before": before, "made": is_accepted and proposal.kind == Kind.CREATE}


def _take(session: Session, act: Act, wish: Wish) -> dict[str, Any]:
    taking.publish(session, act, wish.number, wish.seen)
    return {}


def _dismiss(session: Session, act: Act, wish: Wish) -> dict[str, Any]:
    if doubts.get(session, act.region_id, wish.number).state != State.OPEN:
        raise ConflictError("Somebody has answered already.")
    doubts.dismiss(session, act, wish.number, wish.seen)
    return {}


_DOING: Final[dict[Did, Callable[[Session, Act, Wish], dict[str, Any]]]] = {
    Did.ACCEPTED: _decide,
    Did.DECLINED: _decide,
    Did.TAKEN: _take,
    Did.DISMISSED: _dismiss,
}


def _reopen(session: Session, proposal: Proposal, before: dict[str, Any]) -> None:
    """Let a proposal wait again, and the report with it that was settled by the way."""
    proposal.decision, proposal.decisions, proposal.decision_note = Decision.OPEN, before, ""
    proposal.decided_by, proposal.decided_at = None, None
    about = session.get(Proposal, proposal.about_id) if proposal.about_id else None
    if about is not None and about.decision_note == closing.BY_THE_WAY:
        _reopen(session, about, about.decisions)


def _row(session: Session, region_id: int, said: dict[str, Any]) -> Row:
    wish = Wish(said["number"], Did(said["did"]))
    offer_id, name = None, ""
    if wish.about == About.PROPOSAL:
        proposal = session.get(Proposal, wish.number)
        offer_id = proposal.offer_id if proposal else None
        name = str(proposal.changes.get("name", {}).get("new") or "") if proposal else ""
    else:
        with suppress(NotFoundError):  # settled doubts are forgotten after a while
            offer_id = doubts.get(session, region_id, wish.number).offer_id
    offer = session.get(Offer, offer_id) if offer_id else None
    why = Why(said["why"]) if said["why"] else None
    return Row(wish.number, wish.did, why, offer.name if offer else name, offer_id)
