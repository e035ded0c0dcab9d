"""What must hold in the database at any time, however a writer or the database itself came to its end."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.history.entities import entity_named, recorded
from api.history.models import Action, ImportBatch, Revision

ENTITIES = ("organization", "place", "offer", "offer_at_place", "contact", "source", "source_record")
MEMBERSHIPS_DIFFER = """
  WITH due AS (
    SELECT p.id, s.division_id, s.level, s.space_id
    FROM place p CROSS JOIN LATERAL spaces_at(p.region_id, p.geom) s
    WHERE p.geom IS NOT NULL AND NOT p.address_hidden
  ), found AS (SELECT place_id, division_id, level, space_id FROM place_space)
  (TABLE due EXCEPT TABLE found) UNION (TABLE found EXCEPT TABLE due)
"""
HOMELESS = """
  SELECT o.id FROM offer o
  JOIN revision r ON r.entity = 'offer' AND r.entity_id = o.id AND r.action = 'create' AND r.origin = 'import'
  WHERE NOT EXISTS (SELECT FROM source_record s WHERE s.offer_id = o.id)
"""
UNDECIDED = "SELECT id FROM proposal WHERE (decision = 'open') <> (decided_at IS NULL)"


@dataclass(frozen=True)
class Seen:
    """How far each region was at a look: its data version and its newest revision."""

    versions: dict[int, int] = field(default_factory=dict)
    newest: dict[int, int] = field(default_factory=dict)


def check_whole(engine: Engine, before: Seen | None = None) -> Seen:
    """Fail with every breach that is found; else return how far the regions are, for the next look."""
    with Session(engine) as session:
        seen = look(session)
        found = [*breaches(session), *backwards(before or Seen(), seen)]
    assert not found, "\n".join(found)
    return seen


def look(session: Session) -> Seen:
    """Return how far each region is."""
    versions = session.execute(text("SELECT id, data_version FROM region"))
    newest = session.execute(text("SELECT region_id, max(id) FROM revision GROUP BY region_id"))
    return Seen({row[0]: row[1] for row in versions}, {row[0]: row[1] for row in newest})


def breaches(session: Session) -> Iterator[str]:
    """Yield a sentence for each thing that is half there."""
    yield from _histories(session)
    yield from _batches(session)
    for row in session.execute(text(MEMBERSHIPS_DIFFER)):
        yield f"place {row[0]} is in other spaces than its point"
    for row in session.execute(text(HOMELESS)):
        yield f"offer {row[0]} was imported, but no row of a source leads to it"
    for row in session.execute(text(UNDECIDED)):
        yield f"proposal {row[0]} is half decided"


def _histories(session: Session) -> Iterator[str]:
    """Replay each entry's history: it begins with a creation, has no gap and ends with what is there."""
    told: dict[str, dict[int, list[Revision]]] = defaultdict(lambda: defaultdict(list))
    for revision in session.scalars(select(Revision).order_by(col(Revision.id))):
        told[revision.entity][revision.entity_id].append(revision)
    for kind in ENTITIES:
        entity = entity_named(kind)
        rows: list[Any] = list(session.scalars(select(entity.table)))
        present = {row.id: {name: recorded(getattr(row, name)) for name in entity.fields} for row in rows}
        for number in sorted(present.keys() | told[kind].keys()):
            yield from _history(f"{kind} {number}", told[kind][number], present.get(number))


def _history(who: str, told: list[Revision], present: dict[str, Any] | None) -> Iterator[str]:
    state: dict[str, Any] | None = None
    for revision in told:
        if (state is None) != (revision.action == Action.CREATE):
            yield f"{who}: revision {revision.id} ({revision.action}) does not follow from what was before"
        state = dict(state or {})
        for column, change in revision.changes.items():
            if "old" in change and state.get(column) != change["old"]:
                yield f"{who}: between two revisions {column} changed without one (before {revision.id})"
            state[column] = change.get("new")
        if revision.action == Action.DELETE:
            state = None
    if state != present:
        yield f"{who}: its history tells {state}, but there is {present}"


def _batches(session: Session) -> Iterator[str]:
    written = text(
        "SELECT batch_id, count(*) FROM revision WHERE batch_id IS NOT NULL AND undoes_id IS NULL"
        " AND entity = 'source_record' AND action = 'create' GROUP BY batch_id"
    )
    made = {row[0]: row[1] for row in session.execute(written)}
    for batch in session.scalars(select(ImportBatch)):
        if not batch.counts:
            yield f"import {batch.id} was begun and not ended"
        elif batch.counts["new"] + batch.counts["linked"] != made.get(batch.id, 0):
            yield f"import {batch.id} counts other rows than it has written"
    strays = text(
        "SELECT r.id FROM revision r JOIN import_batch b ON b.id = r.batch_id"
        " WHERE b.region_id <> r.region_id"
    )
    for row in session.execute(strays):
        yield f"revision {row[0]} belongs to an import of another region"


def backwards(before: Seen, now: Seen) -> Iterator[str]:
    """Yield a sentence for each region that is behind where it was, or did not tell that it changed."""
    for region, version in before.versions.items():
        if now.versions.get(region, 0) < version:
            yield f"region {region}: the data version went back from {version}"
        wrote = now.newest.get(region, 0) > before.newest.get(region, 0)
        if wrote and now.versions.get(region, 0) == version:
            yield f"region {region}: something was written, but the data version is still {version}"
        if now.newest.get(region, 0) < before.newest.get(region, 0):
            yield f"region {region}: revisions that were there are gone"
