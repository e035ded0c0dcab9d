"""Taking over what a doubt proposes: an ordinary change of the entry, at once or for others to decide."""

from sqlmodel import Session

from api.core.errors import ConflictError
from api.curation import service as curation
from api.curation import shared, sheet
from api.curation.models import Kind
from api.curation.shared import Within
from api.curation.sheet_fields import Changes
from api.doubts import service
from api.doubts.listing import Line
from api.doubts.models import State
from api.history.service import Act


def publish(session: Session, act: Act, doubt_id: int, seen: str) -> None:
    """Write the proposed value at once.

    seen: of the Line that the person had before them. Raises ConflictError if it is about another value by
    now, is settled, proposes nothing, or if other eyes are wanted.
    """
    sheet.hold(session, act.region_id)
    line, changes = _changes(session, act, doubt_id, seen)
    sheet.must_fit(curation.change_at_once(session, act, line.offer_id, changes))


def is_of_others(session: Session, act: Act, line: Line, within: Within) -> bool:
    """Return whether the proposed value would change what offers beyond somebody's reach share."""
    changes = service.changes(line, sheet.of_offer(session, act.region_id, line.offer_id))
    return bool(shared.of_others(session, act.region_id, line.offer_id, changes, within))


def suggest(session: Session, act: Act, doubt_id: int, seen: str) -> int:
    """Let others decide on the proposed value; return the number of the proposal, said twice the same one.

    Raises ConflictError as publish does, but for other eyes.
    """
    sheet.hold(session, act.region_id)  # of two at the same time, the second one finds it
    line, changes = _changes(session, act, doubt_id, seen)
    proposal, _ = curation.propose(
        session, act, Kind.CHANGE, line.title, changes, offer_id=line.offer_id, is_said_anew=True
    )
    return proposal.id


def _changes(session: Session, act: Act, doubt_id: int, seen: str) -> tuple[Line, Changes]:
    line = service.get(session, act.region_id, doubt_id)
    changes = service.changes(line, sheet.of_offer(session, act.region_id, line.offer_id))
    if line.state != State.OPEN or line.seen != seen or not changes:
        raise ConflictError("The value has changed in the meantime.")
    return line, changes
