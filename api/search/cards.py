"""What a list shows of an offer, read from the database once for each state of a region and kept as text."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlmodel import Session

from api.core import clock
from api.offers import reading
from api.offers.queries import Wanted
from api.offers.schemas import OfferSummary
from api.regions.models import Region

MOST: Final = 10_000  # kept for each region: about 20 megabytes


class Card(NamedTuple):
    """An offer as lists show it, as JSON, and those of its texts in which words are marked."""

    offer_id: int
    json: str
    name: str
    summary: str
    provider: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]


class Cards:
    """Cards of one state of a region's data; with the next state they go.

    Who asks has seen that this state is the present one (ADR 13): a kept card is as fresh as one just read.
    """

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: dict[int, Card] = {}
        self._day: date | None = None

    def of(self, session: Session, region: Region, ids: Sequence[int], wanted: Wanted) -> list[Card]:
        """Return the cards of published offers, in the order of their ids."""
        if wanted.filter.asks_for_places:
            return read(session, region, ids, wanted)  # places come in the order of the wish, with distances
        today = clock.today(region.timezone)
        if today != self._day or len(self._kept) > MOST:  # whether a check is due changes at midnight
            self._kept, self._day = {}, today
        kept = self._kept
        missing = [offer_id for offer_id in ids if offer_id not in kept]
        new = {card.offer_id: card for card in read(session, region, missing, wanted)}
        found = [new.get(offer_id) or kept.get(offer_id) for offer_id in ids]
        kept.update(new)
        return [card for card in found if card is not None]


def read(session: Session, region: Region, ids: Sequence[int], wanted: Wanted) -> list[Card]:
    """Return the cards of published offers as the database has them now, in the order of ids."""
    return [_card(offer) for offer in reading.summaries(session, region, ids, wanted)]


def _card(offer: OfferSummary) -> Card:
    return Card(
        offer.id,
        offer.model_dump_json(),
        offer.name,
        offer.summary,
        offer.organization.name if offer.organization else "",
        tuple(topic.slug for topic in offer.topics),
        tuple(offer.languages),
    )
