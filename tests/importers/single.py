"""The rows of a list, written one by one with the services that forms use."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from api.core import clock
from api.history import service as history
from api.history.models import ImportBatch, Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace, Status
from api.organizations import service as organizations
from api.organizations.models import Organization
from api.places import service as places
from api.regions.models import Region
from api.sources.models import Source, SourceRecord
from importers import hours
from importers.existing import Known, same
from importers.mapping import Mapping
from importers.record import Entry

TABLES = (
    "organization", "place", "offer", "offer_at_place", "contact", "schedule", "schedule_deviation",
    "source_record",
)  # fmt: skip
REFERENCES = {
    "organization_id": "organization",
    "place_id": "place",
    "offer_id": "offer",
    "offer_at_place_id": "offer_at_place",
    "schedule_id": "schedule",
}


def write(session: Session, region: Region, told: Mapping, entries: Sequence[Entry]) -> None:
    """Write rows that nobody knows yet, one after the other."""
    act, source = _begin(session, region, told)
    groups: dict[str, Offer] = {}
    for entry in entries:
        assert entry.record is not None
        record, offer = entry.record, groups.get(entry.offer_key) if entry.offer_key else None
        if offer is None:
            offer = _offer(session, act, told, entry)
        place = at_place = None
        if record.has_place:
            place = places.at_address(session, act, record.place)
            fresh = record.place_schedules and not _is_there(session, offer, place.id)
            at_place = _attached(session, act, offer, place, entry)
            if fresh:
                hours.write(session, act, offer.id, at_place.id, record.place_schedules)
        row = SourceRecord(source_id=source.id, key=entry.key, offer_id=offer.id, raw=entry.raw, mapped={})
        row.offer_at_place_id = at_place.id if at_place else None
        made = Known(row, offer, at_place, place)
        made.organization = session.get(Organization, offer.organization_id or 0)
        contacts = select(Contact).where(Contact.offer_id == offer.id).order_by(col(Contact.id))
        made.contact = session.exec(contacts).first()
        made.hours = hours.present(session, [offer.id])
        now = made.present()
        row.mapped = {name: value for name, value in record.values().items() if same(value, now[name])}
        history.create(session, act, row)
        if entry.offer_key:
            groups.setdefault(entry.offer_key, offer)


def dump(session: Session) -> dict[str, list[str]]:
    """All entries with their history, each as a text that names others by what they say instead of by ids."""
    session.flush()
    labels: dict[str, dict[int, str]] = {}
    for table in TABLES:
        rows = session.execute(text(f"SELECT * FROM {table}")).mappings()
        labels[table] = {row["id"]: _label({**row, "id": None}, labels) for row in rows}
    found = {table: sorted(said.values()) for table, said in labels.items()}
    stmt = text("SELECT entity, entity_id, action, origin, actor, changes FROM revision")
    found["revision"] = sorted(
        f"{entity} {labels[entity][number]} {rest} {_label(_new(changes), labels)}"
        for entity, number, *rest, changes in session.execute(stmt)
        if entity in labels
    )
    return found


def _new(changes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: change["new"] for name, change in changes.items()}


def _label(row: dict[str, Any], labels: dict[str, dict[int, str]]) -> str:
    said = {
        name: value for name, value in row.items() if name not in ("id", "region_id", "source_id", "geom")
    }
    for name, table in REFERENCES.items():
        if said.get(name) is not None:
            said[name] = labels[table][said[name]]
    return str(sorted(said.items()))


def _begin(session: Session, region: Region, told: Mapping) -> tuple[Act, Source]:
    values = told.source.model_dump(include={"slug", "title", "publisher", "licence", "attribution"})
    source = history.create(
        session, Act(region.id, "import", Origin.IMPORT), Source(region_id=region.id, **values)
    )
    batch = ImportBatch(
        region_id=region.id, source_id=source.id, actor="import", file_name="", fingerprint="", counts={},
        report=[], started_at=clock.now(),
    )  # fmt: skip
    session.add(batch)
    session.flush()
    return Act(region.id, "import", Origin.IMPORT, batch.id), source


def _offer(session: Session, act: Act, told: Mapping, entry: Entry) -> Offer:
    record = entry.record
    assert record is not None
    provider = None
    if record.organization:
        provider = organizations.named(session, act, record.organization, record.organization_website)
    extra = {
        "organization_id": provider.id if provider else None,
        "status": Status.PUBLISHED,
        "is_example": told.source.examples,
        "verified_on": told.source.date,
    }
    offer = offers.create(session, act, record.offer.model_copy(update=extra))
    if record.has_contact:
        offers.set_contact(session, act, offer, record.contact)
    if record.schedules:
        hours.write(session, act, offer.id, None, record.schedules)
    return offer


def _is_there(session: Session, offer: Offer, place_id: int) -> bool:
    asked = text("SELECT EXISTS (SELECT FROM offer_at_place WHERE offer_id = :offer AND place_id = :place)")
    return bool(session.scalar(asked, {"offer": offer.id, "place": place_id}))


def _attached(session: Session, act: Act, offer: Offer, place: Any, entry: Entry) -> Any:
    record = entry.record
    assert record is not None
    there = select(OfferAtPlace).where(OfferAtPlace.offer_id == offer.id, OfferAtPlace.place_id == place.id)
    # The first row of an offer at a place speaks for it.
    found = session.exec(there).first()
    return found or offers.attach(session, act, offer, place, record.place_hours_text, record.place_note)
