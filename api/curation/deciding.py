"""Deciding a proposal path by path: what it means now, what is written, and what is remembered of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError
from api.curation import closing, eyes, states
from api.curation.flat import STATES, Meant, meant, row_of
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet import Applied, apply, create, hold, must_fit, read
from api.curation.sheet_checks import check_all
from api.curation.sheet_difference import group, overlaid, three_way
from api.curation.sheet_fields import Changes, Sheet, empty, split
from api.history import service as history
from api.history.entities import recorded
from api.history.service import Act
from api.offers.models import Offer, Status
from api.regions.models import Region
from api.sources.models import LINKED, Source, SourceRecord

CONFLICT: Final = "conflict"
TOGETHER: Final = (
    "Eine Adresse stimmt nur als Ganzes, ebenso das Alter von und bis und was ein Anbieter zu Wartezeit und"
    " Plätzen sagt."
)
_UNSEEN: Final = object()


@dataclass(frozen=True)
class Verdict:
    """What somebody decides about one path.

    seen: the present value that was shown with a conflict; accepting then replaces this very value.
    """

    accepted: bool
    note: str = ""
    seen: Any = _UNSEEN

    @property
    def knows_better(self) -> bool:
        """Return whether a newer value was seen and is to be replaced."""
        return self.seen is not _UNSEEN


@dataclass
class Outcome:
    """What came of a decision; with conflicts, the proposal is still open about these paths."""

    decision: Decision
    offer_id: int | None
    written: list[str] = field(default_factory=list)
    conflicts: dict[str, Any] = field(default_factory=dict)  # path → present value


@dataclass
class Look:
    """A proposal as it stands against what is there now."""

    present: Sheet
    changes: Changes  # by path; also "status" and "paused_until"
    remarks: dict[str, Any]  # said, but no field of any entry
    conflicts: dict[str, Any]  # path → present value, where it is neither the old nor the new one
    fields: dict[str, list[str]]  # path → fields of the record by which an import said it


def look_at(session: Session, proposal: Proposal) -> Look:
    """Return what a proposal means now and where somebody has been faster."""
    offer = session.get(Offer, proposal.offer_id) if proposal.offer_id else None
    is_there = offer is not None and proposal.kind != Kind.CREATE
    present = read(session, offer) if offer is not None and is_there else empty()
    said: Meant = meant(session, proposal, present)
    of_sheet = {path: change for path, change in said.changes.items() if path not in STATES}
    conflicts: dict[str, Any] = {}
    if proposal.kind != Kind.CREATE and proposal.decision != Decision.ACCEPTED:
        _, conflicts = three_way(present, _waiting(proposal, of_sheet))
    return Look(present, said.changes, said.remarks, conflicts, said.fields)


def _waiting(proposal: Proposal, changes: Changes) -> Changes:
    """Return the changes about which nothing has been decided yet."""
    done = {path for path, said in proposal.decisions.items() if said["decision"] != CONFLICT}
    return {path: change for path, change in changes.items() if path not in done}


def decide(
    session: Session, act: Act, proposal_id: int, verdicts: Mapping[str, Verdict], note: str = ""
) -> Outcome:
    """Accept some paths of an open proposal and decline others; it stays open while paths are undecided.

    A new offer is decided as a whole: paths without a verdict are taken for accepted, and without its name
    it is declined. Raises ConflictError if it was decided already or needs other eyes, InvalidInputError for
    an unknown path or a value that cannot be written.
    """
    hold(session, act.region_id)
    proposal = closing.open_one(session, act, proposal_id)
    return carry_out(session, act, proposal, verdicts, note)


def carry_out(
    session: Session,
    act: Act,
    proposal: Proposal,
    verdicts: Mapping[str, Verdict],
    note: str,
    *,
    is_whole: bool = False,
) -> Outcome:
    """Do what was decided about a proposal; is_whole: all or nothing, else ConflictError."""
    hold(session, act.region_id)
    look = look_at(session, proposal)
    _check_paths(look, verdicts)
    accepted = {path for path, verdict in verdicts.items() if verdict.accepted}
    if proposal.kind == Kind.CREATE:
        accepted = look.changes.keys() - (verdicts.keys() - accepted)
    _check_wholes(look, accepted)
    if accepted and look.remarks:
        raise ConflictError(f"{', '.join(look.remarks)}: not a field of an entry; please change it by hand.")
    if not look.changes:
        raise ConflictError("Nothing of this can be accepted or declined; it can be answered.")
    if accepted:
        eyes.check(session, act.region_id, proposal.actor, act.actor)
    # Who decides is said by the actor, where it came from by the origin.
    doing = replace(act, origin=proposal.origin)
    changes = {path: _change(change, verdicts.get(path)) for path, change in look.changes.items()}
    changes = {path: change for path, change in changes.items() if path in accepted}
    if proposal.kind == Kind.CREATE:
        applied = _create(session, doing, proposal, changes)
        verdicts = {path: verdicts.get(path, Verdict(accepted=True)) for path in look.changes}
    else:
        applied = _change_offer(session, doing, proposal, changes, is_whole=is_whole)
    _remember(act, proposal, look, verdicts, applied)
    decision = _ended(proposal, look)
    if decision is not None:
        closing.finish(session, act, proposal, decision, note)
    session.flush()
    return Outcome(proposal.decision, proposal.offer_id, applied.written, applied.conflicts)


def _check_wholes(look: Look, accepted: Collection[str]) -> None:
    """Raise InvalidInputError if only some of what is true together is accepted, such as half an address."""
    groups = {path: group(found) for path in look.changes if (found := split(path))}
    halved = {groups[path] for path in accepted if path in groups}
    left = sorted(path for path in groups.keys() - set(accepted) if groups[path] in halved)
    if left:
        errors = [FieldError(path, TOGETHER) for path in left]
        raise InvalidInputError(f"{', '.join(left)}: true only together with what is accepted.", errors)


def _check_paths(look: Look, verdicts: Mapping[str, Verdict]) -> None:
    unknown = sorted(verdicts.keys() - look.changes.keys())
    if unknown:
        errors = [FieldError(path, "is not proposed") for path in unknown]
        raise InvalidInputError(f"{', '.join(unknown)}: not proposed.", errors)


def _change(change: dict[str, Any], verdict: Verdict | None) -> dict[str, Any]:
    return {**change, "old": verdict.seen} if verdict is not None and verdict.knows_better else change


def _change_offer(
    session: Session, act: Act, proposal: Proposal, changes: Changes, *, is_whole: bool
) -> Applied:
    offer = session.get(Offer, proposal.offer_id) if proposal.offer_id else None
    if offer is None or not changes:
        return Applied()
    of_sheet = {path: change for path, change in changes.items() if path not in STATES}
    applied = apply(session, act, offer, of_sheet, is_whole=is_whole) if of_sheet else Applied()
    if is_whole:
        must_fit(applied)
    of_state = [path for path in STATES if path in changes]
    if of_state:
        until = changes.get("paused_until", {}).get("new")
        status = changes.get("status", {"new": Status.PAUSED})["new"]
        day = date.fromisoformat(until) if until else None
        states.become(session, act, offer.id, Status(status), day)
        applied.written += of_state
    _tell_source(session, act, proposal, applied)
    return applied


def _create(session: Session, act: Act, proposal: Proposal, changes: Changes) -> Applied:
    if "name" not in changes:
        return Applied()
    source = session.get(Source, proposal.source_id) if proposal.source_id else None
    sheet = overlaid(empty(), changes)
    today = clock.today(session.get_one(Region, act.region_id).timezone)
    checked_on = source.date_on if source else today
    more: dict[str, Any] = {} if sheet["verified_on"] else {"verified_on": checked_on}
    offer = create(session, act, sheet, is_example=bool(source and source.is_example), **more)
    proposal.offer_id = offer.id
    if source is not None and proposal.source_key is not None:
        at_places = list(read(session, offer)["places"])
        remember_row(session, act, proposal, offer.id, int(at_places[0]) if at_places else None)
    return Applied(written=list(changes))


def remember_row(
    session: Session,
    act: Act,
    proposal: Proposal,
    offer_id: int,
    at_place_id: int | None,
    *,
    is_linked: bool = False,
) -> None:
    """Let the next import know which offer a row of its list means.

    What was declined counts as said: it differs from the entry as an edit by a person does, and stays so.
    """
    assert proposal.source_id is not None
    assert proposal.source_key is not None
    said = {name: recorded(change["new"]) for name, change in proposal.changes.items()}
    row = SourceRecord(
        source_id=proposal.source_id,
        key=proposal.source_key,
        offer_id=offer_id,
        offer_at_place_id=at_place_id,
        raw=proposal.raw or {},
        mapped={**said, LINKED: True} if is_linked else said,
    )
    history.create(session, act, row)


def _tell_source(session: Session, act: Act, proposal: Proposal, applied: Applied) -> None:
    """Let a row of a list know the place that came of it."""
    made = applied.made.get("places/new-1")
    row = row_of(session, proposal) if made is not None else None
    if row is not None:
        history.change(session, act, row, {"offer_at_place_id": made})


def _remember(
    act: Act, proposal: Proposal, look: Look, verdicts: Mapping[str, Verdict], applied: Applied
) -> None:
    now = clock.now().isoformat()
    decisions = dict(proposal.decisions)
    for path, verdict in verdicts.items():
        word = Decision.ACCEPTED if verdict.accepted else Decision.DECLINED
        decisions[path] = {
            "decision": CONFLICT if path in applied.conflicts else word.value,
            "note": verdict.note,
            "by": act.actor,
            "at": now,
            "fields": look.fields.get(path, [path]),
        }
    proposal.decisions = decisions


def _ended(proposal: Proposal, look: Look) -> Decision | None:
    """Return how a proposal has ended, or None if something of it is still to be decided."""
    words = [proposal.decisions[path]["decision"] for path in look.changes if path in proposal.decisions]
    if len(words) < len(look.changes) or CONFLICT in words:
        return None
    if proposal.kind == Kind.CREATE:
        return Decision.ACCEPTED if proposal.offer_id is not None else Decision.DECLINED
    return Decision.ACCEPTED if Decision.ACCEPTED in words else Decision.DECLINED


def can_be_written(session: Session, region_id: int, present: Sheet, changes: Changes) -> None:
    """Raise InvalidInputError if changes could not be written now."""
    of_sheet = {path: change for path, change in changes.items() if path not in STATES}
    doing, _ = three_way(present, of_sheet)
    check_all(session, region_id, present, doing)
