"""One proposal as the person who decides reads it: field by field, with what is there now."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from api.core.errors import NotFoundError
from api.curation import deciding, eyes, labels
from api.curation.models import Decision, Kind, Proposal
from api.curation.sheet_difference import order
from api.curation.sheet_fields import Sheet, value_at
from api.curation.sight import Sight, masked_changes, masked_sheet
from api.history.models import Origin
from api.offers.models import Offer, Status
from api.regions.models import Region


@dataclass(frozen=True)
class FieldView:
    """One path of a proposal: in words for reading, as values for forms."""

    path: str
    label: str
    old: str
    new: str
    now: str  # what is there; differs from old if somebody was faster
    is_conflict: bool
    present: Any  # the value of now, to be sent along as Verdict.seen; a mask where it may not be seen
    decision: str = ""  # accepted, declined or conflict; empty: nobody has decided
    note: str = ""


@dataclass(frozen=True)
class ProposalView:
    """A proposal with everything that is needed to decide it."""

    id: int
    kind: Kind
    decision: Decision
    origin: Origin
    actor: str
    reason: str
    offer_id: int | None
    slug: str | None
    name: str
    status: Status | None
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str
    needs_other: bool  # four eyes: this very person may not accept it
    fields: list[FieldView] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)  # label → words that are no field
    raw: dict[str, Any] | None = None  # the row of a list as it was published; may name a hidden address
    present: Sheet = field(default_factory=dict)


def proposal(session: Session, region: Region, proposal_id: int, sight: Sight, reader: str) -> ProposalView:
    """Return a proposal for somebody who may see so much; reader: what their own proposals are signed with.

    Raises NotFoundError, also of drafts.
    """
    row = session.get(Proposal, proposal_id)
    if row is None or row.region_id != region.id or row.decision == Decision.DRAFT:
        raise NotFoundError("There is no such proposal.")
    look = deciding.look_at(session, row)
    offer = session.get(Offer, row.offer_id) if row.offer_id else None
    shown = masked_changes(look.changes, look.present, sight)
    present = masked_sheet(look.present, sight)
    known = labels.words(session, region)
    fields = []
    for path in sorted(shown, key=order):
        change, told = shown[path], row.decisions.get(path, {})
        now = value_at(present, path) if path in look.conflicts else change["old"]
        fields.append(
            FieldView(
                path=path,
                label=labels.label(path, present),
                old=labels.said(path, change["old"], known),
                new=labels.said(path, change["new"], known),
                now=labels.said(path, now, known),
                is_conflict=path in look.conflicts,
                present=now,
                decision=told.get("decision", ""),
                note=told.get("note", ""),
            )
        )
    named = row.changes.get("name", {}).get("new")
    is_secret = not sight.hidden_addresses or not sight.professionals
    return ProposalView(
        id=row.id,
        kind=row.kind,
        decision=row.decision,
        origin=row.origin,
        actor=row.actor,
        reason=row.reason,
        offer_id=row.offer_id,
        slug=offer.slug if offer else None,
        name=offer.name if offer else str(named or ""),
        status=offer.status if offer else None,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        note=row.decision_note,
        needs_other=eyes.needs_other(session, region.id, row.actor, reader),
        fields=fields,
        remarks={labels.label(name): labels.said(name, value, known) for name, value in look.remarks.items()},
        raw=None if is_secret else row.raw,
        present=present,
    )
