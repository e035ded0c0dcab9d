"""The offers that all compared engines are filled with: what may be searched, and nothing hidden."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from api.offers.models import Cost

_STATEMENT: Final = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Place:
    """Where an offer takes place, as strangers see it, and the names of the spaces it lies in."""

    name: str | None
    street: str | None
    postcode: str | None
    town: str | None
    lon: float | None  # EPSG:4326
    lat: float | None
    spaces: list[str]

    def words(self) -> list[str]:
        """Return all that can be said of it."""
        return [word for word in (self.name, self.street, self.postcode, self.town) if word] + self.spaces


@dataclass(frozen=True)
class Document:
    """One published offer."""

    id: int
    slug: str
    name: str
    summary: str
    description: str
    provider: str
    topics: list[str]  # slugs, with those of the broader topics
    topic_names: list[str]  # in German
    topic_synonyms: list[str]
    audiences: list[str]
    audience_names: list[str]
    languages: list[str]  # BCP 47
    min_age: int | None  # years
    max_age: int | None
    cost: str
    resource_level: int
    verified_on: date | None
    places: list[Place]
    space_ids: list[int]  # of all divisions in which it is found or to which it comes
    stadtteil_ids: list[int]  # those of them that residents choose from
    is_everywhere: bool  # it belongs to every space, see api.offers.queries.comes_everywhere

    @property
    def is_cost_free(self) -> bool:
        """Return whether it costs people with little money nothing."""
        return self.cost in {Cost.FREE, Cost.COVERED}

    @property
    def points(self) -> list[tuple[float, float]]:
        """Return longitude and latitude of its public points."""
        return [(at.lon, at.lat) for at in self.places if at.lon is not None and at.lat is not None]


def documents(session: Session, region_id: int) -> list[Document]:
    """Return the published offers of a region, ordered by id; one statement."""
    rows = session.execute(text(_STATEMENT), {"region": region_id}).mappings()
    return [Document(**{**row, "places": [Place(**place) for place in row["places"]]}) for row in rows]
