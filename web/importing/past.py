"""Past imports as people know them: the title of the list and when it came in. Numbers of ours jump."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from api.core.text import slugify
from api.regions.models import Region
from importers.jobs import store
from importers.jobs.models import ImportJob
from web.importing.labels import OUTCOMES
from web.language import day
from web.staff.queue_words import actors

WROTE: Final = ("new", "changed", "linked", "proposed")
Context = dict[str, Any]


def every(session: Session, region: Region, most: int) -> list[Context]:
    """Return the latest imports of a region."""
    return [
        {
            "id": batch.id,
            "title": title,
            "file_name": batch.file_name,
            "at": _said(batch.started_at, region),
            "outcome": _outcome(batch.counts),
            "actor": batch.actor,
            "is_undone": batch.undone_at is not None,
        }
        for batch, title in store.batches(session, region.id, most)
    ]


def of_job(session: Session, region: Region, job: ImportJob) -> Context | None:
    """Return title, time and person of what a job has brought in, if it has."""
    found = store.batch_of_job(session, job)
    if found is None:
        return None
    batch, title = found
    who = actors(session, {batch.actor})[batch.actor]
    return {"title": title, "at": _said(batch.started_at, region), "who": who}


def file_name(job: ImportJob, region: Region, kind: str, ending: str) -> str:
    """Return the name of a file about a job: what it is, of which list, of which day."""
    at = job.changed_at.astimezone(ZoneInfo(region.timezone))
    return f"{kind}-{slugify(job.file_name.rpartition('.')[0] or job.file_name)[:60]}-{at:%Y-%m-%d}.{ending}"


def _said(at: datetime, region: Region) -> str:
    there = at.astimezone(ZoneInfo(region.timezone))
    return f"{day(there.date(), 'de')}, {there:%H:%M}\N{NO-BREAK SPACE}Uhr"


def _outcome(counts: dict[str, int]) -> str:
    wrote = [
        f"{counts[key]} {OUTCOMES[key]}"
        for key in ("new", "changed", "linked", "proposed")
        if counts.get(key)
    ]
    return ", ".join(wrote) or "nichts Neues"
