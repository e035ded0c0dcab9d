"""Hours as schedules of HSDS: each line of the timetable, and the words of the source."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.hsds import ids
from api.hsds.terms import HOURS, LINE
from api.schedules.schemas import ScheduleIn
from api.schedules.service import Line
from api.schedules.writing.hsds import Lost, schedule

if TYPE_CHECKING:
    from api.hsds.services import Library

Document = dict[str, Any]


def schedules(
    library: "Library",
    whole: str,
    text: str,
    lines: Sequence[Line],
    place_names: Mapping[int, str | None],
) -> list[Document]:
    """Return the hours of a service or of one of its places."""
    found = [_line(library, whole, line, place_names) for line in lines]
    if text:
        number = ids.part(whole, "hours")
        marks = library.vocabulary.attributes("schedule", number, [HOURS])
        found.append({"id": number, "description": text, "attributes": marks})
    return found


def said(line: Line, place_names: Mapping[int, str | None]) -> ScheduleIn:
    """Return a line as a file says it: places by their names."""
    found = ScheduleIn.of(line.rule)
    for one in found.deviations:
        one.place, one.place_name = None, place_names.get(one.place) if one.place else None
    return found


def _line(library: "Library", whole: str, line: Line, place_names: Mapping[int, str | None]) -> Document:
    number = ids.part(whole, "schedule", line.id)
    found, lost = schedule(UUID(number), line.rule, library.region.timezone, library.today)
    # Our own clock changes with the season, and so does that of whoever reads it.
    if set(lost) - {Lost.CLOCK_CHANGES, Lost.NEXT_DAY}:
        text = said(line, place_names).model_dump_json(exclude_defaults=True)
        found["attributes"] = [library.vocabulary.attribute("schedule", number, LINE, text)]
    return found
