"""What a person does with a doubt: look at it, take the proposed value over, or say that it is right so."""

from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation.sheet_fields import Changes, Sheet, value_at
from api.doubts import listing
from api.doubts.listing import Line
from api.doubts.models import Doubt, State
from api.history.service import Act


def get(session: Session, region_id: int, doubt_id: int) -> Line:
    """Return a doubt of a region, in whatever state, or raise NotFoundError."""
    stmt = listing.lines().where(col(Doubt.id) == doubt_id, col(Doubt.region_id) == region_id)
    row = session.execute(stmt).mappings().first()
    if row is None:
        raise NotFoundError("There is no such doubt.")
    return listing.line(row)


def changes(line: Line, sheet: Sheet) -> Changes:
    """Return what is proposed as changes of the offer's sheet; nothing if nobody knows better."""
    found = {path: {"old": value_at(sheet, path), "new": new} for path, new in line.proposed.items()}
    return {path: change for path, change in found.items() if change["old"] != change["new"]}


def dismiss(session: Session, act: Act, doubt_id: int, seen: str, note: str = "") -> None:
    """Say that it is right so: it is not asked again until the value changes.

    seen: of the Line that the person had before them. Said twice it is said once. Raises ConflictError if
    it is about another value by now, or settled.
    """
    doubt = _held(session, act, doubt_id)
    if doubt.state == State.SETTLED or doubt.seen != seen:
        raise ConflictError("The value has changed in the meantime.")
    if doubt.state == State.DISMISSED:
        return
    doubt.state, doubt.note = State.DISMISSED, note.strip()
    doubt.closed_at, doubt.closed_by = clock.now(), act.actor
    session.flush()


def ask_again(session: Session, act: Act, doubt_id: int) -> None:
    """Take back that it is right so; raise ConflictError if nobody says so."""
    doubt = _held(session, act, doubt_id)
    if doubt.state == State.OPEN:
        return
    if doubt.state == State.SETTLED:
        raise ConflictError("This is settled.")
    doubt.state, doubt.note, doubt.closed_at, doubt.closed_by = State.OPEN, "", None, None
    session.flush()


def _held(session: Session, act: Act, doubt_id: int) -> Doubt:
    doubt = session.get(Doubt, doubt_id, with_for_update=True, populate_existing=True)
    if doubt is None or doubt.region_id != act.region_id:
        raise NotFoundError("There is no such doubt.")
    return doubt
