"""What a list shows of an offer, read from the database once for each state of an offer and kept as text."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session

from api.core import clock
from api.offers import reading
from api.offers.queries import Wanted
from api.offers.schemas import OfferSummary
from api.places.schemas import PlaceOut
from api.regions.models import Region
from api.schedules.schemas import HoursOut
from api.schedules.timetable import Timetable
from api.search.counting import Choice

MOST: Final = 10_000  # kept for each region: about 20 megabytes
AT_ONCE: Final = 100  # read in one statement when nobody waits for them
OF_A_WISH: Final = {"distance_metres", "matches", "hours"}  # what of a place depends on who asks, and when
PLAIN: Final = (True, None)

Seen = Mapping[int, tuple[bool, int | None]]


class Card(NamedTuple):
    """An offer as lists show it, as JSON, and those of its texts in which words are marked."""

    offer_id: int
    json: str
    name: str
    summary: str
    provider: str
    topics: tuple[str, ...]
    languages: tuple[str, ...]


class _Hours:
    """What can be said of hours just now, as JSON, worked out again when it changes."""

    def __init__(self, timetable: Timetable | None) -> None:
        self._timetable = timetable
        self._said = "null"
        self._until: datetime | None = None  # the next change; what is kept of a card goes at midnight

    def at(self, now: datetime) -> str:
        if self._timetable is None:
            return self._said
        if self._until is None or now >= self._until:
            status = self._timetable.status(now)
            self._said = HoursOut.of(status).model_dump_json()
            self._until = status.until or now + timedelta(days=1)
        return self._said


class _Place(NamedTuple):
    """A place of a card: its JSON without the end, and its hours."""

    id: int
    begun: str
    hours: _Hours


class _Kept(NamedTuple):
    """A card taken apart where a wish has a say: its JSON up to the places, and these without their ends."""

    card: Card
    hours: _Hours
    places: tuple[_Place, ...]

    def seen(self, seen: Seen | None, now: datetime) -> Card:
        """Return the card with the places that answer a wish first, then by distance; None: no wish."""

        def order(place: _Place) -> tuple[bool, bool, int]:
            fits, metres = seen.get(place.id, (False, None)) if seen is not None else PLAIN
            return not fits, metres is None, metres or 0

        said = []
        for place in self.places if seen is None else sorted(self.places, key=order):
            fits, metres = seen.get(place.id, (False, None)) if seen is not None else PLAIN
            away = "null" if metres is None else metres
            rest = f'"matches":{"true" if fits else "false"},"hours":{place.hours.at(now)}'
            said.append(f'{place.begun},"distance_metres":{away},{rest}}}')
        hours = self.hours.at(now)
        return self.card._replace(json=f'{self.card.json},"hours":{hours},"places":[{",".join(said)}]}}')


class Cards:
    """Cards of one state of a region's data.

    Who asks has seen that this state is the present one (ADR 13): a kept card is as fresh as one just read.
    """

    def __init__(self, day: date | None = None, kept: Mapping[int, _Kept] | None = None) -> None:
        """Keep nothing yet, or what has been read on a day."""
        self._day = day
        self._kept = dict(kept or {})

    def but(self, changed: Collection[int]) -> "Cards":
        """Return the cards for a next state in which only these offers have changed."""
        kept = dict(self._kept)  # at once: others may be adding to it
        return Cards(self._day, {offer_id: one for offer_id, one in kept.items() if offer_id not in changed})

    def of(
        self, session: Session, region: Region, ids: Sequence[int], choice: Choice | None = None
    ) -> list[Card]:
        """Return the cards of published offers, in the order of ids; places as a choice sees them."""
        kept = self._filled(session, region, ids)
        found = [kept[offer_id] for offer_id in ids if offer_id in kept]
        now = clock.now()
        return [one.seen(choice.seen(one.card.offer_id) if choice else None, now) for one in found]

    def fill(self, session: Session, region: Region, ids: Sequence[int]) -> Iterator[None]:
        """Read cards before anybody asks for them, a few with each step, as many as are kept."""
        for start in range(0, min(len(ids), MOST), AT_ONCE):
            self._filled(session, region, ids[start : min(start + AT_ONCE, MOST)])
            yield

    def _filled(self, session: Session, region: Region, ids: Sequence[int]) -> Mapping[int, _Kept]:
        """Return what is kept, in which the published ones of these offers are."""
        today = clock.today(region.timezone)
        if today != self._day or len(self._kept) > MOST:  # whether a check is due changes at midnight
            self._kept, self._day = {}, today
        kept = self._kept
        missing = [offer_id for offer_id in ids if offer_id not in kept]
        if missing:
            hours = reading.timetables(session, region, missing)
            for offer in reading.summaries(session, region, missing):
                kept[offer.id] = _taken_apart(offer, hours)
        return kept


def read(session: Session, region: Region, ids: Sequence[int], wanted: Wanted) -> list[Card]:
    """Return the cards of published offers as the database has them now, in the order of ids."""
    return [
        _card(offer, offer.model_dump_json()) for offer in reading.summaries(session, region, ids, wanted)
    ]


def _taken_apart(offer: OfferSummary, hours: Mapping[tuple[int, int | None], Timetable]) -> _Kept:
    before = offer.model_dump_json(exclude={"hours", "places"}).removesuffix("}")
    places = tuple(
        _Place(place.id, _begun(place), _Hours(hours.get((offer.id, place.id)))) for place in offer.places
    )
    return _Kept(_card(offer, before), _Hours(hours.get((offer.id, None))), places)


def _begun(place: PlaceOut) -> str:
    return place.model_dump_json(exclude=OF_A_WISH).removesuffix("}")


def _card(offer: OfferSummary, json: str) -> Card:
    return Card(
        offer.id,
        json,
        offer.name,
        offer.summary,
        offer.organization.name if offer.organization else "",
        tuple(topic.slug for topic in offer.topics),
        tuple(offer.languages),
    )
