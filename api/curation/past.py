"""The history of one entry as people read it: each time somebody saved, and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from api.core.errors import ConflictError, NotFoundError
from api.core.pages import Page
from api.curation import events as past
from api.curation import labels
from api.curation.events import Event
from api.curation.merging_undo import pair_of_batch, undo_merge
from api.curation.shared import Within, must_stay
from api.curation.sheet import hold
from api.curation.sight import Sight
from api.curation.telling import FieldChange, told
from api.history.models import Action, Origin, Revision
from api.history.service import Act
from api.history.undo import Kept, Reason, Undone, undo
from api.regions.models import Region

# What is written together is one step: a save writes several tables, one after the other.
TOGETHER: Final = timedelta(seconds=3)
SHARED: Final = "Other offers use this by now."


@dataclass
class Step:
    """What somebody did at one moment, and whether it can be taken back."""

    id: int  # of its last revision
    at: datetime
    actor: str
    origin: Origin
    batch_id: int | None
    fields: list[FieldChange]
    is_undone: bool = False
    can_undo: bool = False
    revisions: list[int] = field(default_factory=list)


def history(
    session: Session, region: Region, offer_id: int, sight: Sight, page: int = 1, per_page: int = 20
) -> Page[Step]:
    """Return what was done to an entry with its places, contacts and hours, the last step first."""
    steps = _steps(past.of_offer(session, region.id, offer_id))
    shown = steps[(page - 1) * per_page : page * per_page]
    known = labels.words(session, region, _providers(shown))
    results = [_step(events, sight, known) for events in shown]
    return Page[Step](total=len(steps), results=results, page=page, per_page=per_page)


def undo_step(
    session: Session, act: Act, offer_id: int, step_id: int, within: Within | None = None
) -> Undone:
    """Take back one step of an entry, its last change first; what was changed since stays and is reported.

    within: the condition on Offer for what the person looks after; None: all. A house that other offers use
    stays as it is if they came to it later, or lie beyond. Raises NotFoundError if there is no such step,
    ConflictError if it was taken back already, if all of it has to stay, or if it is the beginning of the
    entry: that can be archived. No other eyes are needed to go back to what was.
    """
    hold(session, act.region_id)
    steps = _steps(past.of_offer(session, act.region_id, offer_id))
    events = next((one for one in steps if one[-1].id == step_id), None)
    if events is None:
        raise NotFoundError("There is no such step in this history.")
    if _begins(events):
        raise ConflictError("This is how the entry began; it can be archived.")
    if all(event.is_undone for event in events if not event.is_silent):
        raise ConflictError("This has been taken back already.")
    merged = pair_of_batch(session, events[-1].batch_id) if events[-1].batch_id else None
    if merged is not None:
        return undo_merge(session, act, merged)  # of two entries half would be left
    doing = [event for event in reversed(events) if not event.is_undone]
    staying = {event.id for event in doing if must_stay(session, event.id, offer_id, step_id, within)}
    if staying >= {event.id for event in doing if not event.is_silent}:
        raise ConflictError(SHARED)
    done = Undone()
    for event in doing:
        if event.id in staying:
            place_id = session.get_one(Revision, event.id).entity_id
            done.kept.append(Kept(event.entity, place_id, None, Reason.NEEDED))
            continue
        once = undo(session, event.id, act.actor)
        done.removed += once.removed
        done.restored += once.restored
        done.kept += [] if event.is_silent else once.kept
    return done


def _step(events: Sequence[Event], sight: Sight, known: labels.Words) -> Step:
    is_undone = all(event.is_undone for event in events if not event.is_silent)
    last = events[-1]
    return Step(
        id=last.id,
        at=last.at,
        actor=last.actor,
        origin=last.origin,
        batch_id=last.batch_id,
        fields=[change for event in events for change in told(event, sight, known)],
        is_undone=is_undone,
        can_undo=not is_undone and not _begins(events),
        revisions=[event.id for event in events],
    )


def _begins(events: Sequence[Event]) -> bool:
    return any(event.entity == "offer" and event.action == Action.CREATE for event in events)


def _steps(events: Sequence[Event]) -> list[list[Event]]:
    """Return events by the step they belong to, the last first; without those that have nothing to read."""
    steps: list[list[Event]] = []
    for event in events:
        if steps and _is_together(steps[-1][-1], event):
            steps[-1].append(event)
        else:
            steps.append([event])
    return [step for step in reversed(steps) if any(not event.is_silent for event in step)]


def _is_together(one: Event, other: Event) -> bool:
    same = one.actor == other.actor and one.origin == other.origin and one.batch_id == other.batch_id
    return same and other.at - one.at <= TOGETHER


def _providers(steps: Sequence[Sequence[Event]]) -> list[int]:
    changes = (event.changes.get("organization_id", {}) for events in steps for event in events)
    return sorted({value for change in changes for value in change.values() if value is not None})
