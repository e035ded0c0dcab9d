"""Proposals: made by strangers, imports and editors, and closed by people; field by field see deciding."""

from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import closing, deciding, eyes, states
from api.curation.deciding import Verdict
from api.curation.flat import whereabouts
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet import Applied, apply, get, hold, must_fit, read
from api.curation.sheet_fields import Changes
from api.history import service as history
from api.history.entities import recorded
from api.offers.models import Offer, Status

WITHDRAWN: Final = "Zurückgezogen."


def propose(  # noqa: PLR0913 - a proposal says all of this
    session: Session,
    act: history.Act,
    kind: Kind,
    reason: str,
    changes: Changes,
    *,
    offer_id: int | None = None,
    source_id: int | None = None,
    source_key: str | None = None,
    raw: dict[str, Any] | None = None,
    is_said_anew: bool = False,
) -> tuple[Proposal, bool]:
    """Return the proposal and whether it is new: an equal one that was made before is not made again.

    Of what a source says, fields that were declined with the same value before are not asked about again.
    is_said_anew: people say it, so only an equal one that still waits is not made again.
    """
    same = select(Proposal).where(
        col(Proposal.region_id) == act.region_id,
        col(Proposal.kind) == kind,
        col(Proposal.offer_id).is_not_distinct_from(offer_id),
        col(Proposal.source_id).is_not_distinct_from(source_id),
        col(Proposal.source_key).is_not_distinct_from(source_key),
        col(Proposal.decision).not_in((Decision.OBSOLETE, Decision.DRAFT)),
    )
    if source_id is not None and kind == Kind.CHANGE:
        before = [
            one for one in session.scalars(same.order_by(col(Proposal.id))) if one.decision != Decision.OPEN
        ]
        declined = [fact for one in before for fact in _declined(one)]
        asked = {name: one for name, one in changes.items() if (name, one["new"]) not in declined}
        if changes and not asked:
            return before[-1], False
        changes = asked
    if is_said_anew:
        same = same.where(col(Proposal.decision) == Decision.OPEN)
    found = session.scalars(same.where(col(Proposal.changes) == changes)).first()
    if found is not None:
        return found, False
    proposal = Proposal(
        region_id=act.region_id,
        offer_id=offer_id,
        source_id=source_id,
        source_key=source_key,
        kind=kind,
        origin=act.origin,
        actor=act.actor,
        reason=reason,
        changes=changes,
        raw=raw,
        proposed_at=clock.now(),
        **whereabouts(kind, changes),
    )
    session.add(proposal)
    session.flush()
    return proposal, True


def accept(session: Session, act: history.Act, proposal: Proposal, note: str = "") -> None:
    """Do all that is proposed, or nothing.

    ConflictError if something of it has changed since, or if it says things that are no field of an entry:
    those are done by hand and answered (answer).
    """
    hold(session, act.region_id)
    closing.must_be_open(session, proposal)
    look = deciding.look_at(session, proposal)
    if look.remarks:
        raise ConflictError(f"{', '.join(look.remarks)}: not a field of an entry; please change it by hand.")
    verdicts = dict.fromkeys(look.changes, Verdict(accepted=True))
    deciding.carry_out(session, act, proposal, verdicts, note, is_whole=True)


def decline(session: Session, act: history.Act, proposal: Proposal, note: str = "") -> None:
    """Leave everything as it is and remember that it was decided so."""
    closing.close(session, act, proposal, Decision.DECLINED, note)


def settle(session: Session, act: history.Act, proposal: Proposal, note: str) -> None:
    """Close a proposal that events have overtaken."""
    closing.close(session, act, proposal, Decision.OBSOLETE, note)


def answer(
    session: Session,
    act: history.Act,
    proposal_id: int,
    *,
    done: bool,
    note: str = "",
    changes: Changes | None = None,
) -> list[str]:
    """Close what somebody has reported, done or not; return the paths that were changed for it.

    The note is the answer. Raises ConflictError if somebody has decided or changed the same before, or if
    other eyes have to see the changes; InvalidInputError that names paths whose values cannot stand there.
    """
    hold(session, act.region_id)
    proposal = closing.open_one(session, act, proposal_id)
    written: list[str] = []
    if changes:
        offer = session.get(Offer, proposal.offer_id) if proposal.offer_id else None
        if offer is None:
            raise ConflictError("This is about no offer that could be changed.")
        eyes.check(session, act.region_id, act.actor, act.actor)
        applied = apply(session, act, offer, changes, is_whole=True)
        must_fit(applied)
        written = applied.written
    closing.finish(session, act, proposal, Decision.ACCEPTED if done else Decision.DECLINED, note)
    return written


def change_at_once(session: Session, act: history.Act, offer_id: int, changes: Changes) -> Applied:
    """Change an offer without asking anybody; with conflicts nothing is written.

    Raises ConflictError where four eyes are wanted, InvalidInputError that names what cannot be written.
    """
    eyes.check(session, act.region_id, act.actor, act.actor)
    return apply(session, act, get(session, act.region_id, offer_id), changes, is_whole=True)


def suggest_changes(
    session: Session, act: history.Act, offer_id: int, changes: Changes, reason: str = ""
) -> int:
    """Let others decide on changes of an offer, by path; return the number of the proposal.

    Raises InvalidInputError that names what cannot be written.
    """
    offer = get(session, act.region_id, offer_id)
    deciding.can_be_written(session, act.region_id, read(session, offer), changes)
    return _made(session, act, offer, Kind.CHANGE, changes, reason)


def link(
    session: Session,
    act: history.Act,
    proposal_id: int,
    offer_id: int,
    at_place_id: int | None = None,
    note: str = "",
) -> None:
    """Say that a row of a list, proposed as a new offer, is one that is there; later imports know it then.

    at_place_id: at which of its places, if it has several.
    """
    hold(session, act.region_id)
    proposal = closing.open_one(session, act, proposal_id)
    offer = get(session, act.region_id, offer_id)
    if proposal.kind != Kind.CREATE or proposal.source_id is None or proposal.source_key is None:
        raise ConflictError("Only a new entry of a list can be the same as an offer that is there.")
    keys = list(read(session, offer)["places"])
    place = str(at_place_id) if at_place_id is not None else keys[0] if len(keys) == 1 else None
    if place is not None and place not in keys:
        raise NotFoundError("The offer is not at this place.")
    number = int(place) if place else None
    deciding.remember_row(session, act, proposal, offer.id, number, is_linked=True)
    proposal.offer_id = offer.id
    closing.finish(session, act, proposal, Decision.ACCEPTED, note)


def withdraw(session: Session, act: history.Act, proposal_id: int) -> None:
    """Take back what one has proposed oneself and nobody has decided yet."""
    proposal = closing.open_one(session, act, proposal_id)
    if proposal.actor != act.actor:
        raise NotFoundError("There is no such proposal.")
    closing.finish(session, act, proposal, Decision.OBSOLETE, WITHDRAWN)


def ask_for_state(
    session: Session,
    act: history.Act,
    offer_id: int,
    status: Status,
    until: date | None = None,
    reason: str = "",
) -> int:
    """Propose to pause (until a day), archive or bring back an offer; return the number of the proposal."""
    offer = get(session, act.region_id, offer_id)
    changes: Changes = {"status": {"old": offer.status.value, "new": status.value}}
    kind = Kind.CHANGE
    if status == Status.PAUSED:
        states.check_day(session, act.region_id, until)
        days = {"old": recorded(offer.paused_until), "new": recorded(until)}
        changes, kind = {"paused_until": days}, Kind.PAUSE
    elif status == Status.ARCHIVED:
        changes, kind = {}, Kind.WITHDRAW
    return _made(session, act, offer, kind, changes, reason)


def _made(session: Session, act: history.Act, offer: Offer, kind: Kind, changes: Changes, reason: str) -> int:
    proposal = Proposal(
        region_id=act.region_id,
        offer_id=offer.id,
        kind=kind,
        origin=act.origin,
        actor=act.actor,
        reason=reason,
        changes=changes,
        proposed_at=clock.now(),
    )
    session.add(proposal)
    session.flush()
    return proposal.id


def _declined(proposal: Proposal) -> list[tuple[str, Any]]:
    """Return the fields of a decided proposal that were declined, with the values they were to have."""
    if not proposal.decisions:
        fields = list(proposal.changes) if proposal.decision == Decision.DECLINED else []
    else:
        told = [one for one in proposal.decisions.values() if one["decision"] == Decision.DECLINED]
        fields = [name for one in told for name in one["fields"]]
    return [(name, proposal.changes[name]["new"]) for name in fields if name in proposal.changes]
