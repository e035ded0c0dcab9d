"""Entries that came from HSDS keep what was published: identifiers, and all that we have no field for.

The import keeps the objects of a row under the name of KEPT (importers/readers/hsds.py), without people.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Session

from api.hsds.ids import Kind, Meant, is_uuid
from api.hsds.terms import KEPT
from api.sources.models import LINKED

Document = dict[str, Any]
Where = tuple[int, int | None]


# One row tells of all others of its source.
_SOURCES = text("""
  SELECT s.id FROM source s WHERE s.region_id = :region AND (
    SELECT r.raw ? :kept FROM source_record r WHERE r.source_id = s.id ORDER BY r.key LIMIT 1)
""")
# What has a hidden place or contact is shown as we have it: its old identifiers would lead to where it came
# from, and what was published may name it anywhere.
_OPEN = """
  NOT r.mapped ? :linked AND r.raw ? :kept AND NOT EXISTS (
    SELECT FROM offer_at_place p JOIN public_place h ON h.id = p.place_id
    WHERE p.offer_id = r.offer_id AND h.address_hidden)
  AND NOT EXISTS (SELECT FROM contact c WHERE c.offer_id = r.offer_id AND NOT c.is_public)
"""
_NAMES = text(f"""
  SELECT r.offer_id, r.offer_at_place_id, p.place_id, o.organization_id,
    ARRAY[r.raw #>> ARRAY[:kept, 'service', 'id'],
      r.raw #>> ARRAY[:kept, 'service', 'organization', 'id'],
      r.raw #>> ARRAY[:kept, 'place', 'location', 'id'],
      r.raw #>> ARRAY[:kept, 'place', 'id']] AS names,
    r.raw #> ARRAY[:kept, 'service', 'attributes'] AS attributes
  FROM source_record r JOIN offer o ON o.id = r.offer_id AND o.status = 'published'
  LEFT JOIN offer_at_place p ON p.id = r.offer_at_place_id
  WHERE r.source_id = ANY(:sources) AND {_OPEN} ORDER BY r.id
""").columns(names=ARRAY(String), attributes=JSONB)  # noqa: S608
_OF_OFFERS = text(f"""
  SELECT r.offer_id, r.offer_at_place_id, r.raw -> :kept AS kept, r.mapped FROM source_record r
  WHERE r.source_id = ANY(:sources) AND r.offer_id = ANY(:offers) AND {_OPEN} ORDER BY r.id
""").columns(kept=JSONB, mapped=JSONB)  # noqa: S608


class Original(NamedTuple):
    """What was published of a service at a place, and what the import made of it."""

    service: Document
    place: Document
    mapped: Document


@dataclass
class Originals:
    """Which entries of a region bear identifiers of their own, in one state of its data."""

    sources: list[int] = field(default_factory=list)
    given: dict[Meant, str] = field(default_factory=dict)
    meant: dict[str, Meant] = field(default_factory=dict)
    tells: dict[int, int] = field(default_factory=dict)  # offer that tells of a provider, by that provider
    terms: dict[str, Document] = field(default_factory=dict)  # terms that are not ours, by identifier
    bearers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # offers, by such a term

    def of_offers(self, session: Session, offer_ids: Sequence[int]) -> Mapping[Where, Original]:
        """Return the originals of offers, and of offers at places; the first of each."""
        if not self.sources:
            return {}
        values = {"sources": self.sources, "offers": list(offer_ids), "kept": KEPT, "linked": LINKED}
        found: dict[Where, Original] = {}
        for row in session.execute(_OF_OFFERS, values):
            one = Original(row.kept["service"], row.kept.get("place") or {}, row.mapped)
            if is_uuid(one.service.get("id")):
                found.setdefault((row.offer_id, None), one)
                if row.offer_at_place_id is not None:
                    found.setdefault((row.offer_id, row.offer_at_place_id), one)
        return found

    def give(self, said: str | None, meant: Meant) -> None:
        """Let an entry bear an identifier, unless one of the two is taken."""
        if is_uuid(said) and said is not None and said not in self.meant and meant not in self.given:
            self.given[meant] = said
            self.meant[said] = meant


def read(session: Session, region_id: int) -> Originals:
    """Return what is kept in a region."""
    sources = list(session.scalars(_SOURCES.bindparams(region=region_id, kept=KEPT)))
    found = Originals(sources)
    if not sources:
        return found
    stmt = _NAMES.bindparams(bindparam("sources", sources, ARRAY(BigInteger)), kept=KEPT, linked=LINKED)
    for row in session.execute(stmt):
        service, organization, location, place = row.names
        if not is_uuid(service):
            continue
        found.give(service, Meant(Kind.SERVICE, row.offer_id))
        if row.organization_id is not None:
            found.give(organization, Meant(Kind.ORGANIZATION, row.organization_id))
            if found.given.get(Meant(Kind.ORGANIZATION, row.organization_id)) == organization:
                found.tells.setdefault(row.organization_id, row.offer_id)
        if row.place_id is not None:
            found.give(location, Meant(Kind.LOCATION, row.place_id))
            found.give(place, Meant(Kind.SERVICE_AT_LOCATION, row.offer_at_place_id))
        _note_terms(found, row.offer_id, row.attributes or [])
    return found


def _note_terms(found: Originals, offer_id: int, attributes: list[Document]) -> None:
    for attribute in attributes:
        term = attribute.get("taxonomy_term") or {}
        if is_uuid(term.get("id")) and {"name", "description"} <= term.keys():
            found.terms.setdefault(term["id"], term)
            if offer_id not in found.bearers[term["id"]]:
                found.bearers[term["id"]].append(offer_id)
