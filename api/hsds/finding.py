"""Which services, services at locations and organizations a question means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, false, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Session, col

from api.core.geo import LonLat
from api.core.tables import Rows, columns
from api.hsds import changes, terms
from api.hsds.ids import Kind, Meant, meant
from api.hsds.originals import Originals
from api.hsds.rows import any_of
from api.hsds.terms import Vocabulary
from api.offers import queries
from api.offers.models import Access, Cost, Offer, OfferAtPlace
from api.organizations.models import Organization
from api.places.models import Wheelchair
from api.places.queries import near, public_place, public_point
from api.regions.models import Region
from api.spaces.models import Division, Space

POSTCODES: Final = "plz"  # the division whose spaces are the areas of postcodes, where there is one
_WITH_HOURS: Final = select(col(OfferAtPlace.offer_id)).where(columns(OfferAtPlace).hours_text != "")
_LISTS: Final = {"topic": "topics", "audience": "audiences"}


class Part(NamedTuple):
    """How many answer a question, and the numbers of those on the page asked for."""

    total: int
    numbers: Sequence[int]


@dataclass(frozen=True)
class Known:
    """What a question is understood with."""

    region: Region
    vocabulary: Vocabulary
    originals: Originals
    gone: Mapping[int, datetime]

    def number(self, kind: Kind, said: str) -> int | None:
        """Return the number of the entry of a kind that an identifier means; None: no such."""
        said = said.lower()
        found: Meant | None = self.originals.meant.get(said) or meant(self.region.slug, said)
        return found.number if found is not None and found.kind is kind else None


@dataclass(frozen=True)
class Wish:
    """What is asked of offers; found: those that answer a text, best first."""

    taxonomy_term_id: str | None = None
    taxonomy_id: str | None = None
    organization_id: str | None = None
    modified_after: datetime | None = None
    found: Sequence[int] | None = None


def services(session: Session, known: Known, wish: Wish, slice_: slice | None) -> Part:
    """Return the numbers of offers; slice_: which of them, None: all."""
    number = col(Offer.id)
    stmt = select(number).where(_wanted(known, wish))
    return _part(session, stmt, [*_best_first(wish), number], slice_)


def at_locations(
    session: Session, known: Known, wish: Wish, where: ColumnElement[bool], slice_: slice | None
) -> Part:
    """Return the numbers of OfferAtPlace; where: a condition on them."""
    number = col(OfferAtPlace.id)
    stmt = (
        select(number)
        .join(Offer, col(Offer.id) == col(OfferAtPlace.offer_id))
        .where(_wanted(known, wish), where)
    )
    return _part(session, stmt, [*_best_first(wish), number], slice_)


def organizations(
    session: Session, known: Known, wish: Wish, words: str | None, slice_: slice | None
) -> Part:
    """Return the numbers of providers with published offers; words: part of the name."""
    provider = columns(Organization)
    offers = select(col(Offer.organization_id)).where(_wanted(known, wish))
    stmt = select(provider.id).where(provider.region_id == known.region.id, provider.id.in_(offers))
    if words:
        stmt = stmt.where(func.strpos(func.lower(provider.name), words.lower()) > 0)
    return _part(session, stmt, [provider.id], slice_)


def offers_of(session: Session, known: Known, providers: Sequence[int]) -> dict[int, list[int]]:
    """Return the numbers of the offers of providers."""
    stmt = (
        select(col(Offer.organization_id), func.array_agg(col(Offer.id)).label("offers"))
        .where(queries.published(known.region.id), any_of(col(Offer.organization_id), providers))
        .group_by(col(Offer.organization_id))
    )
    return {provider: sorted(offers) for provider, offers in session.execute(stmt)}


def offers_at(session: Session, at_places: Sequence[int]) -> list[int]:
    """Return the numbers of the offers to which these OfferAtPlace belong."""
    stmt = select(col(OfferAtPlace.offer_id)).where(any_of(col(OfferAtPlace.id), at_places)).distinct()
    return sorted(session.scalars(stmt))


def around(
    session: Session, region: Region, postcode: str | None, metres: float | None
) -> ColumnElement[bool]:
    """Return the condition for services at locations with a postcode, or near the middle of its area."""
    at = col(OfferAtPlace.place_id)
    if postcode is None:
        return true()
    if metres is None:
        there = select(public_place.c.id).where(
            public_place.c.region_id == region.id, public_place.c.postcode == postcode
        )
        return at.in_(there)
    middle = _middle(session, region, postcode)
    return at.in_(near(middle, metres)) if middle else false()


def _middle(session: Session, region: Region, postcode: str) -> LonLat | None:
    """Return the middle of a postcode's area or, where no area is known, of the places that have it."""
    space, division = columns(Space), columns(Division)
    middle = func.ST_Centroid(space.geom)
    area = (
        select(func.ST_X(middle), func.ST_Y(middle))
        .join(Division, division.id == space.division_id)
        .where(division.region_id == region.id, division.slug == POSTCODES, space.code == postcode)
        .limit(1)
    )
    found = session.execute(area).first()
    if found is None:
        of_all = func.ST_Centroid(func.ST_Collect(public_point.c.geom))
        places = (
            select(func.ST_X(of_all), func.ST_Y(of_all))
            .join(public_place, public_place.c.id == public_point.c.place_id)
            .where(public_place.c.region_id == region.id, public_place.c.postcode == postcode)
        )
        found = session.execute(places).one()
    return None if found[0] is None else LonLat(found[0], found[1])


def _part(session: Session, stmt: Rows, order: Sequence[Any], slice_: slice | None) -> Part:
    listed = stmt.order_by(*order)
    if slice_ is None:
        numbers = list(session.scalars(listed))
        return Part(len(numbers), numbers)
    size = slice_.stop - slice_.start
    numbers = list(session.scalars(listed.offset(slice_.start).limit(size)))
    if 0 < len(numbers) < size:
        return Part(slice_.start + len(numbers), numbers)
    return Part(session.scalar(select(func.count()).select_from(stmt.subquery())) or 0, numbers)


def _best_first(wish: Wish) -> list[Any]:
    if wish.found is None:
        return []
    return [func.array_position(list(wish.found), col(Offer.id))]


def _wanted(known: Known, wish: Wish) -> ColumnElement[bool]:
    found = [queries.published(known.region.id)]
    if wish.found is not None:
        found.append(any_of(col(Offer.id), wish.found))
    if wish.organization_id is not None:
        number = known.number(Kind.ORGANIZATION, wish.organization_id)
        found.append(false() if number is None else col(Offer.organization_id) == number)
    if wish.modified_after is not None:
        found.append(changes.since(known.region.id, wish.modified_after, known.gone))
    if wish.taxonomy_term_id is not None:
        found.append(_with_term(known, wish.taxonomy_term_id.lower()))
    if wish.taxonomy_id is not None:
        found.append(_with_taxonomy(known, wish.taxonomy_id.lower()))
    return and_(*found)


def _with_term(known: Known, said: str) -> ColumnElement[bool]:
    """Return the condition for offers with a term; a coarse topic means its finer ones, too."""
    term = known.vocabulary.by_id.get(said)
    if term is None:
        return any_of(col(Offer.id), known.originals.bearers.get(said, ()))
    kind, _, _word = term.code.partition(":")
    offer, wheelchair = columns(Offer), public_place.c.wheelchair
    if kind in _LISTS:
        words = [code.partition(":")[2] for code in known.vocabulary.children[term.code]]
        overlaps: ColumnElement[bool] = offer[_LISTS[kind]].op("&&")(literal(words, ARRAY(TEXT)))
        return overlaps
    marks: dict[str, ColumnElement[bool]] = {
        **{f"cost:{one.value}": offer.cost == one for one in Cost},
        **{f"access:{one.value}": offer.access == one for one in Access},
        **{f"wheelchair:{one.value}": _at_place(wheelchair == one.value) for one in Wheelchair},
        **{f"level:{one}": offer.resource_level == one for one in (2, 3, 4)},
        terms.OUTREACH: offer.outreach,
        terms.EXAMPLE: offer.is_example,
        terms.HIDDEN: _at_place(public_place.c.address_hidden),
        terms.SUMMARY: offer.summary != "",
        terms.HOURS: or_(offer.hours_text != "", offer.id.in_(_WITH_HOURS)),
    }
    return marks.get(term.code, false())


def _with_taxonomy(known: Known, said: str) -> ColumnElement[bool]:
    """Return the condition for offers with any term of a taxonomy."""
    for kind, column in _LISTS.items():
        if said == terms.taxonomy_id(kind):
            said_something: ColumnElement[bool] = func.cardinality(columns(Offer)[column]) > 0
            return said_something
    if said == terms.taxonomy_id("mark"):
        return true()  # every service has its level
    bearers = {
        offer
        for number, term in known.originals.terms.items()
        if terms.of_taxonomy(term) == said
        for offer in known.originals.bearers[number]
    }
    return any_of(col(Offer.id), sorted(bearers))


def _at_place(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    there = select(public_place.c.id).where(condition)
    return col(Offer.id).in_(select(col(OfferAtPlace.offer_id)).where(col(OfferAtPlace.place_id).in_(there)))


def published(session: Session, known: Known, numbers: Sequence[int]) -> list[int]:
    """Return those of the offers that are public in the region."""
    stmt = select(col(Offer.id)).where(queries.published(known.region.id), any_of(col(Offer.id), numbers))
    return list(session.scalars(stmt))
