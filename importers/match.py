"""Which rows mean an offer that another source or a person has already entered.

Deliberately simple, so that it can be explained: two entries are the same when they are called the same and
stand in the same house. Whatever is less certain is left to people. A hidden address is never compared: no
report and no proposal may tell how far it is from anywhere.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from api.core.text import fold
from api.offers.models import Offer, OfferAtPlace, Status
from api.places.models import Place
from api.sources.models import SourceRecord
from importers.record import Record

NEAR_METRES = 150.0
SAME_HOUSE_METRES = 60.0
ALIKE = 0.8
SAME = 0.95

# Legal forms, articles and kinds of house that lists write or leave out as they like.
_LEGAL = ("e", "v", "ev", "ggmbh", "gmbh", "mbh", "gag", "ggag", "ug")
_HOUSES = ("jfe", "kjfe", "jugendfreizeiteinrichtung", "jugendfreizeitstaette")
_NOISE = frozenset((*_LEGAL, *_HOUSES, "der", "die", "das"))


class Verdict(StrEnum):
    """How sure it is that a row means an offer that is there already."""

    NEW = "new"
    CERTAIN = "certain"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Candidate:
    """An offer nearby that may be meant."""

    offer_id: int
    at_place_id: int
    name: str
    status: Status
    metres: float
    likeness: float

    @property
    def is_certain(self) -> bool:
        """Return whether nobody needs to look at it."""
        same = self.likeness >= SAME and self.metres <= SAME_HOUSE_METRES
        return same and self.status == Status.PUBLISHED

    @property
    def reason(self) -> str:
        """Return why it may be the same, for the person who decides."""
        return (
            f"Vielleicht schon vorhanden: „{self.name}“ (Angebot {self.offer_id}),"
            f" {self.metres:.0f} m entfernt, Name zu {self.likeness * 100:.0f} % gleich."
        )


def match(
    session: Session, region_id: int, source_id: int, record: Record
) -> tuple[Verdict, Candidate | None]:
    """Return whether a new row of a source means an offer that is there, and which one."""
    if record.lon is None or record.lat is None or record.address_hidden:
        return Verdict.NEW, None
    alike = [
        candidate
        for candidate in nearby(session, region_id, source_id, record.lon, record.lat, record.name)
        if candidate.likeness >= ALIKE
    ]
    if not alike:
        return Verdict.NEW, None
    best = max(alike, key=lambda candidate: (candidate.likeness, -candidate.metres, -candidate.offer_id))
    certain = {candidate.offer_id for candidate in alike if candidate.is_certain}
    return (Verdict.CERTAIN if certain == {best.offer_id} else Verdict.DOUBTFUL), best


def nearby(
    session: Session, region_id: int, source_id: int, lon: float, lat: float, name: str
) -> list[Candidate]:
    """Return the offers within NEAR_METRES that the source has no row for, with their likeness."""
    return [
        Candidate(offer_id, at_place_id, called, status, metres, likeness(name, called))
        for offer_id, at_place_id, called, status, metres in session.execute(
            neighbours(region_id, source_id, lon, lat)
        )
    ]


def neighbours(region_id: int, source_id: int, lon: float, lat: float) -> Select[Any]:
    """Return the query for offers within NEAR_METRES (uses the index on geography(geom))."""
    point = func.geography(func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326))
    ours = select(col(SourceRecord.offer_id)).where(col(SourceRecord.source_id) == source_id)
    metres = func.ST_Distance(func.geography(col(Place.geom)), point)
    return (
        select(col(Offer.id), col(OfferAtPlace.id), col(Offer.name), col(Offer.status), metres)
        .join(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .join(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .where(
            func.ST_DWithin(func.geography(col(Place.geom)), point, NEAR_METRES),
            col(Place.address_hidden).is_(False),
            col(Offer.region_id) == region_id,
            col(Offer.id).not_in(ours),
        )
    )


def likeness(one: str, other: str) -> float:
    """Return how much alike two names are, 0 to 1; "Kita 1" and "Kita 2" are not alike at all."""
    words, others = _words(one), _words(other)
    if _numbers(words) != _numbers(others):
        return 0.0
    return SequenceMatcher(None, " ".join(words), " ".join(others), autojunk=False).ratio()


def _words(name: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", fold(name))
    return [word for word in words if word not in _NOISE] or words


def _numbers(words: list[str]) -> list[str]:
    return [word for word in words if word.isdigit()]
