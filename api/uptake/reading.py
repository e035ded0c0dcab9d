"""What is published of a month, with the names of Stadtteile and case types as they are today."""

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from api.regions.models import Region
from api.spaces import service as spaces
from api.uptake import case_types, files
from api.uptake.models import REST, Event, Part, UptakeCell, UptakeMonth
from api.uptake.schemas import NumberOut, UptakeOut

HEADERS: Final = (
    "month", "part", "event", "topic", "space", "space_name", "case_type", "number", "below",
)  # fmt: skip
_EVENTS: Final = {event: place for place, event in enumerate(Event)}
_PARTS: Final = {part: place for place, part in enumerate(Part)}


def months(session: Session, region: Region) -> list[date]:
    """Return the months that are published, the last one first."""
    stmt = select(col(UptakeMonth.month_on)).where(col(UptakeMonth.region_id) == region.id)
    return list(session.scalars(stmt.order_by(col(UptakeMonth.month_on).desc())))


def of_month(session: Session, region: Region, month_on: date | None = None) -> UptakeOut:
    """Return what is published of a month, of the last one if none is named; nothing if it is not there."""
    known = months(session, region)
    chosen = month_on or (known[0] if known else None)
    if chosen not in known:
        return UptakeOut(month=None, months=known, numbers=[])
    stmt = select(UptakeCell).where(
        col(UptakeCell.region_id) == region.id, col(UptakeCell.month_on) == chosen
    )
    cells = list(session.scalars(stmt))
    labels = case_types.labels(session, region.id)
    names = {one.key: one.name for one in spaces.known(session, region, [cell.space_key for cell in cells])}
    cells.sort(
        key=lambda cell: (
            _PARTS[cell.part],
            cell.topic,
            names.get(cell.space_key, ""),
            cell.space_key,
            _EVENTS[cell.event],
            labels.get(cell.case_type_id, ""),
        )
    )
    numbers = [
        NumberOut(
            part=cell.part,
            event=cell.event,
            topic=cell.topic,
            space="" if cell.space_key == REST else cell.space_key,
            space_name=names.get(cell.space_key, ""),
            case_type=labels.get(cell.case_type_id, ""),
            number=cell.number,
            below=cell.below,
        )
        for cell in cells
    ]
    return UptakeOut(month=chosen, months=known, numbers=numbers)


def table(found: UptakeOut) -> str:
    """Return a month as a file for spreadsheets; what is not shown is empty."""
    month = {"month": f"{found.month:%Y-%m}" if found.month else ""}
    rows = (one.model_dump(mode="json") | month for one in found.numbers)
    return files.table(HEADERS, ([row[name] for name in HEADERS] for row in rows))
