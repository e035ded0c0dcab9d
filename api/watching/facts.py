"""Which public facts of offers have changed, read from their history; by whom is never said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.history.models import Revision


class Fact(StrEnum):
    """What people read of an offer, in the order of its page."""

    NAME = "name"
    DESCRIPTION = "description"
    WHO_FOR = "who_for"
    HOURS = "hours"
    PLACE = "place"
    CONTACT = "contact"
    LANGUAGES = "languages"
    COST = "cost"
    WHEELCHAIR = "wheelchair"
    ACCESS = "access"
    PROVIDER = "provider"
    TRANSLATION = "translation"


# Fields that are not named here are read by nobody outside, or tell nothing about the offer.
_OF_OFFER: Final[Mapping[str, Fact]] = {
    "name": Fact.NAME,
    "summary": Fact.DESCRIPTION,
    "description": Fact.DESCRIPTION,
    "website": Fact.DESCRIPTION,
    "topics": Fact.DESCRIPTION,
    "audiences": Fact.WHO_FOR,
    "min_age": Fact.WHO_FOR,
    "max_age": Fact.WHO_FOR,
    "hours_text": Fact.HOURS,
    "outreach": Fact.PLACE,
    "serves": Fact.PLACE,
    "languages": Fact.LANGUAGES,
    "cost": Fact.COST,
    "cost_note": Fact.COST,
    "access": Fact.ACCESS,
    "access_note": Fact.ACCESS,
    "organization_id": Fact.PROVIDER,
}
_OF_PLACE: Final[Mapping[str, Fact]] = {
    "wheelchair": Fact.WHEELCHAIR,
    **dict.fromkeys(("name", "street", "postcode", "town", "lon", "lat"), Fact.PLACE),
}
# Any change of these is one of this fact, but for the fields of another one.
_PARTS: Final[Mapping[str, Fact]] = {
    "contact": Fact.CONTACT,
    "offer_translation": Fact.TRANSLATION,
    "schedule": Fact.HOURS,
    "schedule_deviation": Fact.HOURS,
    "offer_at_place": Fact.PLACE,
}
# From the offers to their parts to their revisions, so that no other one is read. What was changed and then
# changed back is the same again. Of a hidden place and of a contact for professionals no change is told.
_CHANGED: Final = text("""
  WITH asked AS (SELECT * FROM unnest(:ids, :since) AS w (offer_id, since)), part AS (
    SELECT offer_id, since, 'offer' AS entity, offer_id AS entity_id FROM asked
    UNION ALL SELECT w.offer_id, since, 'offer_at_place', a.id
    FROM asked w JOIN offer_at_place a USING (offer_id)
    UNION ALL SELECT w.offer_id, since, 'contact', c.id
    FROM asked w JOIN contact c ON c.offer_id = w.offer_id AND c.is_public
    UNION ALL SELECT w.offer_id, since, 'offer_translation', t.id
    FROM asked w JOIN offer_translation t USING (offer_id)
    UNION ALL SELECT w.offer_id, since, 'schedule', s.id FROM asked w JOIN schedule s USING (offer_id)
    UNION ALL SELECT w.offer_id, since, 'schedule_deviation', d.id
    FROM asked w JOIN schedule_deviation d USING (offer_id)
    UNION ALL SELECT w.offer_id, since, 'place', p.id FROM asked w JOIN offer_at_place a USING (offer_id)
    JOIN public_place p ON p.id = a.place_id AND NOT p.address_hidden
  ), step AS (
    SELECT p.offer_id, p.entity, p.entity_id, r.id, f.key, f.value
    FROM part p JOIN revision r ON r.entity = p.entity AND r.entity_id = p.entity_id AND r.id > p.since
    CROSS JOIN LATERAL jsonb_each(r.changes) f
  )
  SELECT DISTINCT offer_id, entity, key AS field FROM (
    SELECT offer_id, entity, key, (array_agg(value->'old' ORDER BY id))[1] AS old,
      (array_agg(value->'new' ORDER BY id DESC))[1] AS new
    FROM step GROUP BY offer_id, entity, entity_id, key
  ) told WHERE old IS DISTINCT FROM new
  UNION
  SELECT w.offer_id, r.entity, '' FROM asked w
  JOIN revision r ON (r.changes #>> '{offer_id,old}'::text[])::bigint = w.offer_id
    AND r.action = 'delete' AND r.id > w.since
  WHERE r.entity IN ('offer_at_place', 'offer_translation', 'schedule', 'schedule_deviation')
    OR (r.entity = 'contact' AND r.changes #>> '{is_public,old}' = 'true')
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("since", type_=ARRAY(BigInteger)))


def last_revision(session: Session, region_id: int) -> int:
    """Return the number up to which a region's history is known now.

    Who writes holds the region until the end (alembic/sql/0004_changes_for_search.sql), so that its revisions
    become visible in the order of their numbers: none turns up later below this one.
    """
    last = select(func.coalesce(func.max(col(Revision.id)), 0)).where(col(Revision.region_id) == region_id)
    return session.scalar(last) or 0


def changed(session: Session, since: Sequence[tuple[int, int]]) -> dict[int, list[Fact]]:
    """Return what has changed in each of some offers since a revision of its own, in the order of Fact."""
    if not since:
        return {}
    asked = {"ids": [one for one, _ in since], "since": [number for _, number in since]}
    found: defaultdict[int, set[Fact]] = defaultdict(set)
    for row in session.execute(_CHANGED, asked):
        fact = _fact(row)
        if fact is not None:
            found[row.offer_id].add(fact)
    return {offer_id: [fact for fact in Fact if fact in facts] for offer_id, facts in found.items()}


def _fact(row: Any) -> Fact | None:  # noqa: ANN401 - a row of SQL
    if row.entity == "offer":
        return _OF_OFFER.get(row.field)
    if row.entity == "place":
        return _OF_PLACE.get(row.field)
    return Fact.HOURS if row.field == "hours_text" else _PARTS.get(row.entity)
