"""What the pages of what is due show of an entry: where it is, when, whom to call, and what it waits for."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlencode

from fastapi import Request
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core import clock
from api.core.languages import DEFAULT
from api.curation import asking, confirmations, freshness
from api.curation.asking import Whom
from api.curation.confirmations import Confirmation
from api.curation.freshness import Line
from api.curation.freshness_scope import Within, reach
from api.curation.reach import offer_for
from api.offers import reading
from api.offers.freshness import Freshness
from api.offers.schemas import OfferSummary
from api.places.schemas import PlaceOut
from api.regions.models import Region
from api.schedules import saying
from api.schedules import service as schedules
from web.staff.gate import PATH
from web.staff.queue_kinds import Reader

DUE: Final = f"{PATH}/pruefen"
MOST: Final = 200  # entries of a provider on its page, and confirmations in an address
_NUMBER: Final = 15  # digits
# How old what is listed is, by its name in addresses, with what it is called.
KINDS: Final = {
    "": (Freshness.DUE, "Fällig"),
    "lange": (Freshness.OVERDUE, "Lange nicht geprüft"),
    "bald": (Freshness.SOON, "Bald fällig"),
}


class Shown(NamedTuple):
    """An entry as these pages show it."""

    line: Line
    where: list[str]
    hours: list[str]
    whom: list[Whom]
    waits: str
    archive_on: date | None


def within(reader: Reader, organization_id: int | None = None) -> Within:
    """Return the part of the region that somebody wants to see, as far as that person may confirm it."""
    own = reach(reader.person, Action.CONFIRM)
    return Within(reader.spaces, reader.topics, organization_id, own)


def shown(session: Session, region: Region, person: Person, lines: Sequence[Line]) -> list[Shown]:
    """Return entries as these pages show them, in their order."""
    ids = [line.offer_id for line in lines]
    today = clock.today(region.timezone)
    offers = {offer.id: offer for offer in reading.summaries(session, region, ids)}
    rules = schedules.as_agreed(schedules.lines(session, ids)) if ids else {}
    whom = asking.contacts(session, person, ids)
    going = asking.archive_days(session, ids, today)
    found = []
    for line in lines:
        offer = offers[line.offer_id]
        hours = []
        for place in (None, *offer.places):
            known = rules.get((offer.id, place.id if place else None))
            said = saying.say_text(known, DEFAULT, today) if known else place.hours_text if place else ""
            several = place is not None and len(offer.places) > 1
            hours += [f"{_named(place)}: {said}" if place and several else said] if said else []
        hours = hours or ([offer.hours_text] if offer.hours_text else [])
        calls = [one for one in whom.get(offer.id, ()) if one.phone or one.email]
        found.append(Shown(line, _where(offer), hours, calls, waits(line, today), going.get(line.offer_id)))
    return found


def waits(line: Line, today: date) -> str:
    """Return since when an entry waits, or until when it holds: „seit 3 Monaten fällig“."""
    if line.due_on is None:
        return "noch nie geprüft"
    days = (today - line.due_on).days
    if line.state == Freshness.OVERDUE:
        return f"lange nicht geprüft, seit {_long(days)} fällig"
    if line.state == Freshness.DUE:
        return f"seit {_long(days)} fällig"
    return f"in {_long(1 - days)} fällig"


def line_of(session: Session, region: Region, person: Person, offer_id: int) -> Line | None:
    """Return a public entry that a person may confirm; None: it is not public now. Raises NotFoundError."""
    offer_for(session, person, Action.CONFIRM, offer_id)
    return next(iter(freshness.of_offers(session, region, [offer_id])), None)


def kind(request: Request) -> str:
    """Return how old what an address asks for is, as KINDS has it."""
    said = request.query_params.get("stand", "")
    return said if said in KINDS else ""


def address(reader: Reader | None, stand: str = "", page: int = 1, path: str = DUE, **more: str) -> str:
    """Return the address of what is due, as it was filtered."""
    said = {"stand": stand, "seite": str(page) if page > 1 else ""} | more
    if reader is not None:
        said |= {"raum": str(reader.space_id or ""), "thema": reader.topic}
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path


def numbers(said: str) -> list[int]:
    """Return the numbers of revisions in an address or a form: "12-14"; what is no number is passed over."""
    parts = [one for one in said.split("-")[:MOST] if one.isascii() and one.isdecimal()]
    return [int(one) for one in parts if len(one) <= _NUMBER]


def just_confirmed(request: Request, session: Session, region: Region, person: Person) -> list[Confirmation]:
    """Return what an address says was confirmed just now."""
    said = numbers(request.query_params.get("bestaetigt", ""))
    return own(session, region, person, said) if said else []


def own(session: Session, region: Region, person: Person, revision_ids: Sequence[int]) -> list[Confirmation]:
    """Return those of some revisions that a person may take back here: one's own confirmations that stand."""
    found = [
        one for one in confirmations.standing(session, region.id, revision_ids) if one.actor == person.actor
    ]
    ids = [one.offer_id for one in found]
    reached = freshness.of_offers(session, region, ids, Within(reach=reach(person, Action.CONFIRM)))
    known = {line.offer_id for line in reached}
    return [one for one in found if one.offer_id in known]


def _named(place: PlaceOut) -> str:
    return place.name or place.street or "ohne Adresse"


def _where(offer: OfferSummary) -> list[str]:
    if not offer.places:
        return ["kommt zu den Menschen" if offer.outreach else "ohne Ort"]
    return ["Adresse geheim" if place.address_hidden else _address(place) for place in offer.places]


def _address(place: PlaceOut) -> str:
    town = " ".join(part for part in (place.postcode, place.town) if part)
    return ", ".join(part for part in (place.name, place.street, town) if part) or "ohne Adresse"


def _long(days: int) -> str:
    """Return a number of days as people say it, rounded down."""
    for unit, words in ((365, "Jahren"), (30, "Monaten"), (7, "Wochen")):
        if days >= 2 * unit:
            return f"{days // unit} {words}"
    return "einem Tag" if days <= 1 else f"{days} Tagen"
