"""Where offers are found that were merged into others: old slugs and numbers lead on, for ever.

A merged offer may be merged on; the way is followed to the first offer that is public. Where none is, nobody
is told that there is anything: a way to what is hidden would tell of it.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from api.core.errors import MovedError, NotFoundError

# UNION drops what was seen before: even a way in a circle would end.
_WAYS = """
  WITH RECURSIVE way (began, offer_id, step) AS (
    SELECT old_id, new_id, 1 FROM offer_redirect WHERE region_id = :region_id AND {begins}
    UNION
    SELECT way.began, r.new_id, way.step + 1 FROM way
    JOIN offer_redirect r ON r.old_id = way.offer_id WHERE way.step < 1000
  )
  SELECT DISTINCT ON (way.began) way.began, o.id, o.slug FROM way
  JOIN offer o ON o.id = way.offer_id AND o.region_id = :region_id AND o.status = 'published'
  ORDER BY way.began, way.step
"""
_OF_SLUG = text(_WAYS.format(begins="old_slug = :slug"))
_OF_IDS = text(_WAYS.format(begins="old_id = ANY(:ids)")).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger))
)


NOT_FOUND: Final = "This offer does not exist or is not public."


class Target(NamedTuple):
    """A public offer that another one has become part of."""

    id: int
    slug: str


def of_slug(session: Session, region_id: int, slug: str) -> Target | None:
    """Return the public offer that an old slug leads to."""
    row = session.execute(_OF_SLUG, {"region_id": region_id, "slug": slug}).first()
    return Target(row.id, row.slug) if row else None


def of_ids(session: Session, region_id: int, ids: Sequence[int]) -> dict[int, Target]:
    """Return the public offers that old numbers lead to."""
    if not ids:
        return {}
    rows = session.execute(_OF_IDS, {"region_id": region_id, "ids": list(ids)})
    return {row.began: Target(row.id, row.slug) for row in rows}


def missing(session: Session, region_id: int, offer_id: int) -> MovedError | NotFoundError:
    """Return what is to be said of an offer that is not public: where it is now, or that there is none."""
    moved = of_ids(session, region_id, [offer_id]).get(offer_id)
    return MovedError(str(offer_id), str(moved.id)) if moved else NotFoundError(NOT_FOUND)
