"""The offers of a region as columns in memory: every question is answered for all rows at once."""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from api.core import clock
from api.core.geo import BBox, LonLat
from api.search.analysis import plain
from api.search.documents import PlaceRow, Row
from api.search.opening import Hours, Opening
from api.search.tags import Label, Mask, Pairs, Tags

Numbers = NDArray[np.float64]
OLDEST: Final = 200  # years; offers without a highest age
# WGS 84: half axis in metres, and the square of the eccentricity.
HALF_AXIS: Final = 6_378_137.0
ECCENTRICITY: Final = 0.006_694_379_990_14


class Vocabulary(NamedTuple):
    """What the choices mean: topics with the coarser one above, and the residents' spaces."""

    above: Mapping[str, str]  # slug of a topic → slug of its parent
    topics: frozenset[str]
    top: tuple[str, ...]  # slugs of the topics of the top level, in their order
    zone: str  # IANA
    state: str  # federal state: decides on holidays
    audiences: frozenset[str]
    resident_division: str
    resident: Mapping[int, str]  # id of a Stadtteil → its key
    spaces: Mapping[str, tuple[int, str]]  # key of a space → its id and the slug of its division
    overlaps: Mapping[int, frozenset[str]]  # id of a space → keys of all spaces that share area with it


class Chunk:
    """Rows taken apart into columns; never changed, and put together with others to a table."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Take the rows apart."""
        self.rows = list(rows)
        places = [(number, PlaceRow(*place)) for number, row in enumerate(rows) for place in row.places]
        self.offer_of_place = np.array([number for number, _ in places], np.int64)
        self.by_offer = {
            "ids": np.array([row.id for row in rows], np.int64),
            "min_age": np.array([row.min_age or 0 for row in rows], np.int16),
            "max_age": np.array([OLDEST if row.max_age is None else row.max_age for row in rows], np.int16),
            "is_free": np.array([row.is_free for row in rows], np.bool_),
            "is_paid": np.array([row.is_paid for row in rows], np.bool_),
            "is_walk_in": np.array([row.is_walk_in for row in rows], np.bool_),
            "outreach": np.array([row.outreach for row in rows], np.bool_),
            "level": np.array([row.resource_level for row in rows], np.int8),
            "verified_on": np.array([row.verified_on for row in rows], np.int32),
            "due_on": np.array([row.due_on for row in rows], np.int32),
            "overdue_on": np.array([row.overdue_on for row in rows], np.int32),
            "sort_key": np.array([sort_key(row.name) for row in rows], np.object_),
        }
        self.by_place = {
            "place_ids": np.array([place.id for _, place in places], np.int64),
            "lon": np.array([math.nan if p.lon is None else p.lon for _, p in places], np.float64),
            "lat": np.array([math.nan if p.lat is None else p.lat for _, p in places], np.float64),
            "hidden": np.array([place.hidden for _, place in places], np.bool_),
            "is_accessible": np.array([place.is_accessible for _, place in places], np.bool_),
            "is_inaccessible": np.array([place.is_inaccessible for _, place in places], np.bool_),
        }
        self.labels = {
            "topics": Pairs([row.topics for row in rows]),
            "first_topics": Pairs([row.topics[:1] for row in rows]),
            "audiences": Pairs([row.audiences for row in rows]),
            "languages": Pairs([row.languages for row in rows]),
            "serves": Pairs([row.serves for row in rows]),
        }
        self.spaces = Pairs([place.spaces for _, place in places])
        self.hours = Hours(rows)


class Table:
    """The offers of a region, one row each, in no particular order."""

    def __init__(self, chunks: Sequence[tuple[Chunk, Mask]], vocabulary: Vocabulary) -> None:
        """Put together the rows of each chunk that its mask keeps."""
        self.vocabulary = vocabulary
        self.chunks = chunks
        self._numbers = _numbers([kept for _, kept in chunks])
        self.rows = [
            row for chunk, kept in chunks for row, is_kept in zip(chunk.rows, kept, strict=True) if is_kept
        ]
        self.ids: NDArray[np.int64] = self._by_offer("ids")
        self.min_age: NDArray[np.int16] = self._by_offer("min_age")
        self.max_age: NDArray[np.int16] = self._by_offer("max_age")
        self.is_free: Mask = self._by_offer("is_free")
        self.is_paid: Mask = self._by_offer("is_paid")
        self.is_walk_in: Mask = self._by_offer("is_walk_in")
        self.outreach: Mask = self._by_offer("outreach")
        self.level: NDArray[np.int8] = self._by_offer("level")
        self.verified_on: NDArray[np.int32] = self._by_offer("verified_on")
        self.due_on: NDArray[np.int32] = self._by_offer("due_on")
        self.overdue_on: NDArray[np.int32] = self._by_offer("overdue_on")
        self._take_places()
        self._take_labels()
        order = np.lexsort((self.ids, self._by_offer("sort_key").astype(np.str_)))
        self.by_name = np.empty(len(self.rows), np.int64)
        self.by_name[order] = np.arange(len(self.rows))

    def __len__(self) -> int:
        """Return the number of offers."""
        return len(self.rows)

    def everything(self) -> Mask:
        """Return all rows."""
        return np.ones(len(self.rows), np.bool_)

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Return the row of each offer by its id."""
        return {int(offer_id): row for row, offer_id in enumerate(self.ids)}

    def at_place(self, places: Mask) -> Mask:
        """Return the offers at any of these places."""
        found = np.zeros(len(self.rows), np.bool_)
        found[self.offer_of_place[places]] = True
        return found

    @cached_property
    def has_hours(self) -> bool:
        """Return whether it is known of any offer when it takes place."""
        return any(chunk.hours.offers for chunk, _ in self.chunks)

    def opening(self, when: str) -> Opening:
        """Return what takes place at a time; see api.search.opening.Hours.open."""
        found = Opening(np.zeros(len(self.place_ids), np.bool_), np.zeros(len(self.rows), np.bool_))
        now, known = clock.now(), self.vocabulary
        for (chunk, _), numbers, places in zip(self.chunks, self._numbers, self._places, strict=True):
            hours = chunk.hours
            if not hours.offers:
                continue
            is_open = hours.open(when, known.zone, known.state, now)
            offers, at = np.array(hours.offers)[is_open], np.array(hours.places)[is_open]
            rows, here = numbers[offers], places[at[at >= 0]]
            found.offers[rows[rows >= 0]] = True
            found.places[here[here >= 0]] = True
            anywhere = rows[(rows >= 0) & (at < 0)]  # at all places of the offer
            found.places[np.isin(self.offer_of_place, anywhere)] = True
        return found

    def in_box(self, box: BBox) -> Mask:
        """Return the places with a public point inside a box, borders included."""
        found: Mask = (
            (self.lon >= box.west)
            & (self.lon <= box.east)
            & (self.lat >= box.south)
            & (self.lat <= box.north)
        )
        return found

    def metres(self, point: LonLat) -> Numbers:
        """Return the metres from a point to each place as the crow flies; infinite for those without a point.

        On a plane that touches the ellipsoid half-way: right to a thousandth within a county.
        """
        middle = np.radians((self.lat + point.lat) / 2)
        flat = 1 - ECCENTRICITY * np.sin(middle) ** 2
        north = np.radians(self.lat - point.lat) * HALF_AXIS * (1 - ECCENTRICITY) / flat**1.5
        east = np.radians(self.lon - point.lon) * HALF_AXIS * np.cos(middle) / np.sqrt(flat)
        found: Numbers = np.where(self.has_point, np.hypot(north, east), math.inf)
        return found

    def nearest(self, point: LonLat) -> Numbers:
        """Return the metres to the nearest public point of each offer; infinite for those without one."""
        found = np.full(len(self.rows), math.inf)
        np.minimum.at(found, self.offer_of_place, self.metres(point))
        return found

    def _by_offer(self, name: str) -> Any:  # noqa: ANN401 - the column says of what kind
        return np.concatenate([chunk.by_offer[name][kept] for chunk, kept in self.chunks])  # type: ignore[index]

    def _take_places(self) -> None:
        kept = [
            numbers[chunk.offer_of_place] >= 0
            for (chunk, _), numbers in zip(self.chunks, self._numbers, strict=True)
        ]
        self._places = _numbers(kept)

        def column(name: str) -> Any:  # noqa: ANN401 - the column says of what kind
            pairs = zip(self.chunks, kept, strict=True)
            return np.concatenate([chunk.by_place[name][mask] for (chunk, _), mask in pairs])

        self.place_ids: NDArray[np.int64] = column("place_ids")
        self.lon: Numbers = column("lon")
        self.lat: Numbers = column("lat")
        self.hidden: Mask = column("hidden")
        self.has_point: Mask = ~np.isnan(self.lon)
        self.offer_of_place: NDArray[np.int64] = np.concatenate(
            [
                numbers[chunk.offer_of_place][mask]
                for (chunk, _), numbers, mask in zip(self.chunks, self._numbers, kept, strict=True)
            ]
        )
        # Places of one offer follow each other: those of row i go from first_place[i] to first_place[i + 1].
        self.first_place: NDArray[np.int64] = np.searchsorted(
            self.offer_of_place, np.arange(len(self.rows) + 1)
        )
        self.accessible_places: Mask = column("is_accessible")
        self.inaccessible_places: Mask = column("is_inaccessible")
        self.is_accessible = self.at_place(self.accessible_places)

    def _take_labels(self) -> None:
        known = self.vocabulary
        self.topics = self._topics("topics")
        self.first_topics = self._topics("first_topics")
        self.top_topic = np.full(
            len(self.rows), -1, np.int64
        )  # place of the first topic in known.top; -1: none
        for number, slug in enumerate(known.top):
            self.top_topic[self.first_topics.matrix[:, self.first_topics.columns[slug]] > 0] = number
        self.audiences = self._tags("audiences", known.audiences)
        self.languages = self._tags("languages")
        self.serves = self._tags("serves")
        spaces = {space for chunk, _ in self.chunks for space in chunk.spaces.labels}
        self.spaces = Tags(len(self.place_ids), sorted(spaces, key=str))
        for (chunk, _), numbers in zip(self.chunks, self._places, strict=True):
            self.spaces.take(chunk.spaces, numbers)
        self._take_residents()
        self.serves_some: Mask = np.asarray(self.serves.matrix.any(axis=1), np.bool_)
        # Who comes to people, or hides the address, belongs to every space unless some are said.
        self.everywhere: Mask = ~self.serves_some & (self.outreach | self.at_place(self.hidden))

    def _take_residents(self) -> None:
        """Find the Stadtteil of each place (at most one), and those to which offers say that they come."""
        known = self.vocabulary
        ids = list(known.resident)
        self.resident_keys = [known.resident[space] for space in ids]
        self.resident_of_place = np.full(len(self.place_ids), -1, np.int64)
        for number, space in enumerate(ids):
            if space in self.spaces.columns:
                self.resident_of_place[self.spaces.matrix[:, self.spaces.columns[space]] > 0] = number
        said = np.zeros((len(self.serves.columns), len(ids)), np.float32)
        for number, space in enumerate(ids):
            for key in known.overlaps.get(space, ()):
                if key in self.serves.columns:
                    said[self.serves.columns[key], number] = 1
        self.served_offer, self.served_resident = np.nonzero(self.serves.matrix @ said)

    def _topics(self, name: str) -> Tags:
        """Return topics, each with the coarser one above it."""
        topics = self._tags(name, self.vocabulary.topics)
        for fine, coarse in self.vocabulary.above.items():
            above = topics.matrix[:, topics.columns[coarse]]
            np.maximum(above, topics.matrix[:, topics.columns[fine]], out=above)
        return topics

    def _tags(self, name: str, labels: Iterable[Label] | None = None) -> Tags:
        if labels is None:
            labels = [label for chunk, _ in self.chunks for label in chunk.labels[name].labels]
        tags = Tags(len(self.rows), sorted(labels, key=str))
        for (chunk, _), numbers in zip(self.chunks, self._numbers, strict=True):
            tags.take(chunk.labels[name], numbers)
        return tags


def _numbers(kept: Sequence[Mask]) -> list[NDArray[np.int64]]:
    """Return for each chunk the number that each of its rows has in the table; -1: not kept."""
    found, first = [], 0
    for mask in kept:
        numbers = np.where(mask, first + np.cumsum(mask) - 1, -1)
        first += int(mask.sum())
        found.append(numbers)
    return found


def sort_key(name: str) -> str:
    """Return what names are ordered by, as by BY_NAME in SQL: letters without accents, then with them.

    Signs before the first letter do not count, and others come before letters.
    """
    start = next((position for position, letter in enumerate(name) if letter.isalnum()), 0)
    letters = "".join(letter if letter.isalnum() else " " for letter in plain(name[start:]))
    return f"{letters}\x01{name[start:].lower()}"
