"""What answers the links of chains, where it is in reach, and where a link is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlmodel import Session

from api.chains import queries
from api.chains.schemas import Chain, Link, LinkIn
from api.core.errors import InvalidInputError
from api.offers import redirects
from api.offers import service as offers
from api.offers.schemas import OfferSummary
from api.offers.service import NEARBY_METRES
from api.regions.models import Region
from api.search import service as search
from api.search.schemas import SearchQuery
from api.search.shelves import Shelves
from api.spaces import service as spaces
from api.spaces.schemas import SpaceRef


@dataclass(frozen=True)
class Step:
    """A link with what answers it, the first few as lists show them."""

    link: Link
    offers: list[OfferSummary]  # in reach: first those that somebody has named, then the nearest
    further: list[OfferSummary]  # named by somebody, and out of reach
    in_reach: int
    anywhere: int  # in the whole region

    @property
    def is_gap(self) -> bool:
        """Whether nothing that answers it is in reach."""
        return not self.in_reach


class Row(NamedTuple):
    """A link in every space: how many offers are in reach, in the order of the spaces."""

    link: Link
    counts: list[int]

    @property
    def gaps(self) -> int:
        """How many spaces have none."""
        return self.counts.count(0)


class Table(NamedTuple):
    """The links of a chain × the Stadtteile of a region."""

    spaces: list[SpaceRef]
    rows: list[Row]

    @property
    def gaps(self) -> int:
        """How many cells are empty."""
        return sum(row.gaps for row in self.rows)


class _Near(NamedTuple):
    """How far away an offer is, and at which of its places; None: it comes, or its address is hidden."""

    metres: float
    place_id: int | None


class _Reach:
    """What is in reach of some spaces, by space."""

    def __init__(self, session: Session, region: Region, space_ids: Sequence[int]) -> None:
        self._everywhere: set[int] = set()
        self._near: dict[int, dict[int, _Near]] = {space_id: {} for space_id in space_ids}
        for row in session.execute(queries.in_reach(region.id, space_ids, NEARBY_METRES)):
            if row.space_id is None:
                self._everywhere.add(row.offer_id)
            else:
                self._near[row.space_id][row.offer_id] = _Near(row.metres, row.place_id)

    def ids(self, space_id: int) -> set[int]:
        """Return the offers in reach of a space."""
        return self._everywhere | self._near[space_id].keys()

    def of(self, space_id: int) -> Mapping[int, _Near]:
        """Return the offers in reach of a space, each with how far it is."""
        near = self._near[space_id]
        places = {one: near[one].place_id if one in near else None for one in self._everywhere}
        return near | {one: _Near(0.0, place_id) for one, place_id in places.items()}


class _Answers:
    """What answers links, whatever the place: ids, those that somebody has named first, then the best."""

    def __init__(
        self, session: Session, region: Region, shelves: Shelves | None, links: Sequence[LinkIn]
    ) -> None:
        self._session, self._region, self._shelves = session, region, shelves
        named = [offer_id for link in links for offer_id in link.offer_ids]
        public = [offer.id for offer in offers.by_ids(session, region, list(dict.fromkeys(named)))]
        gone = [offer_id for offer_id in named if offer_id not in public]
        self._now = {offer_id: offer_id for offer_id in public}
        self._now |= {old: new.id for old, new in redirects.of_ids(session, region.id, gone).items()}
        self._ages: dict[int, tuple[int, int]] = {}
        if any(link.min_age is not None or link.max_age is not None for link in links):
            for row in session.execute(queries.ages(region.id)):
                self._ages[row.id] = (row.min_age or 0, 200 if row.max_age is None else row.max_age)

    def named(self, link: LinkIn) -> list[int]:
        """Return the public offers that somebody has named for a link, where they are now."""
        return list(dict.fromkeys(self._now[one] for one in link.offer_ids if one in self._now))

    def of(self, link: LinkIn) -> list[int]:
        """Return all that answers a link."""
        return list(dict.fromkeys([*self.named(link), *self._found(link)]))

    def _found(self, link: LinkIn) -> list[int]:
        if not (link.topic or link.words):
            return []
        query = SearchQuery(q=link.words, topic=[link.topic] if link.topic else [])
        try:
            hits = search.look_up(self._session, self._region, query, self._shelves)
        except InvalidInputError:
            return []  # a topic that the vocabulary has no more
        # What answers a part alone would hide a gap.
        whole = hits.ids[: hits.whole]
        low, high = link.min_age or 0, 200 if link.max_age is None else link.max_age
        everybody = (0, 200)
        ages = {one: self._ages.get(one, everybody) for one in whole}
        return [one for one in whole if ages[one][0] <= high and ages[one][1] >= low]


def steps(
    session: Session, region: Region, chain: Chain, space: SpaceRef | None, shelves: Shelves | None, most: int
) -> list[Step]:
    """Return the links of a chain with at most so many offers in reach of a space; None: anywhere."""
    answers = _Answers(session, region, shelves, chain.links)
    near: Mapping[int, _Near] | None = None
    if space is not None:
        space_id = spaces.space_id(session, region, space.key)
        near = _Reach(session, region, [space_id]).of(space_id)
    found = [_sorted(link, answers, near) for link in chain.links]
    shown = list(dict.fromkeys(one for here, further, _ in found for one in (*here[:most], *further)))
    known = {
        offer.id: _nearest_first(offer, near.get(offer.id) if near else None)
        for offer in offers.by_ids(session, region, shown)
    }
    return [
        Step(
            link,
            [known[one] for one in here[:most] if one in known],
            [known[one] for one in further if one in known],
            len(here),
            anywhere,
        )
        for link, (here, further, anywhere) in zip(chain.links, found, strict=True)
    ]


def tables(
    session: Session, region: Region, chains: Sequence[Chain], shelves: Shelves | None
) -> dict[int, Table]:
    """Return how many offers are in reach for each link in each Stadtteil, by the id of the chain.

    Spaces cost one statement together, and each link one search.
    """
    keys = [space.key for space in spaces.resident_spaces(session, region)]
    by_id = spaces.by_keys(session, region, keys)
    reach = _Reach(session, region, list(by_id))
    there = [reach.ids(space_id) for space_id in by_id]
    answers = _Answers(session, region, shelves, [link for chain in chains for link in chain.links])
    found = {}
    for chain in chains:
        rows = []
        for link in chain.links:
            ids = answers.of(link)
            rows.append(Row(link, [len(near.intersection(ids)) for near in there]))
        found[chain.id] = Table(list(by_id.values()), rows)
    return found


def _sorted(
    link: Link, answers: _Answers, near: Mapping[int, _Near] | None
) -> tuple[list[int], list[int], int]:
    """Return what is in reach, what is named but out of reach, and how many there are anywhere."""
    ids, named = answers.of(link), answers.named(link)
    if near is None:
        return ids, [], len(ids)
    others = sorted(
        (one for one in ids if one not in named and one in near), key=lambda one: near[one].metres
    )
    here = [one for one in named if one in near]
    return [*here, *others], [one for one in named if one not in near], len(ids)


def _nearest_first(offer: OfferSummary, near: _Near | None) -> OfferSummary:
    """Return an offer with its nearest place first."""
    if near is None or near.place_id is None:
        return offer
    places = sorted(offer.places, key=lambda place: place.id != near.place_id)
    return offer.model_copy(update={"places": places})
