"""A filter with its names looked up, in memory where the index is there: api.offers.service.resolve."""

from collections import defaultdict

from sqlmodel import Session

from api.offers import service as offers
from api.offers.queries import Chosen, Wanted
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.search.shelf import Shelf
from api.search.table import Vocabulary


def resolve(session: Session, region: Region, asked: OfferFilter, shelf: Shelf | None) -> Wanted:
    """Look up the names in a filter, or raise InvalidInputError that names the unknown one."""
    vocabulary = shelf.table.vocabulary if shelf else None
    if vocabulary is None or not _knows(vocabulary, asked):
        return offers.resolve(session, region, asked)
    chosen: dict[str, list[int]] = defaultdict(list)
    for key in dict.fromkeys(asked.space):
        space_id, division = vocabulary.spaces[key]
        chosen[division].append(space_id)
    return Wanted(
        region_id=region.id,
        filter=asked,
        topics=[slug for slug in vocabulary.topics if {slug, vocabulary.above.get(slug)} & set(asked.topic)],
        spaces=[
            Chosen(division, ids, sorted(frozenset().union(*(vocabulary.overlaps.get(i, ()) for i in ids))))
            for division, ids in sorted(chosen.items())
        ],
    )


def _knows(vocabulary: Vocabulary, asked: OfferFilter) -> bool:
    return (
        vocabulary.topics.issuperset(asked.topic)
        and vocabulary.audiences.issuperset(asked.audience)
        and all(key in vocabulary.spaces for key in asked.space)
    )
