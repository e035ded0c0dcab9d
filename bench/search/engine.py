"""What every search engine that is compared answers: text and filters in, a page of ids and counts out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from api.core.geo import LonLat

Facets = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Filter:
    """What is wanted besides the text; None leaves it open, everything else must hold at once."""

    topic: str | None = None  # its slug; the finer topics below it count, too
    audience: str | None = None
    language: str | None = None  # BCP 47
    age: int | None = None  # years
    cost_free: bool = False  # only what costs people with little money nothing
    space_id: int | None = None
    near: LonLat | None = None
    metres: float = 1000.0  # around near


@dataclass(frozen=True)
class Found:
    """How many offers answer, the ids of the best in rank order, and how many there are for each choice.

    facets: by group (topic, audience, language, cost_free, resource_level, space) and choice; cost_free knows
    the single choice "true", spaces are named by their ids. Each is what choosing it in addition would give.
    """

    total: int
    ids: list[int]
    facets: Facets


class Engine(Protocol):
    """A search engine over the published offers of one region."""

    def find(self, text: str, wanted: Filter, per_page: int = 20) -> Found:
        """Return what answers the text and the filter; an empty text asks for everything."""
        ...
