"""Writing records: changes of entries that an import wrote before, and further places of their offers."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from api.curation import placing
from api.history import service as history
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace
from api.organizations import service as organizations
from api.organizations.models import Organization
from api.places import service as places
from api.places.models import Place
from importers import hours
from importers.existing import Known
from importers.record import AT_PLACE, CONTACT, OFFER, PLACE, Record


def place_offer(
    session: Session, act: Act, offer: Offer, record: Record
) -> tuple[OfferAtPlace, Place] | None:
    """Let an offer take place where the record says; where it does so already, nothing changes."""
    if not record.has_place:
        return None
    place = places.at_address(session, act, record.place)
    there = placing.at(session, offer, place)
    if there is None:
        there = offers.attach(session, act, offer, place, record.place_hours_text, record.place_note)
        if record.place_schedules:
            hours.write(session, act, offer.id, there.id, record.place_schedules)
    return there, place


def write(session: Session, act: Act, known: Known, record: Record, fields: list[str]) -> None:
    """Bring the named fields of the entries to what the record says."""
    _write_offer(session, act, known, record, fields)
    _write_contact(session, act, known, record, fields)
    if any(field in PLACE for field in fields):
        _write_place(session, act, known, record, fields)
    if known.at_place is not None:
        history.change(session, act, known.at_place, _values(record, AT_PLACE, fields))
        if "place_schedules" in fields:
            hours.write(session, act, known.offer.id, known.at_place.id, record.place_schedules)
    if "schedules" in fields:
        hours.write(session, act, known.offer.id, None, record.schedules)


def _write_offer(session: Session, act: Act, known: Known, record: Record, fields: list[str]) -> None:
    values = _values(record, OFFER, fields)
    if "organization" in fields:
        known.organization = None
        if record.organization:
            website = record.organization_website
            known.organization = organizations.named(session, act, record.organization, website)
        values["organization_id"] = known.organization.id if known.organization else None
    if values:
        offers.change(session, act, known.offer, values)
    if "organization_website" in fields and known.organization is not None:
        history.change(session, act, known.organization, {"website": record.organization_website})


def _write_contact(session: Session, act: Act, known: Known, record: Record, fields: list[str]) -> None:
    values = _values(record, CONTACT, fields)
    if not values:
        return
    if known.contact is None:
        if record.has_contact:
            known.contact = offers.set_contact(session, act, known.offer, record.contact)
        return
    history.change(session, act, known.contact, values)
    if not known.contact.phone and not known.contact.email:
        history.delete(session, act, known.contact)
        known.contact = None


def _write_place(session: Session, act: Act, known: Known, record: Record, fields: list[str]) -> None:
    if known.at_place is None or known.place is None:
        placed = place_offer(session, act, known.offer, record)
        if placed is not None:
            known.at_place, known.place = placed
            history.change(session, act, known.record, {"offer_at_place_id": known.at_place.id})
        return
    values = _values(record, PLACE, fields)
    if "lon" in values or "lat" in values:
        values["precision"] = record.precision
    wanted = places.as_changed(known.place, values)
    if not (wanted.street or wanted.name or wanted.postcode or wanted.lon is not None):
        placing.end(session, act, known.at_place)
        known.at_place = known.place = None
        return
    known.at_place = placing.follow(session, act, known.at_place, values)
    known.place = session.get_one(Place, known.at_place.place_id)


def _values(record: Record, columns: dict[str, str], fields: list[str]) -> dict[str, Any]:
    return {column: getattr(record, field) for field, column in columns.items() if field in fields}


def provider_and_contact(session: Session, offer: Offer) -> tuple[Organization | None, Contact | None]:
    """Return an offer's provider and its oldest contact."""
    organization = session.get(Organization, offer.organization_id) if offer.organization_id else None
    contact = session.scalars(
        select(Contact).where(col(Contact.offer_id) == offer.id).order_by(col(Contact.id))
    ).first()
    return organization, contact
