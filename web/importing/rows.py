"""What becomes of the rows of a list: as a table with numbers to filter by, as a map, as a report."""

from collections.abc import Iterator
from math import ceil
from typing import Any, Final

from sqlalchemy import Engine
from sqlmodel import Session

from api.regions.models import Region
from api.spaces import outlines
from importers.jobs import store
from importers.jobs.models import ImportJob
from web.importing.labels import FIELDS, OUTCOMES

PER_PAGE: Final = 50
MOST_POINTS: Final = 2_000  # on the map beside those of the page
MAP_HEIGHT: Final = 600.0  # of the map on the page, in pixels

Context = dict[str, Any]


def counts(job: ImportJob) -> list[tuple[str, int, str]]:
    """Return how many rows become what: label, number, key."""
    return [(label, job.counts.get(key, 0), key) for key, label in OUTCOMES.items()]


def shown(session: Session, job: ImportJob, was: str, number: int) -> Context:
    """Return some rows of a job for the table, all or those that become one thing."""
    outcome = was if was in OUTCOMES else ""
    total = job.counts.get(outcome, 0) if outcome else sum(count for _label, count, _key in counts(job))
    pages = max(ceil(total / PER_PAGE), 1)
    number = min(max(number, 1), pages)
    return {
        "counts": counts(job),
        "total": total,
        "outcome": outcome,
        "outcomes": OUTCOMES,
        "fields": FIELDS,
        "page_number": number,
        "pages": pages,
        "rows": store.rows(session, job.id, outcome or None, (number - 1) * PER_PAGE, PER_PAGE),
    }


def drawn(session: Session, region: Region, job: ImportJob, context: Context) -> Context:
    """Return the region's outlines and the points in them; those of the rows on the page carry a number."""
    picture = outlines.drawings(session, region)
    here = {row.number for row in context["rows"]}
    found = store.points(session, job.id, context["outcome"] or None, MOST_POINTS)
    found += [
        (row.number, row.outcome, row.lon, row.lat)
        for row in context["rows"]
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
        while some := store.rows(session, job_id, None, first, 1_000):
            for row in some:
                yield row.model_dump(include={"number", "outcome", "key", "name", "remarks"})
            first += len(some)
            session.expunge_all()


def lines(engine: Engine, job_id: int) -> Iterator[str]:
    """Yield the report as text."""
    for row in every(engine, job_id):
        yield f"Zeile {row['number']} ({row['name'] or row['key']}): {OUTCOMES[row['outcome']]}"
        for said in row["remarks"]:
            field = FIELDS.get(said["field"], said["field"])
            yield f"    {field}: {said['reason']}" if field else f"    {said['reason']}"
