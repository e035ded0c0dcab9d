"""What becomes of the rows of a list: as a table with numbers to filter by, as a map, as a report."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any, Final, NamedTuple

from sqlalchemy import Engine
from sqlmodel import Session

from api.regions.models import Region
from api.spaces import outlines
from importers.jobs import store
from importers.jobs.models import ImportJob, ImportRow
from web.importing.labels import BESIDES, FACTS, FIELDS, MARKS, OUTCOMES, SOURCE

PER_PAGE: Final = 50
MOST_POINTS: Final = 2_000  # on the map beside those of the page
MAP_HEIGHT: Final = 600.0  # of the map on the page, in pixels
# Remarks that have a place of their own in the table, or a mark.
APART: Final = frozenset({"shown", "change", "ask", "no_point", "no_topic"})

Context = dict[str, Any]


class Told(NamedTuple):
    """A row as the table shows it."""

    row: ImportRow
    facts: list[tuple[str, str, str]]  # icon, what it is, what people will read
    marks: list[str]  # what they will miss
    changes: list[dict[str, str]]  # of a field: label, before, after
    asked: list[dict[str, str]]  # the same, for somebody to decide
    remarks: list[dict[str, str]]


def counts(job: ImportJob) -> list[tuple[str, int, str]]:
    """Return how many rows become what: label, number, key."""
    return [(label, job.counts.get(key, 0), key) for key, label in OUTCOMES.items()]


def marked(job: ImportJob) -> list[tuple[str, int, str]]:
    """Return how many rows somebody may want to look at, and why: label, number, key."""
    return [(label, job.counts[key], key) for key, label in MARKS.items() if job.counts.get(key)]


def shown(session: Session, job: ImportJob, was: str, number: int) -> Context:
    """Return some rows of a job for the table: all, those that become one thing, or those with a mark."""
    which = was if was in OUTCOMES or was in MARKS else ""
    total = job.counts.get(which, 0) if which else sum(count for _label, count, _key in counts(job))
    pages = max(ceil(total / PER_PAGE), 1)
    number = min(max(number, 1), pages)
    found = store.rows(session, job.id, which, (number - 1) * PER_PAGE, PER_PAGE)
    return {
        "counts": counts(job),
        "marked": marked(job),
        "total": total,
        "which": which,
        "which_label": (OUTCOMES | MARKS).get(which, ""),
        "outcomes": OUTCOMES,
        "fields": SOURCE | FIELDS,
        "besides_words": BESIDES,
        "page_number": number,
        "pages": pages,
        "rows": [_told(row) for row in found],
    }


def _told(row: ImportRow) -> Told:
    values = {said["field"]: said["value"] for said in row.remarks if said["what"] == "shown"}
    if "space" in values:
        values["place"] = " · ".join(filter(None, (values.get("place"), values["space"])))
    return Told(
        row,
        [(icon, label, values[name]) for name, (icon, label) in FACTS.items() if name in values],
        [MARKS[said["what"]] for said in row.remarks if said["what"] in ("no_point", "no_topic")],
        _changes(row, "change"),
        _changes(row, "ask"),
        [
            {"field": FIELDS.get(said["field"], said["field"]), "reason": said["reason"]}
            for said in row.remarks
            if said["what"] not in APART
        ],
    )


def _changes(row: ImportRow, what: str) -> list[dict[str, str]]:
    return [
        {"label": FIELDS.get(said["field"], said["field"]), "old": said["old"], "new": said["new"]}
        for said in row.remarks
        if said["what"] == what
    ]


def drawn(session: Session, region: Region, job: ImportJob, context: Context) -> Context:
    """Return the region's outlines and the points in them; those of the rows on the page carry a number."""
    picture = outlines.drawings(session, region)
    rows = [told.row for told in context["rows"]]
    here = {row.number for row in rows}
    found = store.points(session, job.id, context["which"], MOST_POINTS)
    found += [
        (row.number, row.outcome, row.lon, row.lat)
        for row in rows
        if row.lon is not None and row.lat is not None
    ]
    points = []
    for number, outcome, lon, lat in dict.fromkeys(found):
        x, y = picture.place(lon, lat)
        is_near = -9_999 < x < 9_999 and -9_999 < y < 9_999  # noqa: PLR2004 - a point in another country
        if is_near:
            points.append((number, outcome, round(x, 1), round(y, 1), number in here))
    height = float(picture.viewbox.split()[3])
    return {
        "viewbox": picture.viewbox,
        # A tall picture is shown smaller, but not its numbers.
        "unit": round(max(1.0, height / MAP_HEIGHT), 2),
        "paths": [space.path for space in picture.spaces],
        "points": sorted(points, key=lambda point: point[4]),
    }


def every(engine: Engine, job_id: int) -> Iterator[Context]:
    """Yield all rows of a job, some at a time, in a session that lives as long as the answer."""
    first = 0
    with Session(engine) as session:
        while some := store.rows(session, job_id, "", first, 1_000):
            for row in some:
                yield row.model_dump(include={"number", "outcome", "key", "name", "remarks"})
            first += len(some)
            session.expunge_all()


def lines(engine: Engine, job_id: int) -> Iterator[str]:
    """Yield the report as text."""
    for row in every(engine, job_id):
        yield f"Zeile {row['number']} ({row['name'] or row['key']}): {OUTCOMES[row['outcome']]}"
        yield from _lines(row["remarks"])


def _lines(remarks: Sequence[dict[str, str]]) -> Iterator[str]:
    for said in remarks:
        field = FIELDS.get(said["field"], said["field"])
        if said["what"] == "shown":
            continue
        if "reason" in said:
            yield f"    {field}: {said['reason']}" if field else f"    {said['reason']}"
        else:
            asked = "Vorschlag: " if said["what"] == "ask" else ""
            yield f"    {asked}{field}: „{said['old']}“ → „{said['new']}“"
