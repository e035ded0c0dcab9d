"""What has become of the entries of a list since it was made: nothing, something, or an end."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from api.offers import redirects
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.offers.schemas import OfferSummary
from api.referrals import facts
from api.referrals.models import Note, ReferralEntry
from api.referrals.schemas import Entry, Standing
from api.regions.models import Region
from api.schedules import service as schedules


class _Pause(NamedTuple):
    until: date | None


def of(session: Session, region: Region, rows: Sequence[ReferralEntry]) -> list[Entry]:
    """Return the entries as they stand today, in their order.

    Of what is not public any more only that is said, and until when it rests; never what it was.
    """
    ids = [row.offer_id for row in rows]
    moved = redirects.of_ids(session, region.id, ids)
    present = list({moved[one].id if one in moved else one for one in ids})
    known = {offer.id: offer for offer in offers.by_ids(session, region, present)}
    pauses = _pauses(session, region, [one for one in ids if one not in moved and one not in known])
    lines = schedules.lines(session, list(known)) if known else []
    found = []
    for row in rows:
        target = moved[row.offer_id].id if row.offer_id in moved else row.offer_id
        notes = tuple(note for note in Note if note in row.notes)
        if target not in known:
            pause = pauses.get(row.offer_id)
            standing = Standing.PAUSED if pause else Standing.GONE
            until = pause.until if pause else None
            found.append(Entry(row.position, notes, standing, None, None, until))
            continue
        offer, place_id = at(known[target], row.place_id)
        now = facts.fingerprint(offer, (line for line in lines if line.offer_id == target))
        is_changed = facts.differ(row.facts, now)
        same = Standing.CHANGED if is_changed else Standing.SAME
        standing = Standing.MERGED if target != row.offer_id else same
        found.append(Entry(row.position, notes, standing, offer, place_id))
    return found


def at(offer: OfferSummary, place_id: int | None) -> tuple[OfferSummary, int | None]:
    """Return an offer at one of its places alone; at all of them if it is not (any more) at that one."""
    there = [place for place in offer.places if place.id == place_id]
    return (offer.model_copy(update={"places": there}), place_id) if there else (offer, None)


def _pauses(session: Session, region: Region, ids: Sequence[int]) -> dict[int, _Pause]:
    stmt = select(col(Offer.id), col(Offer.paused_until)).where(
        col(Offer.id).in_(ids), col(Offer.region_id) == region.id, col(Offer.status) == Status.PAUSED
    )
    return {offer_id: _Pause(until) for offer_id, until in session.execute(stmt)} if ids else {}
