"""What one offer hands over to another: contacts and places with their hours, and rows of lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from api.curation import placing
from api.curation.sheet_fields import Path
from api.history import service as history
from api.history.service import Act
from api.offers.models import Contact, Offer, OfferAtPlace
from api.places.models import Place
from api.schedules.models import Schedule, ScheduleDeviation
from api.sources.models import LINKED, SourceRecord


@dataclass
class Handover:
    """From which offer to which; paths: what a part of the first is called on the sheet of the second."""

    act: Act
    source: Offer
    target: Offer
    paths: dict[str, str] = field(default_factory=dict)


def move(session: Session, doing: Handover, parts: Iterable[Path]) -> None:
    """Let contacts and places belong to another offer, each with its number and its history."""
    for path in parts:
        if path.part == "contacts":
            contact = session.get_one(Contact, int(path.key))
            history.change(session, doing.act, contact, {"offer_id": doing.target.id})
            doing.paths[path.whole] = path.whole
            continue
        at_place = session.get_one(OfferAtPlace, int(path.key))
        there = placing.at(session, doing.target, session.get_one(Place, at_place.place_id))
        if there is not None:
            doing.paths[path.whole] = f"places/{there.id}"
            continue
        history.change(session, doing.act, at_place, {"offer_id": doing.target.id})
        follow(session, doing.act, at_place)
        doing.paths[path.whole] = path.whole


def follow(session: Session, act: Act, at_place: OfferAtPlace) -> None:
    """Let the hours at a place belong to the offer that takes place there."""
    lines = session.scalars(
        select(Schedule).where(col(Schedule.offer_at_place_id) == at_place.id).order_by(col(Schedule.id))
    ).all()
    for line in lines:
        history.change(session, act, line, {"offer_id": at_place.offer_id})
    deviations = select(ScheduleDeviation).where(
        col(ScheduleDeviation.schedule_id).in_([line.id for line in lines])
    )
    for deviation in session.scalars(deviations.order_by(col(ScheduleDeviation.id))).all():
        history.change(session, act, deviation, {"offer_id": at_place.offer_id})


def link_rows(session: Session, doing: Handover) -> list[int]:
    """Let rows of lists mean the other offer, as links: their next import asks instead of writing.

    Return those that were none before.
    """
    linked = []
    rows = select(SourceRecord).where(col(SourceRecord.offer_id) == doing.source.id)
    for row in session.scalars(rows.order_by(col(SourceRecord.id))).all():
        if LINKED not in row.mapped:
            linked.append(row.id)
        at_place_id = _place_of(row, doing.paths, session, doing.target)
        history.change(
            session,
            doing.act,
            row,
            {
                "offer_id": doing.target.id,
                "offer_at_place_id": at_place_id,
                "mapped": {**row.mapped, LINKED: True},
            },
        )
    return linked


def _place_of(row: SourceRecord, paths: Mapping[str, str], session: Session, target: Offer) -> int | None:
    """Return where a row's offer takes place now; None: that place was left out."""
    path = paths.get(f"places/{row.offer_at_place_id}")
    if path is None:
        return None
    there = session.get(OfferAtPlace, int(path.partition("/")[2]))
    return there.id if there is not None and there.offer_id == target.id else None
