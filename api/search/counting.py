"""Which rows of a table a wish leaves, and how many each choice would give: api.offers.facets, in memory."""

import math
from typing import Final

import numpy as np

from api.offers.queries import Wanted
from api.offers.schemas import DEFAULT_METRES, Facets
from api.schedules.agenda import CHOICES
from api.search.table import Numbers, Table
from api.search.tags import Mask, Tags

GROUPS: Final = ("topic", "audience", "language", "cost_free", "resource_level", "space")


class Choice:
    """The offers that answer a wish and a text, taken apart by groups of choices."""

    def __init__(self, table: Table, wanted: Wanted, text: Mask) -> None:
        """Take the rows that answer the text, and judge all by the wish."""
        self.table = table
        self.wanted = wanted
        beyond = wanted.without_division(table.vocabulary.resident_division) if wanted.spaces else wanted
        near = wanted.filter.near
        self._metres = None if near is None else table.metres(near)
        asked = wanted.filter.when
        self._opening = table.opening(asked) if asked else None
        here = _places(table, wanted, self._metres)
        self._here = here  # at whatever time
        self.places = here & self._opening.places if self._opening else here
        is_beyond = beyond.spaces != wanted.spaces
        there = _places(table, beyond, self._metres) if is_beyond else here
        self._beyond_places = there & self._opening.places if self._opening else there
        self._beyond = beyond
        self._anywhere = text & _for_age(table, wanted)
        self._base = self._anywhere & _somewhere(table, beyond, self._beyond_places)
        if self._opening:
            self._base &= self._opening.offers
        self._fits = _fits(table, wanted)
        if is_beyond:
            self._fits["space"] = _somewhere(table, wanted, self.places)
        self.found = self.but("")

    def seen(self, offer_id: int) -> dict[int, tuple[bool, int | None]] | None:
        """Return of each place of an offer whether it answers the wish, and its distance in metres.

        None if no places are asked for. As api.offers.reading has it.
        """
        asked = self.wanted.filter
        if not asked.asks_for_places:
            return None
        row = self.table.row_of.get(offer_id)
        if row is None:
            return {}
        here = slice(int(self.table.first_place[row]), int(self.table.first_place[row + 1]))
        away = self._metres[here] if self._metres is not None else None
        found = zip(self.table.place_ids[here].tolist(), self.places[here].tolist(), strict=True)
        return {
            place_id: (fits, round(float(away[at])) if away is not None and math.isfinite(away[at]) else None)
            for at, (place_id, fits) in enumerate(found)
        }

    def but(self, group: str) -> Mask:
        """Return the rows that answer everything but one group."""
        found = self._base
        for other, fits in self._fits.items():
            if other != group:
                found = found & fits
        return found

    def facets(self) -> Facets:
        """Return the counts of all groups; a group's own choice is left out when its choices are counted."""
        table = self.table
        levels = np.bincount(table.level[self.but("resource_level")], minlength=5)
        drawn = self.places & table.has_point & self.found[table.offer_of_place]
        total = int(self.found.sum())
        # Numbers of our own need no check.
        return Facets.model_construct(
            topic=_by_name(table.topics, self.but("topic")),
            audience=_by_name(table.audiences, self.but("audience")),
            language=_by_name(table.languages, self.but("language")),
            space=self._spaces(),
            when=self._when(),
            resource_level={level: int(count) for level, count in enumerate(levels) if count},
            cost_free=int((self.but("cost_free") & table.is_free).sum()),
            total=total,
            points=int(drawn.sum()),
            without_point=total - int(table.at_place(drawn).sum()),
        )

    def _when(self) -> dict[str, int]:
        """Count the offers that take place at each of the times."""
        if not self.table.has_hours:
            return {}
        found = self._anywhere.copy()
        for group, fits in self._fits.items():
            if group != "space":
                found &= fits
        counts = {}
        for when in CHOICES:
            opened = self.table.opening(when)
            here = _somewhere(self.table, self.wanted, self._here & opened.places)
            counts[when] = int((found & opened.offers & here).sum())
        return {when: count for when, count in counts.items() if count}

    def _spaces(self) -> dict[str, int]:
        """Count offers in each Stadtteil by the same rule by which choosing it would find them."""
        table, size = self.table, len(self.table.resident_keys)
        if not size:
            return {}
        but_space = self.but("space")
        asks_for_points = bool(self.wanted.filter.bbox or self.wanted.filter.near)
        single = but_space if asks_for_points else but_space & ~table.everywhere
        rows = self._beyond_places & (table.resident_of_place >= 0) & single[table.offer_of_place]
        pairs = table.offer_of_place[rows] * size + table.resident_of_place[rows]
        if not asks_for_points:
            comes = single & _comes_to_all(table, self._beyond)
            kept = comes[table.served_offer]
            pairs = np.concatenate([pairs, table.served_offer[kept] * size + table.served_resident[kept]])
        counts = np.bincount(np.unique(pairs) % size, minlength=size)
        if not asks_for_points:
            counts = counts + int((but_space & table.everywhere).sum())
        return {key: int(count) for key, count in zip(table.resident_keys, counts, strict=True) if count}


def _by_name(tags: Tags, rows: Mask) -> dict[str, int]:
    return {str(label): count for label, count in tags.counts(rows).items()}


def _fits(table: Table, wanted: Wanted) -> dict[str, Mask]:
    """Return the rows that answer each group in which something is chosen."""
    asked = wanted.filter
    found: dict[str, Mask] = {}
    if asked.topic:
        found["topic"] = table.topics.any_of(wanted.topics)
    if asked.audience:
        found["audience"] = table.audiences.any_of(asked.audience)
    if asked.language:
        found["language"] = table.languages.any_of(asked.language)
    if asked.cost_free:
        found["cost_free"] = table.is_free
    if asked.resource_level:
        found["resource_level"] = np.isin(table.level, asked.resource_level)
    return found


def _for_age(table: Table, wanted: Wanted) -> Mask:
    age = wanted.filter.age
    if age is None:
        return table.everything()
    found: Mask = (table.min_age <= age) & (table.max_age >= age)
    return found


def _places(table: Table, wanted: Wanted, metres: Numbers | None) -> Mask:
    """Return the places that answer all conditions on places."""
    found = np.ones(len(table.place_ids), np.bool_)
    for chosen in wanted.spaces:
        found &= table.spaces.any_of(chosen.ids)
    if wanted.filter.bbox is not None:
        found &= table.in_box(wanted.filter.bbox)
    if metres is not None:
        found &= metres <= (wanted.filter.metres or DEFAULT_METRES)
    return found


def _comes_to_all(table: Table, wanted: Wanted) -> Mask:
    found = table.everything()
    for chosen in wanted.spaces:
        found &= table.serves.any_of(chosen.keys)
    return found | table.everywhere


def _somewhere(table: Table, wanted: Wanted, places: Mask) -> Mask:
    """Return the offers that are found, or come, where they are wanted; see api.offers.queries.somewhere."""
    if not (wanted.spaces or wanted.filter.bbox or wanted.filter.near):
        return table.everything()
    at_place = table.at_place(places)
    if wanted.filter.bbox or wanted.filter.near:
        return at_place
    return at_place | _comes_to_all(table, wanted)
