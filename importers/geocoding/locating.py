"""The rows of an import get points: those that have an address and no place on the map."""

from sqlmodel import Session

from api.core.geo import LonLat
from api.regions.models import Region
from importers import outline
from importers.geocoding import lookup
from importers.geocoding.addresses import parse
from importers.record import Entry, Problem, Record

AT_ONCE = 1_000  # addresses for each round of statements
OUTSIDE = "Die Adresse liegt außerhalb der Region"


def locate(session: Session, region: Region, entries: list[Entry]) -> None:
    """Fill in lon, lat and precision where a record has an address and no point; note what was uncertain.

    Hidden addresses are never looked up: their place lies in no space and on no map, so no point is needed.
    """
    open_ones = [(entry, entry.record) for entry in entries if entry.record and _is_open(entry, entry.record)]
    if not open_ones or not lookup.has_table(session, region.id):
        return
    for start in range(0, len(open_ones), AT_ONCE):
        _locate(session, region, open_ones[start : start + AT_ONCE])


def _is_open(entry: Entry, record: Record) -> bool:
    hidden = entry.hidden or record.address_hidden
    return record.lon is None and not hidden and not entry.failed and bool(record.street or record.postcode)


def _locate(session: Session, region: Region, open_ones: list[tuple[Entry, Record]]) -> None:
    asked = [parse(record.street, record.postcode, record.town) for _, record in open_ones]
    answers = lookup.find(session, region.id, asked)
    points = [answer.point for answer in answers if answer.point]
    positions = [position for position, answer in enumerate(answers) if answer.point]
    beyond = {
        positions[one] for one in outline.outside(session, region.id, [LonLat(*point) for point in points])
    }
    for position, ((entry, record), answer) in enumerate(zip(open_ones, answers, strict=True)):
        remark = answer.remark
        if position in beyond:
            remark = OUTSIDE
        elif answer.point:
            record.lon, record.lat = answer.point
            record.precision = answer.precision
        if remark:
            entry.notes.append(Problem("street", remark))
