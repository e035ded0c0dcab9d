"""One file, one transaction, one batch: a broken row is named and does not take the others with it."""

from collections.abc import Callable
from contextlib import closing
from itertools import chain
from typing import Any

from sqlalchemy import Engine, exists, func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import NotFoundError
from api.history.models import ImportBatch, Origin, Revision
from api.history.service import Act
from api.offers.slugs import Slugs
from api.regions import service as regions
from api.regions.models import Region
from api.sources import service as sources
from api.sources.models import LINKED, Source, SourceRecord
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic
from importers import chunks, gone
from importers.cells import Vocabulary
from importers.chunks import Keys
from importers.errors import UnusableError
from importers.garbage import seldom_collected
from importers.mapping import Mapping
from importers.normalize import check_words, joined, tells_address
from importers.outage import is_at_once
from importers.proposals import Proposals
from importers.record import Entry
from importers.report import STORED, Report
from importers.run import Job, Run

# Hears of each row what became of it, when its chunk is written; see report.ROWS.
Watch = Callable[[Entry, str], None]
ATTEMPTS = 3


def ignore(_entry: Entry, _outcome: str) -> None:
    """Watch nothing."""


def import_file(
    engine: Engine, job: Job, region: str | None = None, *, dry_run: bool = False, watch: Watch = ignore
) -> Report:
    """Import a file into its region (by default the one its mapping names) in one transaction of its own.

    Where it and an editor wait for each other, the database ends one of the two: then all is done again.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _import_once(engine, job, region, dry_run, watch)
        except DBAPIError as error:
            if not is_at_once(error):
                raise
    return _import_once(engine, job, region, dry_run, watch)


def _import_once(engine: Engine, job: Job, region: str | None, dry_run: bool, watch: Watch) -> Report:
    with seldom_collected(), Session(engine) as session:
        found = _region(session, region or job.mapping.source.region)
        report = import_rows(session, found, job, watch)
        report.dry_run = dry_run
        if dry_run:
            report.batch_id = None
            session.rollback()
        else:
            session.commit()
    return report


def import_rows(session: Session, region: Region, job: Job, watch: Watch = ignore) -> Report:
    """Bring all rows into the region and return the report; raise UnusableError if nothing can be done.

    The caller commits or rolls back. When nothing has changed there is neither a batch nor a revision.
    """
    words = vocabulary(session, region.id)
    check_words(job.mapping, words, job.origin)
    with closing(chunks.read(job, words)) as read:
        first = next(read, None)
        if first is None:
            raise UnusableError(f"{job.file_name}: Die Datei enthält keine Zeilen.")
        _check_columns(job, first)
        _wait_for_others(session, region)
        report = Report(job.file_name, job.mapping.source.title, masks_keys=tells_address(job.mapping))
        with session.begin_nested() as outer:
            act, batch, source = _begin(session, region, job, report)
            run = Run(
                session,
                act,
                job.mapping,
                source,
                report,
                Proposals(session, act, source.id),
                Slugs.of_region(session, region.id),
                not session.scalar(select(exists().where(col(SourceRecord.source_id) == source.id))),
                _groups(session, job.mapping, source),
            )
            keys = Keys()
            for entries in chain([first], read):
                for entry, outcome in zip(entries, chunks.take(run, region, entries, keys), strict=True):
                    watch(entry, outcome)
            gone.propose_to_withdraw(run, keys)
            run.proposals.settle_others()
            report.without_point = gone.without_point(run, keys)
            if not (run.proposals.changed or _wrote(session, batch)):
                outer.rollback()
                return report
            report.batch_id = batch.id
            batch.counts, batch.report = dict(report.counts), list(report.lines(STORED))
            session.add(batch)
    return report


def _check_columns(job: Job, first: list[Entry]) -> None:
    """Raise UnusableError if the mapping names a column that no row has; seldom are all of them looked at."""
    names = {name for entry in first for name in entry.raw}
    try:
        job.mapping.check_columns(names, job.origin)
    except UnusableError:
        job.mapping.check_columns({name for row in job.found for name in row.values}, job.origin)


def _wait_for_others(session: Session, region: Region) -> None:
    """Wait for whoever writes in the region, and let all others wait for us.

    Every write takes the region's row at its end. Taken before anything is read, it keeps an import from
    judging by entries that somebody is changing, and so from writing over an edit it has not seen.
    """
    session.execute(select(col(Region.id)).where(col(Region.id) == region.id).with_for_update(key_share=True))


def _groups(session: Session, mapping: Mapping, source: Source) -> dict[str, int]:
    """Return the offers of the source that may have several rows, by the key that these share."""
    groups: dict[str, int] = {}
    if not mapping.file.offer_key:
        return groups
    rows = select(col(SourceRecord.raw), col(SourceRecord.mapped), col(SourceRecord.offer_id))
    rows = rows.where(col(SourceRecord.source_id) == source.id).order_by(col(SourceRecord.id))
    for raw, mapped, offer_id in session.execute(rows.execution_options(yield_per=chunks.ROWS)):
        shared = joined(mapping.file.offer_key, raw)
        if shared and LINKED not in mapped:
            groups.setdefault(shared, offer_id)
    return groups


def _region(session: Session, slug: str) -> Region:
    try:
        return regions.get(session, slug)
    except NotFoundError as error:
        raise UnusableError(f"Die Region „{slug}“ gibt es nicht.") from error


def _begin(session: Session, region: Region, job: Job, report: Report) -> tuple[Act, ImportBatch, Source]:
    """Open the batch and bring the source to what the mapping says about it."""
    values = _source_values(job.mapping)
    source = sources.named(session, region.id, values["slug"])
    if source is None:
        # The batch refers to it: it stays when the batch is taken back, so it is no part of it.
        source, _ = sources.register(session, Act(region.id, job.actor, Origin.IMPORT), values)
    batch = _batch(session, region, source, job)
    act = Act(region.id, job.actor, Origin.IMPORT, batch.id)
    before = source.model_dump()
    _, changed = sources.register(session, act, values)
    if changed:
        report.count("source_changed")
    for field in changed:
        report.say_of_source(source.slug, field, before[field], values[field])
    return act, batch, source


def _batch(session: Session, region: Region, source: Source, job: Job) -> ImportBatch:
    batch = ImportBatch(
        region_id=region.id,
        source_id=source.id,
        actor=job.actor,
        file_name=job.file_name,
        fingerprint=job.fingerprint,
        counts={},
        report=[],
        started_at=clock.now(),
    )
    session.add(batch)
    session.flush()
    return batch


def _wrote(session: Session, batch: ImportBatch) -> bool:
    count = select(func.count()).select_from(Revision).where(col(Revision.batch_id) == batch.id)
    return bool(session.scalar(count))


def _source_values(mapping: Mapping) -> dict[str, Any]:
    said = mapping.source
    named = {"slug", "title", "publisher", "url", "licence", "licence_url", "attribution"}
    return {**said.model_dump(include=named), "date_on": said.date, "is_example": said.examples}


def vocabulary(session: Session, region_id: int) -> Vocabulary:
    """Return the words that rows of a region may use."""
    keys = select(col(Space.key)).join(Division, col(Division.id) == col(Space.division_id))
    return Vocabulary(
        topics=frozenset(session.scalars(select(col(Topic.slug)))),
        audiences=frozenset(session.scalars(select(col(Audience.slug)))),
        serves=frozenset(session.scalars(keys.where(col(Division.region_id) == region_id))),
    )
