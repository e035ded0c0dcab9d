"""When an offer was changed last: itself, its contacts, hours and places, and what was removed of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, DateTime, or_, text
from sqlmodel import Session, col

from api.offers.models import Offer

# Each entry that is part of an offer, or that it stands on; of what is hidden not even the time is told.
_OF_OFFERS = """
  SELECT o.id AS offer_id, r.at FROM offer o
    JOIN revision r ON r.entity = 'offer' AND r.entity_id = o.id WHERE {offers}
  UNION ALL SELECT o.id, r.at FROM offer o
    JOIN revision r ON r.entity = 'organization' AND r.entity_id = o.organization_id WHERE {offers}
  UNION ALL SELECT o.id, r.at FROM offer o JOIN contact c ON c.offer_id = o.id AND c.is_public
    JOIN revision r ON r.entity = 'contact' AND r.entity_id = c.id WHERE {offers}
  UNION ALL SELECT o.id, r.at FROM offer o JOIN offer_at_place p ON p.offer_id = o.id
    JOIN revision r ON r.entity = 'offer_at_place' AND r.entity_id = p.id WHERE {offers}
  UNION ALL SELECT o.id, r.at FROM offer o JOIN offer_at_place p ON p.offer_id = o.id
    JOIN public_place h ON h.id = p.place_id AND NOT h.address_hidden
    JOIN revision r ON r.entity = 'place' AND r.entity_id = p.place_id WHERE {offers}
  UNION ALL SELECT o.id, r.at FROM offer o JOIN schedule s ON s.offer_id = o.id
    JOIN revision r ON r.entity = 'schedule' AND r.entity_id = s.id WHERE {offers}
  UNION ALL SELECT o.id, r.at FROM offer o JOIN schedule_deviation d ON d.offer_id = o.id
    JOIN revision r ON r.entity = 'schedule_deviation' AND r.entity_id = d.id WHERE {offers}
"""
_OF_SOME = _OF_OFFERS.format(offers="o.id = ANY(:ids)")
_OF_REGION = _OF_OFFERS.format(offers="o.region_id = :of_region AND r.at >= :since")
_LAST = text(f"SELECT offer_id, max(at) AS at FROM ({_OF_SOME}) found GROUP BY offer_id").columns(  # noqa: S608
    at=DateTime(timezone=True)
)
_SINCE = f"offer.id IN (SELECT offer_id FROM ({_OF_REGION}) found)"  # noqa: S608
_GONE = text("""
  SELECT cast(changes #>> '{offer_id,old}' AS bigint) AS offer_id, max(at) AS at FROM revision
  WHERE region_id = :region AND action = 'delete'
    AND entity IN ('contact', 'offer_at_place', 'schedule', 'schedule_deviation')
  GROUP BY 1
""").columns(at=DateTime(timezone=True))


def last(session: Session, offer_ids: Sequence[int], gone: Mapping[int, datetime]) -> dict[int, datetime]:
    """Return when each of the offers was changed last; gone: when parts of offers were removed last."""
    found = {row.offer_id: row.at for row in session.execute(_LAST, {"ids": list(offer_ids)})}
    removed = {one: gone[one] for one in offer_ids if one in gone}
    return found | {one: max(at, found.get(one, at)) for one, at in removed.items()}


def removals(session: Session, region_id: int) -> dict[int, datetime]:
    """Return when parts of a region's offers were removed last, by offer."""
    rows = session.execute(_GONE, {"region": region_id})
    return {row.offer_id: row.at for row in rows if row.offer_id is not None}


def since(region_id: int, when: datetime, gone: Mapping[int, datetime]) -> ColumnElement[bool]:
    """Return the condition for offers that were changed then or later."""
    removed = [offer_id for offer_id, at in gone.items() if at >= when]
    return or_(text(_SINCE).bindparams(of_region=region_id, since=when), col(Offer.id).in_(removed))
