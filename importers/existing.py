"""What the database holds for the rows of a source: the entries made from them, and what they say now."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, SQLModel, col

from api.history.entities import recorded
from api.offers.models import Contact, Offer, OfferAtPlace
from api.organizations.models import Organization
from api.places.models import Place
from api.sources.models import LINKED, SourceRecord
from importers import hours
from importers.hours import Lines
from importers.record import AT_PLACE, CONTACT, OFFER, ORGANIZATION, PLACE, Record


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
        place_hours = self.hours.get((self.offer.id, self.at_place.id), []) if self.at_place else []
        return present(
            Parts(
                self.offer, self.place, self.at_place, self.contact, self.organization,
                self.hours.get((self.offer.id, None), []), place_hours,
            )
        )  # fmt: skip


# A row of a table, or its values by their columns.
Part = SQLModel | dict[str, Any] | None


@dataclass(frozen=True)
class Parts:
    """The entries that one row speaks about; None where there is no such entry."""

    offer: Part
    place: Part = None
    at_place: Part = None
    contact: Part = None
    organization: Part = None
    schedules: Lines = field(default_factory=list)
    place_schedules: Lines = field(default_factory=list)


def present(parts: Parts) -> dict[str, Any]:
    """Return what entries say, by the fields of a record, as JSON."""
    return {
        **_read(parts.offer, OFFER),
        **_read(parts.place, PLACE),
        **_read(parts.at_place, AT_PLACE),
        **_read(parts.contact, CONTACT),
        "schedules": parts.schedules,
        "place_schedules": parts.place_schedules,
        **_read(parts.organization, ORGANIZATION),
    }


def known(session: Session, source_id: int, keys: Sequence[str]) -> dict[str, Known]:
    """Return those of the rows with these keys that were imported before."""
    rows = session.execute(
        select(SourceRecord, Offer, OfferAtPlace, Place, Organization)
        .join(Offer, col(Offer.id) == col(SourceRecord.offer_id))
        .outerjoin(OfferAtPlace, col(OfferAtPlace.id) == col(SourceRecord.offer_at_place_id))
        .outerjoin(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(
            col(SourceRecord.source_id) == source_id,
            col(SourceRecord.key) == func.any(cast(list(keys), ARRAY(Text))),
        )
        .order_by(col(SourceRecord.id))
    ).all()
    if not rows:
        return {}
    ids = [offer.id for _, offer, *_ in rows]
    contacts, lines = _contacts(session, ids), hours.present(session, ids)
    return {
        record.key: Known(
            record,
            offer,
            at_place,
            place,
            _of_import(record, contacts.get(offer.id, [])),
            organization,
            lines,
        )
        for record, offer, at_place, place, organization in rows
    }


def same(one: object, other: object) -> bool:
    """Return whether two JSON values say the same; nothing is nothing, and lists have no order."""
    return one == other or _plain(one) == _plain(other)


def is_unsaid(field: str, value: object) -> bool:
    """Return whether a value is what a field holds when nobody has said anything."""
    return same(value, _UNSAID[field])


def _read(row: Part, columns: dict[str, str]) -> dict[str, Any]:
    if row is None:
        return {field: _UNSAID[field] for field in columns}
    if isinstance(row, dict):
        return {field: recorded(row[column]) for field, column in columns.items()}
    return {field: recorded(getattr(row, column)) for field, column in columns.items()}


_UNSAID = {
    name: recorded(field.get_default(call_default_factory=True))
    for name, field in Record.model_fields.items()
}


def _contacts(session: Session, offer_ids: Sequence[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    for contact in session.scalars(
        select(Contact).where(col(Contact.offer_id).in_(offer_ids)).order_by(col(Contact.id))
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
