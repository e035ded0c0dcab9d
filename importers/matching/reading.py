"""What the region holds besides the rows of one source, read with four questions."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from api.offers.models import Contact, Offer, OfferAtPlace, OfferRedirect, Status
from api.organizations.models import Organization
from api.places.models import Place
from api.sources.models import SourceRecord
from api.spaces.models import Division, Space
from importers.matching import names
from importers.matching.contacts import mail_key, phone_keys, web_key
from importers.matching.facts import Facts, Known, Spot, exact

AT_ONCE = 5_000


@dataclass
class _Beside:
    """What stands beside an offer: its public places, and its numbers and mail addresses."""

    spots: list[Spot] = field(default_factory=list)
    phones: set[str] = field(default_factory=set)
    mails: set[str] = field(default_factory=set)
    is_hidden: bool = False


def districts(session: Session, region_id: int) -> frozenset[str]:
    """Return the words that the region's spaces are called by."""
    spaces = (
        select(col(Space.name))
        .join(Division, col(Division.id) == col(Space.division_id))
        .where(col(Division.region_id) == region_id)
        .distinct()
    )
    return names.words_of(session.scalars(spaces))


def offers(session: Session, region_id: int, source_id: int | None, words: frozenset[str]) -> Iterator[Known]:
    """Yield the offers of a region that a source has no row for, in the order of their ids."""
    asked = select(
        col(Offer.id), col(Offer.name), col(Offer.status), col(Offer.website), col(Organization.name)
    ).outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
    asked = _of_others(asked, region_id, source_id)
    first = session.execute(asked.limit(1)).first()
    if first is None:
        return
    beside = _beside(session, region_id, source_id)
    for offer_id, name, status, website, organization in _rows(session, asked.order_by(col(Offer.id))):
        its = beside.pop(offer_id, None) or _Beside()
        facts = Facts(
            name,
            words,
            organization,
            frozenset(its.phones),
            frozenset(its.mails),
            web_key(website),
            tuple(its.spots),
            its.is_hidden,
        )
        yield Known(offer_id, status, facts)


def _beside(session: Session, region_id: int, source_id: int | None) -> dict[int, _Beside]:
    found: dict[int, _Beside] = defaultdict(_Beside)
    places = (
        select(
            col(OfferAtPlace.offer_id),
            col(OfferAtPlace.id),
            *(col(getattr(Place, name)) for name in ("street", "postcode", "town", "lon", "lat")),
            col(Place.precision),
            col(Place.address_hidden),
        )
        .join(Offer, col(Offer.id) == col(OfferAtPlace.offer_id))
        .join(Place, col(Place.id) == col(OfferAtPlace.place_id))
    )
    asked = _of_others(places, region_id, source_id).order_by(col(OfferAtPlace.id))
    for offer_id, at_place_id, street, postcode, town, lon, lat, precision, is_hidden in _rows(
        session, asked
    ):
        if is_hidden:  # never compared: no report may tell how far it is from anywhere
            found[offer_id].is_hidden = True
        else:
            has_point = exact(precision)
            x, y = (lon, lat) if has_point else (None, None)
            found[offer_id].spots.append(Spot(street, postcode, town, x, y, at_place_id))
    contacts = select(col(Contact.offer_id), col(Contact.phone), col(Contact.email)).join(
        Offer, col(Offer.id) == col(Contact.offer_id)
    )
    for offer_id, phone, email in _rows(session, _of_others(contacts, region_id, source_id)):
        found[offer_id].phones |= phone_keys(phone)
        if email:
            found[offer_id].mails.add(mail_key(email))
    return found


def _of_others(asked: Any, region_id: int, source_id: int | None) -> Any:  # noqa: ANN401 - any columns
    """Narrow to the offers that the source has no row for: rows of one source are never one offer.

    Without those that were merged into others: what is left of them says what the others say.
    """
    ours = select(col(SourceRecord.offer_id)).where(col(SourceRecord.source_id) == source_id)
    merged = select(col(OfferRedirect.old_id)).where(col(OfferRedirect.region_id) == region_id)
    is_merged = (col(Offer.status) == Status.ARCHIVED) & col(Offer.id).in_(merged)
    asked = asked.where(col(Offer.region_id) == region_id, ~is_merged)
    return asked if source_id is None else asked.where(col(Offer.id).not_in(ours))


def _rows(session: Session, asked: Any) -> Any:  # noqa: ANN401 - rows of any columns
    return session.execute(asked.execution_options(yield_per=AT_ONCE))
