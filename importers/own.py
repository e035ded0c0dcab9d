"""Rows of a file that this very map has written (api.exports): each names the offer that it is about."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Row, select
from sqlmodel import Session, col

from api.exports.columns import KEY, PAGE
from api.exports.guard import is_ours
from api.history import service as history
from api.offers import redirects
from api.offers.models import Contact, Offer, OfferAtPlace, OfferRedirect
from api.organizations.models import Organization
from api.places.models import Place
from api.sources.models import LINKED, SourceRecord
from importers import hours
from importers.existing import Parts, present
from importers.record import ADDRESS, Entry, Record
from importers.run import Run

_NAMED: Final = re.compile(r"A([1-9][0-9]{0,17})(?:-O([1-9][0-9]{0,17}))?")


class _Named(NamedTuple):
    entry: Entry
    record: Record
    offer_id: int
    place_id: int | None
    slug: str
    is_merged: bool = False  # into the offer that is named


def link(run: Run, entries: Sequence[Entry]) -> None:
    """Note which offers of the region the rows are about, unless that is known already.

    What a row says differently from its offer is then news, and asked about as of any row that is linked.
    """
    named = _new(run, [one for entry in entries if (one := _named(entry))])
    if not named:
        return
    named = _as_merged(run, named)
    ids = sorted({one.offer_id for one in named})
    there = _there(run, ids)
    contacts, lines = _contacts(run.session, ids), hours.present(run.session, ids)
    for one in named:
        found = _at(there, one)
        if found is None or found.Offer.slug != one.slug:
            continue
        at_place_id = found.OfferAtPlace.id if found.OfferAtPlace else None
        said = present(
            Parts(
                found.Offer,
                found.Place,
                found.OfferAtPlace,
                contacts.get(one.offer_id),
                found.Organization,
                lines.get((one.offer_id, None), []),
                lines.get((one.offer_id, at_place_id), []) if at_place_id else [],
            )
        )
        row = SourceRecord(
            source_id=run.source.id,
            key=one.entry.key,
            offer_id=one.offer_id,
            offer_at_place_id=at_place_id,
            raw=one.entry.raw,
            mapped={**_as_written(one, said), LINKED: True},
        )
        history.create(run.session, run.act, row)


def _named(entry: Entry) -> _Named | None:
    key = _NAMED.fullmatch(str(entry.raw.get(KEY, "")))
    if key is None or entry.record is None or not is_ours(entry.raw):
        return None
    slug = urlsplit(str(entry.raw[PAGE])).path.rpartition("/")[2]
    return _Named(entry, entry.record, int(key[1]), int(key[2]) if key[2] else None, slug)


def _as_merged(run: Run, named: Sequence[_Named]) -> list[_Named]:
    """Return the same rows; those about offers that were merged into others are about these."""
    moved = redirects.of_ids(run.session, run.act.region_id, [one.offer_id for one in named])
    slugs = select(col(OfferRedirect.old_id), col(OfferRedirect.old_slug)).where(
        col(OfferRedirect.old_id).in_(moved)
    )
    were = {row.old_id: row.old_slug for row in run.session.execute(slugs)} if moved else {}
    return [
        one._replace(offer_id=moved[one.offer_id].id, slug=moved[one.offer_id].slug, is_merged=True)
        if were.get(one.offer_id) == one.slug
        else one
        for one in named
    ]


def _new(run: Run, named: Sequence[_Named]) -> list[_Named]:
    keys = [one.entry.key for one in named]
    known = run.session.scalars(
        select(col(SourceRecord.key)).where(
            col(SourceRecord.source_id) == run.source.id, col(SourceRecord.key).in_(keys)
        )
    )
    before = set(known) if keys else set()
    return [one for one in named if one.entry.key not in before]


def _there(run: Run, ids: Sequence[int]) -> Mapping[tuple[int, int | None], Row[Any]]:
    """Return the offers of the region at each of their places, and those that have none."""
    stmt = (
        select(Offer, OfferAtPlace, Place, Organization)
        .outerjoin(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .outerjoin(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))
        .where(col(Offer.region_id) == run.act.region_id, col(Offer.id).in_(ids))
    )
    return {(row.Offer.id, row.Place.id if row.Place else None): row for row in run.session.execute(stmt)}


def _at(there: Mapping[tuple[int, int | None], Row[Any]], one: _Named) -> Row[Any] | None:
    """Return the offer at the place that is named; of a merged one, that place may be another one now."""
    found = there.get((one.offer_id, one.place_id))
    if found is None and one.is_merged:
        found = next((row for (offer_id, _), row in there.items() if offer_id == one.offer_id), None)
    return found


def _contacts(session: Session, ids: Sequence[int]) -> Mapping[int, Contact]:
    """Return whom the file names: the first public contact of each offer."""
    stmt = select(Contact).where(
        col(Contact.offer_id).in_(ids),
        col(Contact.is_public),
        col(Contact.phone).is_not(None) | col(Contact.email).is_not(None),
    )
    found: dict[int, Contact] = {}
    for contact in session.scalars(stmt.order_by(col(Contact.id))):
        found.setdefault(contact.offer_id, contact)
    return found


def _as_written(one: _Named, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the file has said of an offer; a hidden address was not in it, so it is no news.

    What it said of one that was merged has been seen when it was merged.
    """
    values = one.record.values()
    if one.is_merged:
        return values
    hidden = ADDRESS if said["address_hidden"] else ()
    return {name: value if name in hidden else said[name] for name, value in values.items()}
