"""What people will see of each row, what changes, and what is missing: remarks beside those of the report.

Entries are looked at as the import leaves them, in its transaction: what somebody has edited is shown as it
stays. Of hidden places nothing is said that tells where they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Float, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.core.text import clean
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Action, Revision
from api.regions.models import Region
from api.sources import service as sources
from api.spaces import queries as spaces
from api.spaces.models import Division, Space
from importers.existing import Known, known
from importers.jobs.words import HOURS, Words
from importers.record import POINT, SECRET, Entry
from importers.report import MASKED, Report

AT_ONCE: Final = 1_000  # rows looked at with one statement
TAKEN: Final = ("new", "changed", "unchanged", "linked", "proposed")
WAITING: Final = ("proposed", "unchanged")  # perhaps no entry yet, only a proposal
HIDDEN: Final = "Adresse verborgen"
SECRETS: Final = frozenset({*SECRET, "place_note"})
# Remarks that rows can be looked for by; "unread" and "dropped" are those of the report.
MARKS: Final = ("no_point", "no_topic", "unread", "dropped")

Remark = dict[str, Any]
Changes = Mapping[str, tuple[Any, Any]]  # field → before, after


@dataclass(slots=True)
class Seen:
    """A row, and what is to be said of it."""

    number: int
    outcome: str
    key: str
    shown_key: str
    name: str
    lon: float | None = None
    lat: float | None = None
    is_hidden: bool = False
    told: list[Remark] = field(default_factory=list)


def first_look(entry: Entry, outcome: str, words: Words, *, masks_keys: bool) -> Seen:
    """Return what a row says by itself."""
    record = entry.record
    masked = masks_keys and (entry.hidden or record is None)
    seen = Seen(entry.number, outcome, entry.key, MASKED if masked else entry.key, "")
    if record is None:
        return seen
    seen.name = record.name
    seen.is_hidden = entry.hidden or record.address_hidden
    if not seen.is_hidden:
        seen.lon, seen.lat = record.lon, record.lat
    if outcome in WAITING:
        seen.told = _facts(record.model_dump(mode="json"), words, is_hidden=seen.is_hidden)
    return seen


def complete(
    session: Session, region: Region, slug: str, report: Report, rows: Sequence[Seen], words: Words
) -> None:
    """Add to each row what is in the database now, what was there before, and the report's remarks."""
    session.flush()
    region_id = region.id
    said: dict[int, list[Remark]] = {}
    for line in report.rows:
        if line.number is not None:
            remark = {"what": line.what, "field": line.field, "reason": line.reason}
            said.setdefault(line.number, []).append(remark)
    source = sources.named(session, region_id, slug)
    source_id = source.id if source else None
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        if source_id is not None:
            _look_up(session, source_id, report.batch_id, some, words)
        _name_spaces(session, region_id, some)
        for row in some:
            row.told += _others(said.get(row.number, []), row.told)
        session.expunge_all()  # so that memory does not grow with the file


def counted(rows: Iterable[Seen]) -> dict[str, int]:
    """Return how many rows carry each of the marks."""
    counts = dict.fromkeys(MARKS, 0)
    for row in rows:
        for mark in {remark["what"] for remark in row.told} & counts.keys():
            counts[mark] += 1
    return counts


def _look_up(
    session: Session, source_id: int, batch_id: int | None, rows: Sequence[Seen], words: Words
) -> None:
    wanted = {row.key: row for row in rows if row.outcome in TAKEN}
    there = known(session, source_id, list(wanted))
    written = _written(session, batch_id, there.values())
    asked = _asked(session, source_id, list(there))
    for key, entries in there.items():
        row, values = wanted[key], entries.present()
        row.is_hidden = row.is_hidden or bool(values["address_hidden"])
        row.lon, row.lat = (None, None) if row.is_hidden else (values["lon"], values["lat"])
        if entries.contact is not None and not entries.contact.is_public:
            values |= {"phone": None, "email": None}
        row.told = _facts(values, words, is_hidden=row.is_hidden)
        if values["name"] != row.name:
            row.told.insert(0, {"what": "shown", "field": "name", "value": values["name"]})
        changes = written.get(entries.record.id, {}) if row.outcome == "changed" else {}
        row.told += _changed("change", changes, words, is_hidden=row.is_hidden)
        if row.outcome in ("changed", "proposed"):
            row.told += _changed("ask", asked.get(key, {}), words, is_hidden=row.is_hidden)


def _written(session: Session, batch_id: int | None, rows: Iterable[Known]) -> dict[int, Changes]:
    """Return what this import has written into entries that were there, by the ids of their rows."""
    ids = [one.record.id for one in rows]
    if batch_id is None or not ids:
        return {}
    stmt = select(col(Revision.entity_id), col(Revision.changes)["mapped"].label("mapped")).where(
        col(Revision.entity) == "source_record",
        col(Revision.entity_id).in_(ids),
        col(Revision.batch_id) == batch_id,
        col(Revision.action) == Action.CHANGE,
    )
    found: dict[int, Changes] = {}
    for row_id, mapped in session.execute(stmt):
        before, after = (mapped or {}).get("old", {}), (mapped or {}).get("new", {})
        found[row_id] = {
            name: (before.get(name), value) for name, value in after.items() if before.get(name) != value
        }
    return found


def _asked(session: Session, source_id: int, keys: Sequence[str]) -> dict[str, Changes]:
    """Return what waits for a decision, by the keys of the rows."""
    stmt = select(col(Proposal.source_key), col(Proposal.changes)).where(
        col(Proposal.source_id) == source_id,
        col(Proposal.source_key).in_(keys),
        col(Proposal.kind) == Kind.CHANGE,
        col(Proposal.decision) == Decision.OPEN,
    )
    return {
        key: {name: (change.get("old"), change.get("new")) for name, change in changes.items()}
        for key, changes in session.execute(stmt.order_by(col(Proposal.id)))
    }


def _facts(values: dict[str, Any], words: Words, *, is_hidden: bool) -> list[Remark]:
    """Return what people read of an entry, and what they will miss."""
    street = " ".join(filter(None, (values["postcode"], values["town"])))
    parts = dict.fromkeys(filter(None, (values["place_name"], values["street"], street)))
    shown = {
        "topics": words.of("topics", values["topics"]),
        "place": HIDDEN if is_hidden else clean(", ".join(parts)),
        "hours": words.all_hours(values),
        "phone": values["phone"],
        "email": values["email"],
    }
    told: list[Remark] = [
        {"what": "shown", "field": name, "value": value} for name, value in shown.items() if value
    ]
    if values["lon"] is None and not is_hidden and not values["outreach"]:
        told.append({"what": "no_point", "field": "", "reason": "ohne Punkt auf der Karte"})
    if not values["topics"]:
        told.append({"what": "no_topic", "field": "", "reason": "ohne Thema"})
    return told


def _changed(what: str, changes: Changes, words: Words, *, is_hidden: bool) -> list[Remark]:
    """Return what changes, field by field; a point is said to move, but not where it is."""
    is_hidden = is_hidden or any(changes.get("address_hidden", ()))
    told: list[Remark] = []
    for name, (before, after) in changes.items():
        if name in POINT or HOURS.get(name) in changes:
            continue  # said below; said by the text
        old, new = words.of(name, before), words.of(name, after)
        if is_hidden and name in SECRETS:
            old, new = "verborgen", "verborgen"
        elif old == new:
            continue
        told.append({"what": what, "field": name, "old": old, "new": new})
    if any(name in changes for name in ("lon", "lat")) and not is_hidden:
        before, after = (
            all(changes.get(name, (0, 0))[at] is not None for name in ("lon", "lat")) for at in (0, 1)
        )
        old, new = "Punkt" if before else "kein Punkt", "kein Punkt"
        told.append({"what": what, "field": "lon, lat", "old": old, "new": "neuer Punkt" if after else new})
    return told


def _others(said: Sequence[Remark], told: Sequence[Remark]) -> list[Remark]:
    """Return what the report says besides what is told already."""
    kinds = {remark["what"] for remark in told}
    doubled = {"changed"} if "change" in kinds else set()
    if "ask" in kinds:
        doubled.add("proposed")
    return [remark for remark in said if remark["what"] not in doubled]


def _name_spaces(session: Session, region_id: int, rows: Sequence[Seen]) -> None:
    """Add the Stadtteil to what is said of a place."""
    placed = [row for row in rows if row.lon is not None and row.lat is not None and row.told]
    if not placed:
        return
    lons = cast([row.lon for row in placed], ARRAY(Float))
    lats = cast([row.lat for row in placed], ARRAY(Float))
    asked = func.unnest(lons, lats).table_valued("lon", "lat", with_ordinality="position")
    asked = asked.render_derived(name="asked")
    point = func.ST_SetSRID(func.ST_MakePoint(asked.c.lon, asked.c.lat), 4326)
    stmt = (
        select(asked.c.position, col(Space.name))
        .join(Space, func.ST_Covers(col(Space.geom), point))
        .join(Division, col(Division.id) == col(Space.division_id))
        .where(col(Division.region_id) == region_id, spaces.resident())
    )
    for position, name in session.execute(stmt):
        row = placed[position - 1]
        if not any(remark["field"] == "space" for remark in row.told):
            row.told.append({"what": "shown", "field": "space", "value": name})
