"""The rows of a file, some at a time: read ahead, checked beside each other, and written together.

A chunk that the database refuses is halved until the row is found that it is about: that one is named, and
the others go in.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from api.core.errors import DomainError
from api.core.geo import LonLat
from api.regions.models import Region
from importers import geocoding, outline, rows
from importers.cells import Vocabulary
from importers.normalize import Normalizer
from importers.outage import is_of_the_row
from importers.record import Entry, Problem
from importers.run import Job, Run

ROWS = 1_000  # of a chunk
Item = TypeVar("Item")


@dataclass
class Keys:
    """What is remembered of all rows: the line of each key, which keys are there, which rows were taken."""

    first: dict[str, int] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    without: Entry | None = None  # the first row whose key cannot be read


def read(job: Job, vocabulary: Vocabulary) -> Generator[list[Entry], None, None]:
    """Yield the rows of a job as entries; while the caller works with some, the next are made ready."""
    return _ahead(_entries(job, vocabulary))


def _entries(job: Job, vocabulary: Vocabulary) -> Iterator[list[Entry]]:
    found, normalizer = iter(job.found), Normalizer(job.mapping, vocabulary)
    while some := list(islice(found, ROWS)):
        yield [normalizer.entry(row) for row in some]


def _ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Yield items; each is made in a thread while the one before is worked with.

    The database works in a process of its own: while it writes, Python has time for the next rows.
    """
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def take(run: Run, region: Region, entries: list[Entry], keys: Keys) -> list[str]:
    """Bring a chunk into the region and return what became of each row."""
    _remember(keys, entries)
    whole = [entry for entry in entries if not (entry.failed or entry.skipped)]
    geocoding.locate(run.session, region, whole)
    _check_points(run.session, region, whole)
    remarks = len(run.report.rows)
    written = _written(run, [entry for entry in whole if not entry.failed])
    outcomes = [_outcome(run, entry, written, keys) for entry in entries]
    run.report.in_order(remarks)
    return outcomes


def _outcome(run: Run, entry: Entry, written: Mapping[str, str], keys: Keys) -> str:
    """Count a row and say what is to be said of it; return what became of it."""
    if entry.skipped:
        outcome = "skipped"
        run.report.say(entry, "skipped", entry.skipped)
    elif entry.failed:
        outcome = "failed"
        run.proposals.leave(entry.key)
    else:
        outcome = written[entry.key]
        keys.taken.add(entry.key)
    run.report.count(outcome)
    if not entry.skipped:
        run.report.problems(entry)
    return outcome


def _remember(keys: Keys, entries: Sequence[Entry]) -> None:
    """Note the keys, and mark rows whose key another row has."""
    for entry in entries:
        if not entry.key:
            keys.without = keys.without or entry
            continue
        first = keys.first.setdefault(entry.key, entry.number)
        if first != entry.number:
            entry.problems.append(Problem("", f"Derselbe Schlüssel wie Zeile {first}", fatal=True))
        if not entry.skipped:
            keys.there.add(entry.key)


def _check_points(session: Session, region: Region, entries: Sequence[Entry]) -> None:
    """Mark what only shows on the map: points outside the region."""
    points = {
        entry.number: LonLat(entry.record.lon, entry.record.lat)
        for entry in entries
        if entry.record is not None and entry.record.lon is not None and entry.record.lat is not None
    }
    placed = [entry for entry in entries if entry.number in points]
    for position in outline.outside(session, region.id, list(points.values())):
        entry = placed[position]
        point = points[entry.number]
        value = "" if entry.hidden else f"{point.lon}, {point.lat}"
        entry.problems.append(Problem("lon, lat", "liegt außerhalb der Region", value, fatal=True))


def _written(run: Run, entries: Sequence[Entry]) -> dict[str, str]:
    """Write rows together and return what became of them by their keys; a broken one is left out."""
    if not entries:
        return {}
    attempt = run.attempt()
    try:
        with run.session.begin_nested():
            outcomes = rows.take(attempt, entries)
    except Exception as error:
        if isinstance(error, DBAPIError) and not is_of_the_row(error):
            raise
        run.slugs.give_back()
        if len(entries) > 1:
            half = len(entries) // 2
            return _written(run, entries[:half]) | _written(run, entries[half:])
        entry = entries[0]
        entry.problems.append(Problem("", _explained(error, hidden=entry.hidden), fatal=True))
        return {}
    run.adopt(attempt)
    return outcomes


def _explained(error: Exception, *, hidden: bool) -> str:
    if hidden:
        return "Die Zeile ließ sich nicht speichern"
    if isinstance(error, DBAPIError):
        primary = getattr(getattr(error.orig, "diag", None), "message_primary", None)
        return f"Die Datenbank hat die Zeile abgelehnt ({primary or type(error).__name__})"
    if isinstance(error, ValidationError):
        place = error.errors()[0]["loc"]
        return f"{place[-1] if place else 'Zeile'}: dieser Wert passt nicht"
    said = error.detail if isinstance(error, DomainError) else type(error).__name__
    return f"Die Zeile ließ sich nicht speichern ({said})"
