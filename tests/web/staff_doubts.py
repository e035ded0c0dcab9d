"""What the tests of the queue share beyond proposals: checks that have looked over the town."""

from sqlmodel import Session, select

from api.curation.sheet import apply, read
from api.doubts.listing import Line, Wanted, doubts
from api.doubts.models import Kind, State
from api.offers.models import Offer
from importers.checking.run import check
from tests.curation.sheets import OTHER, by
from tests.web.staff_queue import Town

WRONG, RIGHT = "+49 030 5550123", "+49 30 5550123"


def look(town: Town) -> None:
    """The checks look over all offers, as they do every night."""
    with town.open() as (session, region):
        check(session, region, list(session.exec(select(Offer.id))))


def line(town: Town, kind: Kind, offer_id: int = 0, state: State = State.OPEN) -> Line:
    """The only doubt of a kind, about one offer or any."""
    with town.open() as (session, region):
        wanted = Wanted(kinds=[kind], offer_id=offer_id or None, state=state)
        (found,) = doubts(session, region, wanted).results
        return found


def state(town: Town, kind: Kind, offer_id: int) -> list[State]:
    """In which states there are doubts of a kind about an offer."""
    with town.open() as (session, region):
        found = [
            one
            for state in State
            for one in doubts(session, region, Wanted(kinds=[kind], offer_id=offer_id, state=state)).results
        ]
    return [one.state for one in found]


def set_value(town: Town, offer_id: int, path: str, new: object) -> None:
    """Somebody else changes an entry; path: without its number for a part there is only one of."""
    with town.open() as (session, region):
        sheet = read(session, session.get_one(Offer, offer_id))
        kind, _, name = path.partition("/")
        old = sheet[kind]
        if name:
            ((key, part),) = sheet[kind].items()
            path, old = f"{kind}/{key}/{name}", part[name]
        offer = session.get_one(Offer, offer_id)
        assert apply(session, by(region, OTHER), offer, {path: {"old": old, "new": new}}).written


def phone(town: Town, offer_id: int) -> str:
    """The telephone number of an offer."""
    with Session(town.engine) as session:
        ((_, contact),) = read(session, session.get_one(Offer, offer_id))["contacts"].items()
    return str(contact["phone"])
