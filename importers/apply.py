"""One file, one transaction, one batch: a broken row is named and does not take the others with it."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine, Text, cast, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import DomainError, NotFoundError
from api.core.geo import LonLat
from api.history.models import ImportBatch, Origin, Revision
from api.history.service import Act
from api.offers.models import Offer, OfferAtPlace
from api.places.models import Place
from api.regions import service as regions
from api.regions.models import Region
from api.sources import service as sources
from api.sources.models import Source, SourceRecord
from api.spaces.models import Division, Space
from api.taxonomy.models import Audience, Topic
from importers import outline, rows
from importers.errors import UnusableError
from importers.existing import known
from importers.mapping import Mapping
from importers.normalize import Vocabulary, check_words, joined, normalize, tells_address
from importers.outage import is_at_once, is_of_the_row
from importers.proposals import Proposals
from importers.record import Entry, Problem
from importers.report import Report
from importers.run import Job, Run

Watch = Callable[[list[Entry]], Iterable[Entry]]
ATTEMPTS = 3


def import_file(
    engine: Engine, job: Job, region: str | None = None, *, dry_run: bool = False, watch: Watch = iter
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
    with Session(engine) as session:
        found = _region(session, region or job.mapping.source.region)
        report = import_rows(session, found, job, watch)
        report.dry_run = dry_run
        if dry_run:
            report.batch_id = None
            session.rollback()
        else:
            session.commit()
    return report


def import_rows(session: Session, region: Region, job: Job, watch: Watch = iter) -> Report:
    """Bring all rows into the region and return the report; raise UnusableError if nothing can be done.

    The caller commits or rolls back. When nothing has changed there is neither a batch nor a revision.
    """
    if not job.found:
        raise UnusableError(f"{job.file_name}: Die Datei enthält keine Zeilen.")
    job.mapping.check_columns({name for row in job.found for name in row.values}, job.origin)
    vocabulary = _vocabulary(session, region.id)
    check_words(job.mapping, vocabulary, job.origin)
    _wait_for_others(session, region)
    entries = [normalize(row, job.mapping, vocabulary) for row in job.found]
    _check_together(session, region, entries)
    report = Report(job.file_name, job.mapping.source.title, masks_keys=tells_address(job.mapping))
    outer = session.begin_nested()
    act, batch, source = _begin(session, region, job, report)
    run = Run(
        session,
        act,
        job.mapping,
        source,
        report,
        Proposals(session, act, source.id),
        known(session, source.id),
    )
    _remember_groups(run)
    for entry in watch(entries):
        _take(run, entry)
    _missing(run, entries)
    run.proposals.settle_others()
    report.without_point = _without_point(run, entries)
    if not (run.proposals.changed or _wrote(session, batch)):
        outer.rollback()
        return report
    report.batch_id = batch.id
    batch.counts, batch.report = dict(report.counts), list(report.lines())
    session.add(batch)
    outer.commit()
    return report


def _wait_for_others(session: Session, region: Region) -> None:
    """Wait for whoever writes in the region, and let all others wait for us.

    Every write takes the region's row at its end. Taken before anything is read, it keeps an import from
    judging by entries that somebody is changing, and so from writing over an edit it has not seen.
    """
    session.execute(select(col(Region.id)).where(col(Region.id) == region.id).with_for_update(key_share=True))


def _take(run: Run, entry: Entry) -> None:
    if entry.skipped:
        run.report.count("skipped")
        run.report.say(entry, "skipped", entry.skipped)
        return
    if not entry.failed:
        try:
            with run.session.begin_nested():
                outcome = rows.take(run, entry)
        except Exception as error:
            if isinstance(error, DBAPIError) and not is_of_the_row(error):
                raise
            entry.problems.append(Problem("", _explained(error, hidden=entry.hidden), fatal=True))
        else:
            run.report.count(outcome)
    if entry.failed:
        run.report.count("failed")
        run.proposals.leave(entry.key)
    run.report.problems(entry)


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


def _check_together(session: Session, region: Region, entries: list[Entry]) -> None:
    """Mark what only shows beside the other rows and on the map: keys twice, points outside the region."""
    first: dict[str, int] = {}
    for entry in entries:
        if entry.key and first.setdefault(entry.key, entry.number) != entry.number:
            reason = f"Derselbe Schlüssel wie Zeile {first[entry.key]}"
            entry.problems.append(Problem("", reason, fatal=True))
    placed = [entry for entry in entries if entry.record is not None and entry.record.lon is not None]
    points = [LonLat(entry.record.lon, entry.record.lat) for entry in placed]  # type: ignore[union-attr, arg-type]
    for position in outline.outside(session, region.id, points):
        value = "" if placed[position].hidden else f"{points[position].lon}, {points[position].lat}"
        problem = Problem("lon, lat", "liegt außerhalb der Region", value, fatal=True)
        placed[position].problems.append(problem)


def _missing(run: Run, entries: list[Entry]) -> None:
    """Propose to withdraw what the source no longer lists; nothing is deleted."""
    if any(not entry.key for entry in entries):
        if run.known:
            entry = next(entry for entry in entries if not entry.key)
            reason = "Zeilen ohne lesbaren Schlüssel: Was nicht mehr in der Datei steht, wurde nicht geprüft"
            run.report.say(entry, "note", reason)
        run.proposals.leave_all()
        return
    there = {entry.key for entry in entries if not entry.skipped}
    for key, gone in run.known.items():
        if key not in there:
            rows.miss(run, key, gone)


def _remember_groups(run: Run) -> None:
    for before in run.known.values():
        shared = joined(run.mapping.file.offer_key, before.record.raw)
        if shared and not before.is_linked:
            run.groups.setdefault(shared, before.offer)


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


def _without_point(run: Run, entries: list[Entry]) -> int:
    """Return how many offers of the rows have no coordinate though people could go there."""
    keys = [entry.key for entry in entries if not (entry.failed or entry.skipped)]
    has_point = exists().where(
        col(OfferAtPlace.offer_id) == col(Offer.id),
        col(Place.id) == col(OfferAtPlace.place_id),
        col(Place.geom).is_not(None) | col(Place.address_hidden),
    )
    count = (
        select(func.count(func.distinct(col(Offer.id))))
        .join(SourceRecord, col(SourceRecord.offer_id) == col(Offer.id))
        .where(
            col(SourceRecord.source_id) == run.source.id,
            col(SourceRecord.key) == func.any(cast(keys, ARRAY(Text))),
            ~col(Offer.outreach),
            ~has_point,
        )
    )
    return run.session.scalar(count) or 0


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


def _vocabulary(session: Session, region_id: int) -> Vocabulary:
    keys = select(col(Space.key)).join(Division, col(Division.id) == col(Space.division_id))
    return Vocabulary(
        topics=frozenset(session.scalars(select(col(Topic.slug)))),
        audiences=frozenset(session.scalars(select(col(Audience.slug)))),
        serves=frozenset(session.scalars(keys.where(col(Division.region_id) == region_id))),
    )
