"""Writing records: changes of entries that an import wrote before, and further places of their offers."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.history import service as history
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace
from api.organizations import service as organizations
from api.organizations.models import Organization
from api.places import service as places
from api.places.models import Place
from api.places.schemas import PlaceIn
from importers import hours
from importers.existing import Known
from importers.record import AT_PLACE, CONTACT, OFFER, PLACE, Record


def place_offer(
    session: Session, act: Act, offer: Offer, record: Record
) -> tuple[OfferAtPlace, Place] | None:
    """Let an offer take place where the record says; where it does so already, nothing changes."""
    if not record.has_place:
        return None
    place = places.at_address(session, act, record.place())
    there = _at(session, offer, place)
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
            known.contact = offers.set_contact(session, act, known.offer, record.contact())
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
        history.change(session, act, known.record, {"offer_at_place_id": None})
        offers.detach(session, act, known.at_place)
        known.at_place = known.place = None
        return
    # Under a roof that others share only this offer moves.
    if _is_shared(session, known.place):
        _move(session, act, known, places.at_address(session, act, wanted))
    elif (twin := _twin(session, known.place, wanted)) is not None:
        _move(session, act, known, twin)
    else:
        places.change(session, act, known.place, values)


def _move(session: Session, act: Act, known: Known, place: Place) -> None:
    left, at_place = known.place, known.at_place
    if left is None or at_place is None or place.id == left.id:
        return
    there = _at(session, known.offer, place)
    if there is None:
        history.change(session, act, at_place, {"place_id": place.id})
    else:
        history.change(session, act, known.record, {"offer_at_place_id": there.id})
        offers.detach(session, act, at_place)
        known.at_place = there
    known.place = place
    if not _users(session, left):
        history.delete(session, act, left)


def _at(session: Session, offer: Offer, place: Place) -> OfferAtPlace | None:
    return session.scalars(
        select(OfferAtPlace).where(
            col(OfferAtPlace.offer_id) == offer.id, col(OfferAtPlace.place_id) == place.id
        )
    ).first()


def _users(session: Session, place: Place) -> int:
    count = select(func.count()).select_from(OfferAtPlace).where(col(OfferAtPlace.place_id) == place.id)
    return session.scalar(count) or 0


def _is_shared(session: Session, place: Place) -> bool:
    return _users(session, place) > 1


def _twin(session: Session, place: Place, wanted: PlaceIn) -> Place | None:
    """Return another place that is already as this one is to become."""
    alike = [
        getattr(Place, column).is_not_distinct_from(value) for column, value in wanted.model_dump().items()
    ]
    return session.scalars(
        select(Place)
        .where(col(Place.region_id) == place.region_id, col(Place.id) != place.id, *alike)
        .order_by(col(Place.id))
    ).first()


def _values(record: Record, columns: dict[str, str], fields: list[str]) -> dict[str, Any]:
    return {column: getattr(record, field) for field, column in columns.items() if field in fields}


def provider_and_contact(session: Session, offer: Offer) -> tuple[Organization | None, Contact | None]:
    """Return an offer's provider and its oldest contact."""
    organization = session.get(Organization, offer.organization_id) if offer.organization_id else None
    contact = session.scalars(
        select(Contact).where(col(Contact.offer_id) == offer.id).order_by(col(Contact.id))
    ).first()
    return organization, contact
