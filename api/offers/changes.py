"""What has become new, different or gone for strangers, read from the history; who did it is never said."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from api.history.models import Action
from api.offers.models import Status
from api.regions.models import Region

# Looked at; after a large import they reach back less far than the days that are asked for.
MOST_REVISIONS: Final = 5000
# Fields of an offer that strangers do not read, or that say nothing about the offer itself.
_QUIET: Final = frozenset(
    {"status", "paused_until", "slug", "region_id", "verified_on", "verify_within_days"}
)

# The last revisions with the offer that each belongs to. Of a hidden place and of a contact for professionals
# not even the time of a change is told. What a deleted part belonged to stands in its last revision.
_REVISIONS = text("""
  WITH latest AS (
    SELECT id, entity, entity_id, action, at, changes FROM revision
    WHERE region_id = :region AND at >= :since
      AND entity IN ('offer', 'offer_at_place', 'contact', 'offer_translation', 'schedule',
        'schedule_deviation', 'place')
    ORDER BY id DESC LIMIT :most
  ), of_offer AS (
    SELECT l.*, CASE l.entity
      WHEN 'offer' THEN l.entity_id
      WHEN 'offer_at_place' THEN coalesce(
        (SELECT offer_id FROM offer_at_place WHERE id = l.entity_id), (changes->'offer_id'->>'old')::bigint)
      WHEN 'contact' THEN (SELECT offer_id FROM contact WHERE id = l.entity_id AND is_public)
      WHEN 'offer_translation' THEN (SELECT offer_id FROM offer_translation WHERE id = l.entity_id)
      WHEN 'schedule' THEN coalesce(
        (SELECT offer_id FROM schedule WHERE id = l.entity_id), (changes->'offer_id'->>'old')::bigint)
      WHEN 'schedule_deviation' THEN (
        SELECT s.offer_id FROM schedule_deviation d JOIN schedule s ON s.id = d.schedule_id
        WHERE d.id = l.entity_id)
      END AS offer_id
    FROM latest l WHERE l.entity <> 'place'
    UNION ALL
    SELECT l.*, here.offer_id FROM latest l
    JOIN public_place p ON p.id = l.entity_id AND NOT p.address_hidden
    JOIN offer_at_place here ON here.place_id = l.entity_id
    WHERE l.entity = 'place'
  )
  SELECT r.offer_id, r.entity, r.action, r.at, ARRAY(SELECT jsonb_object_keys(r.changes)) AS fields,
    r.changes->'status'->>'old' AS status_before, o.status AS status_now,
    coalesce(o.is_example, (r.changes->'is_example'->>'old')::boolean, false) AS is_example
  FROM of_offer r LEFT JOIN offer o ON o.id = r.offer_id
  WHERE r.offer_id IS NOT NULL
  ORDER BY r.offer_id, r.id DESC
""")

_LAST = text("""
  SELECT o.id, max(r.at) AS at FROM unnest(:ids) AS o (id)
  CROSS JOIN LATERAL (
    SELECT 'offer' AS entity, o.id AS entity_id
    UNION ALL SELECT 'offer_at_place', id FROM offer_at_place WHERE offer_id = o.id
    UNION ALL SELECT 'contact', id FROM contact WHERE offer_id = o.id AND is_public
    UNION ALL SELECT 'offer_translation', id FROM offer_translation WHERE offer_id = o.id
    UNION ALL SELECT 'schedule', id FROM schedule WHERE offer_id = o.id
  ) part
  JOIN revision r ON r.entity = part.entity AND r.entity_id = part.entity_id
  GROUP BY o.id
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


class Kind(StrEnum):
    """What has happened, as strangers see it."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Change(NamedTuple):
    """The last thing that has happened to an offer."""

    offer_id: int
    kind: Kind
    at: datetime
    since: datetime | None  # public since then, if it has become so lately


def latest(
    session: Session, region: Region, since: datetime, most: int, among: Collection[int] | None = None
) -> list[Change]:
    """Return what has happened to public offers, the last first; examples are none.

    among: only these offers; then nothing is said of withdrawn ones, of which nobody may know what they were.
    """
    rows = session.execute(_REVISIONS, {"region": region.id, "since": since, "most": MOST_REVISIONS})
    grouped = (
        (offer_id, list(of_offer)) for offer_id, of_offer in groupby(rows, key=lambda row: int(row.offer_id))
    )
    found = [
        change
        for offer_id, of_offer in grouped
        if among is None or offer_id in among
        for change in _change(offer_id, of_offer)
    ]
    return sorted(found, key=lambda change: (change.at, change.offer_id), reverse=True)[:most]


def last_changed(session: Session, ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each of these offers was last changed, parts that strangers see included."""
    return {row.id: row.at for row in session.execute(_LAST, {"ids": list(ids)})} if ids else {}


def _change(offer_id: int, revisions: Sequence[Any]) -> Iterable[Change]:
    """Yield the last event of an offer, if it has one: revisions are walked back from what is now."""
    if revisions[0].is_example:
        return
    status, last, born = revisions[0].status_now, None, None
    for row in revisions:
        after, status = status, _before(row, status)
        is_public, was_public = after == Status.PUBLISHED, status == Status.PUBLISHED
        if not (is_public or was_public):
            continue
        kind = Kind.CHANGED if is_public and was_public else Kind.NEW if is_public else Kind.WITHDRAWN
        if kind == Kind.CHANGED and row.entity == "offer" and not set(row.fields) - _QUIET:
            continue
        last = last or (kind, row.at)
        if kind == Kind.NEW and born is None:
            born = row.at
    if last is None:
        return
    kind, at = last
    if kind != Kind.WITHDRAWN and born is not None:
        kind = Kind.NEW
    yield Change(offer_id, kind, at, born if kind == Kind.NEW else None)


def _before(row: Any, status: str | None) -> str | None:  # noqa: ANN401 - a row of SQL
    """Return the status that an offer had before a revision; None: it was not there."""
    if row.entity != "offer":
        return status
    if row.action == Action.CREATE:
        return None
    return row.status_before if "status" in row.fields else status
