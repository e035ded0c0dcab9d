"""A provider's own entries as residents see them, and what has been said about each by this link."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from api.core import clock
from api.core.languages import DEFAULT
from api.curation import freshness_links, provider_answers
from api.curation.freshness import Line
from api.curation.freshness_models import ProviderLink
from api.offers import reading
from api.offers import service as offers
from api.offers.schemas import ContactOut, OfferSummary
from api.places.schemas import PlaceOut
from api.schedules import saying
from api.schedules import service as schedules
from api.schedules.rules import Rule
from web import hours
from web.provider.gate import Here

MOST: Final = 100  # entries in full on one page; who has confirmed them sees the next ones
HIDDEN: Final = "Adresse geheim"


class Where(NamedTuple):
    """A place and its hours in words; no name: wherever the offer is."""

    name: str
    hours: list[str]


class State(NamedTuple):
    """What has been said about an entry by this link."""

    line: Line
    decision: str  # of the last proposal: open, accepted, declined, obsolete; empty: none was made
    is_confirmed: bool

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to say."""
        return bool(self.decision) or self.is_confirmed


class Card(NamedTuple):
    """An entry in full."""

    state: State
    offer: OfferSummary
    now: str
    where: list[Where]
    contacts: list[ContactOut]
    has_changed: bool  # since the mail, by somebody else

    @property
    def line(self) -> Line:
        """Return it as lists of what is due show it."""
        return self.state.line


def states(here: Here, link: ProviderLink) -> list[State]:
    """Return all entries of a link, the oldest first."""
    said = provider_answers.answered(here.session, link)
    # What was checked since the mail, by whomever, needs no second look.
    since = link.created_at.astimezone(ZoneInfo(here.region.timezone)).date()
    return [
        State(
            line,
            said[line.offer_id].value if line.offer_id in said else "",
            line.verified_on is not None and line.verified_on >= since,
        )
        for line in freshness_links.entries(here.session, here.region, link)
    ]


def cards(here: Here, link: ProviderLink, asked: list[State]) -> list[Card]:
    """Return entries in full, at most MOST."""
    by_id = {one.line.offer_id: one for one in asked[:MOST]}
    rules = schedules.as_agreed(schedules.lines(here.session, list(by_id)))
    return [
        Card(
            by_id[offer.id],
            offer,
            _now(here, offer),
            _where(here, offer, rules),
            reading.contacts(here.session, offer.id),
            by_id[offer.id].line.seen > link.seen_revision,
        )
        for offer in offers.by_ids(here.session, here.region, list(by_id))
    ]


def _now(here: Here, offer: OfferSummary) -> str:
    found = hours.now_of(offer.hours, offer.places, here.region, DEFAULT)
    return found.text if found else ""


def _where(
    here: Here, offer: OfferSummary, rules: Mapping[tuple[int, int | None], tuple[Rule, ...]]
) -> list[Where]:
    today = clock.today(here.region.timezone)

    def said(place_id: int | None, words: str) -> list[str]:
        lines = rules.get((offer.id, place_id), ())
        return [*saying.say(lines, DEFAULT, today), *([words] if words else [])]

    found = [Where(_called(place), said(place.id, place.hours_text)) for place in offer.places]
    anywhere = said(None, offer.hours_text)
    return [*found, Where("", anywhere)] if anywhere or not found else found


def _called(place: PlaceOut) -> str:
    town = " ".join(filter(None, (place.postcode, place.town)))
    address = (HIDDEN,) if place.address_hidden else (place.street, town)
    return ", ".join(filter(None, (place.name, *address)))
