"""Referral lists as they come in and go out."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from api.offers.schemas import OfferSummary
from api.referrals.models import Note


class Wanted(NamedTuple):
    """An entry as somebody wants it."""

    offer_id: int
    place_id: int | None = None  # none: all places of the offer
    notes: frozenset[Note] = frozenset()


class Standing(StrEnum):
    """What has become of an entry since the list was made."""

    SAME = "same"
    CHANGED = "changed"
    MERGED = "merged"  # the offer is part of another one now, which is shown
    PAUSED = "paused"
    GONE = "gone"


class Entry(NamedTuple):
    """An entry as it stands today."""

    number: int  # from 1; numbers stay, whatever is gone
    notes: tuple[Note, ...]  # in the order of the vocabulary
    standing: Standing
    offer: OfferSummary | None  # with the places that are meant; None: nothing of it is public any more
    place_id: int | None
    paused_until: date | None = None  # the day on which it is public again, if somebody has said so


class Opened(NamedTuple):
    """A list that can be opened today."""

    id: int
    created_on: date
    expires_on: date
    entries: list[Entry]

    @property
    def offers(self) -> list[OfferSummary]:
        """The offers that are still there, in their order; one may stand there twice."""
        return [entry.offer for entry in self.entries if entry.offer is not None]
