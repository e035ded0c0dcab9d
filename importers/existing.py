"""What the database holds for the rows of a source: the entries made from them, and what they say now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from api.history.entities import recorded
from api.offers.models import Contact, Offer, OfferAtPlace
from api.organizations.models import Organization
from api.places.models import Place
from api.sources.models import SourceRecord
from importers import hours
from importers.hours import Lines
from importers.record import AT_PLACE, CONTACT, OFFER, PLACE, Record

# Marks in SourceRecord.mapped that the import wrote nothing: somebody else had entered the offer already.
LINKED = "linked"


@dataclass
class Known:
    """A row of a source as it was imported before, with its entries."""

    record: SourceRecord
    offer: Offer
    at_place: OfferAtPlace | None = None
    place: Place | None = None
    contact: Contact | None = None
    organization: Organization | None = None
    hours: Mapping[tuple[int, int | None], Lines] = field(default_factory=dict)  # by offer and OfferAtPlace

    @property
    def is_linked(self) -> bool:
        """Return whether this source only names an offer that somebody else has entered."""
        return LINKED in self.record.mapped

    def present(self) -> dict[str, Any]:
        """Return what the entries say now, field by field, as JSON."""
        organization = self.organization
        return {
            **_read(self.offer, OFFER),
            **_read(self.place, PLACE),
            **_read(self.at_place, AT_PLACE),
            **_read(self.contact, CONTACT),
            "schedules": self.hours.get((self.offer.id, None), []),
            "place_schedules": self.hours.get((self.offer.id, self.at_place.id), []) if self.at_place else [],
            "organization": organization.name if organization else None,
            "organization_website": organization.website if organization else None,
        }


def known(session: Session, source_id: int) -> dict[str, Known]:
    """Return all rows of a source that were imported before, by their keys."""
    rows = session.execute(
        select(SourceRecord, Offer, OfferAtPlace, Place, Organization)
        .join(Offer, col(Offer.id) == col(SourceRecord.offer_id))
        .outerjoin(OfferAtPlace, col(OfferAtPlace.id) == col(SourceRecord.offer_at_place_id))
        .outerjoin(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(col(SourceRecord.source_id) == source_id)
        .order_by(col(SourceRecord.id))
    ).all()
    contacts = _contacts(session, source_id)
    found = {}
    lines = hours.present(session, [offer.id for _, offer, *_ in rows])
    for record, offer, at_place, place, organization in rows:
        contact = _of_import(record, contacts.get(offer.id, []))
        found[record.key] = Known(record, offer, at_place, place, contact, organization, lines)
    return found


def same(one: object, other: object) -> bool:
    """Return whether two JSON values say the same; nothing is nothing, and lists have no order."""
    return _plain(one) == _plain(other)


def is_unsaid(field: str, value: object) -> bool:
    """Return whether a value is what a field holds when nobody has said anything."""
    return same(value, recorded(Record.model_fields[field].get_default(call_default_factory=True)))


def _read(row: SQLModel | None, columns: dict[str, str]) -> dict[str, Any]:
    if row is None:
        return {
            field: recorded(Record.model_fields[field].get_default(call_default_factory=True))
            for field in columns
        }
    return {field: recorded(getattr(row, column)) for field, column in columns.items()}


def _contacts(session: Session, source_id: int) -> dict[int, list[Contact]]:
    offers = select(col(SourceRecord.offer_id)).where(col(SourceRecord.source_id) == source_id)
    found: dict[int, list[Contact]] = {}
    for contact in session.scalars(
        select(Contact).where(col(Contact.offer_id).in_(offers)).order_by(col(Contact.id))
    ):
        found.setdefault(contact.offer_id, []).append(contact)
    return found


def _of_import(record: SourceRecord, contacts: list[Contact]) -> Contact | None:
    """Return the contact that the import wrote: the one with its label, else the oldest."""
    label = record.mapped.get("contact_label", "")
    return next(
        (contact for contact in contacts if contact.label == label), contacts[0] if contacts else None
    )


def _plain(value: object) -> object:
    if isinstance(value, list):
        return sorted(json.dumps(one, sort_keys=True, default=str) for one in value)
    return None if value == "" else value
