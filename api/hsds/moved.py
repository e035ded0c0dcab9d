"""Services that have become part of others, by our identifiers and by those they were published with."""

from sqlalchemy import text
from sqlmodel import Session

from api.core.errors import MovedError
from api.hsds.finding import Known
from api.hsds.ids import Kind, is_uuid
from api.hsds.services import Library
from api.hsds.terms import KEPT
from api.offers import redirects
from api.sources.models import LINKED

# Rows of lists mean the offer that has stayed. As in originals, what has a hidden place or contact does not
# answer to the identifiers of where it came from.
_PUBLISHED_AS = text("""
  SELECT r.offer_id FROM offer_redirect way
  JOIN source_record r ON r.offer_id = way.new_id AND r.mapped ? :linked
    AND r.raw #>> ARRAY[:kept, 'service', 'id'] = :said
  JOIN offer o ON o.id = r.offer_id AND o.status = 'published'
  WHERE way.region_id = :region_id
    AND NOT EXISTS (SELECT FROM offer_at_place p JOIN public_place h ON h.id = p.place_id
      WHERE p.offer_id = r.offer_id AND h.address_hidden)
    AND NOT EXISTS (SELECT FROM contact c WHERE c.offer_id = r.offer_id AND NOT c.is_public)
  ORDER BY r.id LIMIT 1
""")


def lead_on(session: Session, known: Known, library: Library, number: int | None, said: str) -> None:
    """Raise MovedError if the service of an identifier that is not public is part of one that is.

    number: which offer it means; None: none of those that are public.
    """
    if number is not None:
        moved = redirects.of_ids(session, known.region.id, [number]).get(number)
        there = moved.id if moved else None
    else:
        there = _published_as(session, known.region.id, said.lower())
    if there is not None:
        raise MovedError(said, library.id_of(Kind.SERVICE, there))


def _published_as(session: Session, region_id: int, said: str) -> int | None:
    if not is_uuid(said):
        return None
    values = {"region_id": region_id, "said": said, "kept": KEPT, "linked": LINKED}
    found: int | None = session.scalar(_PUBLISHED_AS, values)
    return found
