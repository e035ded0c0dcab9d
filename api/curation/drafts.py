"""Drafts: the working copy of one author, saved as they type, seen by nobody else and published by nothing.

A draft keeps the sheet that its author began with (base). What differs from it is the author's; all else
follows what others write in the meantime.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError, NotFoundError, TooLargeError
from api.curation import closing, deciding, draft_rows, eyes, shared
from api.curation.deciding import Outcome, Verdict
from api.curation.flat import meant, whereabouts
from api.curation.models import Decision, Kind, Proposal
from api.curation.shared import Within
from api.curation.sheet import get, hold, read
from api.curation.sheet_checks import checked
from api.curation.sheet_difference import difference, overlaid, three_way
from api.curation.sheet_fields import Changes, Sheet, empty, split, value_at
from api.history.service import Act
from api.offers.models import Offer

LARGEST: Final = 300_000  # letters of JSON
MOST: Final = 200  # drafts of one author
PARTS_OF_ONE: Final = 50  # contacts, or places
MOST_PARTS: Final = {
    "contacts": f"Ein Angebot kann höchstens {PARTS_OF_ONE} Kontakte haben. Das ist nicht gespeichert.",
    "places": (
        f"Ein Angebot kann höchstens {PARTS_OF_ONE} Orte haben. Das ist nicht gespeichert. "
        "Teilen Sie es bitte in mehrere Angebote."
    ),
}
_NOTHING: Final = "Es ist noch nichts geändert."


@dataclass
class Draft:
    """A working copy: what its author sees, what they have changed, and what stands in the way."""

    id: int
    version: int  # sent along with every save
    offer_id: int | None
    about_id: int | None
    sheet: Sheet
    changes: Changes
    errors: list[FieldError] = field(default_factory=list)
    conflicts: dict[str, Any] = field(default_factory=dict)  # path → what somebody else has written
    remarks: dict[str, Any] = field(default_factory=dict)  # of what it is about: said, but no field


@dataclass(frozen=True)
class DraftLine:
    """A draft as its author finds it again."""

    id: int
    offer_id: int | None
    name: str
    saved_at: datetime


def open_draft(session: Session, act: Act, offer_id: int, about_id: int | None = None) -> Draft:
    """Return the author's working copy of an offer, begun now if there is none.

    What others have written since is taken over, unless the author has changed the same: that is a conflict.
    about_id: the report that it answers.
    """
    offer = get(session, act.region_id, offer_id)
    proposal = draft_rows.of_offer(session, act, offer_id)
    if proposal is None:
        begun = draft_rows.begun(act, Kind.CHANGE, read(session, offer), offer_id)
        try:
            with session.begin_nested():
                session.add(begun)
        except IntegrityError:  # in two windows at once
            begun = draft_rows.of_offer(session, act, offer_id) or begun
        proposal = begun
    if about_id is not None:
        about = closing.open_one(session, act, about_id)
        if about.offer_id != offer_id or about.kind == Kind.CREATE:
            raise NotFoundError("There is no such report about this offer.")
        proposal.about_id = about.id
    return _refreshed(session, proposal)


def offer_of(session: Session, act: Act, about_id: int) -> int | None:
    """Return the offer about which something was said that waits for an answer; None: one that is missing."""
    return closing.open_one(session, act, about_id).offer_id


def new_draft(session: Session, act: Act, about_id: int | None = None) -> Draft:
    """Begin a new offer; about_id: with what a suggestion says of it."""
    if len(drafts_of(session, act)) >= MOST:
        raise ConflictError("You have too many drafts; please finish or discard some.")
    proposal = draft_rows.untouched(session, act) or draft_rows.begun(act, Kind.CREATE, empty(), None)
    if about_id is not None:
        about = closing.open_one(session, act, about_id)
        if about.kind != Kind.CREATE:
            raise ConflictError("This is no suggestion of a new offer.")
        proposal.about_id = about.id
        proposal.changes = difference(empty(), overlaid(empty(), meant(session, about, empty()).changes))
    session.add(proposal)
    session.flush()
    return _shown(session, proposal)


def get_draft(session: Session, act: Act, draft_id: int) -> Draft:
    """Return one's own draft, brought up to date, or raise NotFoundError."""
    return _refreshed(session, draft_rows.own(session, act, draft_id))


def save_draft(session: Session, act: Act, draft_id: int, version: int, raw: Mapping[str, Any]) -> Draft:
    """Keep what somebody has typed, right or wrong; errors say what is wrong.

    raw: the sheet as the form sends it; fields that are missing stay, contacts and places come as a whole.
    Raises ConflictError if the draft was saved elsewhere since this version was read.
    """
    proposal = draft_rows.own(session, act, draft_id, version)
    if len(json.dumps(raw, default=str)) > LARGEST:
        raise TooLargeError("A draft has no room for this much text.")
    base = proposal.base or empty()
    sheet, _ = checked(raw, base)
    _check_room(base, sheet)
    changes = difference(base, sheet)
    if changes != proposal.changes:
        proposal.changes = changes
        draft_rows.saved(session, proposal)
    return _shown(session, proposal)


def keep(session: Session, act: Act, draft_id: int, version: int, path: str, *, mine: bool) -> Draft:
    """End a conflict: one's own value replaces the newer one when it is published, or gives way to it."""
    proposal = draft_rows.own(session, act, draft_id, version)
    present, changes = _present(session, proposal), dict(proposal.changes)
    found = split(path)
    if path not in changes or found is None:
        raise NotFoundError("There is no such change.")
    now = value_at(present, path)
    if mine and not (found.part and found.field and now is None and found.key not in present[found.part]):
        changes[path] = {**changes[path], "old": now}
    else:
        del changes[path]
    proposal.changes = changes
    proposal.base = _base(present, changes)
    draft_rows.saved(session, proposal)
    return _shown(session, proposal)


def is_of_others(session: Session, act: Act, draft_id: int, within: Within) -> bool:
    """Return whether one's own draft changes what offers beyond one's reach share: others decide on that.

    within: the condition on Offer for what the person may publish.
    """
    proposal = draft_rows.own(session, act, draft_id)
    return bool(shared.of_others(session, act.region_id, proposal.offer_id, proposal.changes, within))


def discard_draft(session: Session, act: Act, draft_id: int) -> None:
    """Throw one's own draft away."""
    session.delete(draft_rows.own(session, act, draft_id))
    session.flush()


def drafts_of(session: Session, act: Act) -> list[DraftLine]:
    """Return one's own drafts in which something stands, the last saved first."""
    rows = session.execute(
        select(Proposal, col(Offer.name))
        .outerjoin(Offer, col(Offer.id) == col(Proposal.offer_id))
        .where(
            col(Proposal.region_id) == act.region_id,
            col(Proposal.actor) == act.actor,
            col(Proposal.decision) == Decision.DRAFT,
            col(Proposal.changes) != {},
        )
        .order_by(col(Proposal.proposed_at).desc(), col(Proposal.id).desc())
    ).all()
    return [
        DraftLine(
            one.id, one.offer_id, str(one.changes.get("name", {}).get("new") or name or ""), one.proposed_at
        )
        for one, name in rows
    ]


def submit(session: Session, act: Act, draft_id: int, version: int, reason: str = "") -> int:
    """Let others decide on a draft and return its number as a proposal.

    Raises InvalidInputError that names what is wrong, ConflictError if it is in conflict with newer edits.
    """
    hold(session, act.region_id)
    proposal = _ready(session, act, draft_id, version)
    conflicts = _refreshed(session, proposal).conflicts
    if conflicts:
        raise ConflictError(
            f"{', '.join(conflicts)}: changed in the meantime.",
            [FieldError(path, "changed in the meantime") for path in conflicts],
        )
    proposal.reason = reason
    proposal.decision = Decision.OPEN
    proposal.proposed_at = clock.now()
    proposal.base = None
    for name, value in whereabouts(proposal.kind, proposal.changes).items():
        setattr(proposal, name, value)
    session.flush()
    return proposal.id


def publish_at_once(session: Session, act: Act, draft_id: int, version: int, note: str = "") -> Outcome:
    """Publish one's own draft without asking anybody; whether its author may is for the policy to say.

    With conflicts nothing is written, and it stays a draft. Raises InvalidInputError that names what is
    wrong, ConflictError where four eyes are wanted.
    """
    eyes.check(session, act.region_id, act.actor, act.actor)
    hold(session, act.region_id)
    proposal = _ready(session, act, draft_id, version)
    conflicts = _refreshed(session, proposal).conflicts
    if conflicts:
        return Outcome(Decision.DRAFT, proposal.offer_id, conflicts=conflicts)
    verdicts = dict.fromkeys(proposal.changes, Verdict(accepted=True))
    return deciding.carry_out(session, act, proposal, verdicts, note, is_whole=True)


def _check_room(base: Sheet, sheet: Sheet) -> None:
    """Raise InvalidInputError that names the kind of parts of which nobody would read so many."""
    for kind, words in MOST_PARTS.items():
        if len(sheet[kind]) > max(len(base[kind]), PARTS_OF_ONE):
            raise InvalidInputError(f"{kind}: too many.", [FieldError(kind, words)])


def _ready(session: Session, act: Act, draft_id: int, version: int) -> Proposal:
    proposal = draft_rows.own(session, act, draft_id, version)
    if not proposal.changes:
        raise InvalidInputError("Nothing has been changed.", [FieldError("name", _NOTHING)])
    errors = _shown(session, proposal).errors
    if not errors:
        deciding.can_be_written(session, act.region_id, _present(session, proposal), proposal.changes)
        return proposal
    raise InvalidInputError(f"{', '.join(one.field for one in errors)}: not right yet.", errors)


def _refreshed(session: Session, proposal: Proposal) -> Draft:
    """Take over what others have written, unless the author has changed the same."""
    present = _present(session, proposal)
    doing, conflicts = three_way(present, proposal.changes)
    changes = {path: one for path, one in proposal.changes.items() if path in doing or path in conflicts}
    base = _base(present, changes)
    if proposal.offer_id is not None and (base != proposal.base or changes != proposal.changes):
        proposal.base, proposal.changes = base, changes
        proposal.version += 1
        session.add(proposal)
        session.flush()
    return _shown(session, proposal)


def _base(present: Sheet, changes: Changes) -> Sheet:
    """Return what is there now, with the old values where the author has changed something."""
    return overlaid(present, {path: {"new": change["old"]} for path, change in changes.items()})


def _present(session: Session, proposal: Proposal) -> Sheet:
    return read(session, session.get_one(Offer, proposal.offer_id)) if proposal.offer_id else empty()


def _shown(session: Session, proposal: Proposal) -> Draft:
    base = proposal.base or empty()
    sheet = overlaid(base, proposal.changes)
    _, errors = checked(sheet, base)
    _, conflicts = three_way(_present(session, proposal), proposal.changes)
    about = session.get(Proposal, proposal.about_id) if proposal.about_id else None
    remarks = meant(session, about, base).remarks if about is not None else {}
    return Draft(
        id=proposal.id,
        version=proposal.version,
        offer_id=proposal.offer_id,
        about_id=proposal.about_id,
        sheet=sheet,
        changes=dict(proposal.changes),
        errors=errors,
        conflicts=conflicts,
        remarks=remarks,
    )
