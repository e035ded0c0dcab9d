"""What somebody changes in the town, each as one commit."""

from sqlmodel import Session, select

from api.history import service as history
from api.offers import service as offers
from api.offers.models import Contact, OfferAtPlace
from api.offers.schemas import ContactIn
from api.organizations.models import Organization
from api.places import service as places
from api.regions.models import Region
from api.spaces.models import Space
from api.taxonomy.models import Audience, Topic
from tests.factories import act
from tests.search.town import Change, offer_named, place_named

DEBTS, TODDLERS, FOOTBALL, THEATRE = (
    "Schuldnerberatung Nord",
    "Krabbelgruppe",
    "Fußballtraining",
    "Theaterprobe",
)
EVERYTHING = {DEBTS, TODDLERS, FOOTBALL}


def offer(name: str, /, **values: object) -> Change:
    return lambda s, r: offers.change(s, act(r), offer_named(s, name), values)


def place(name: str, /, **values: object) -> Change:
    return lambda s, r: places.change(s, act(r), place_named(s, name), values)


def take_away(session: Session, region: Region) -> None:
    """Delete an offer with all that hangs on it, as undoing an import does."""
    gone = offer_named(session, DEBTS)
    for table in (OfferAtPlace, Contact):
        for row in session.exec(select(table).where(table.offer_id == gone.id)):
            history.delete(session, act(region), row)
    history.delete(session, act(region), gone)


def move(session: Session, region: Region) -> None:
    """Let the toddlers meet in the other house."""
    toddlers = offer_named(session, TODDLERS)
    at = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == toddlers.id)).one()
    offers.detach(session, act(region), at)
    offers.attach(session, act(region), toddlers, place_named(session, "Haus Regenbogen"))


def rename_provider(session: Session, region: Region) -> None:
    provider = session.exec(select(Organization)).one()
    history.change(session, act(region), provider, {"name": "Verein Abendstern"})


def space(name: str, field: str, value: str) -> Change:
    return lambda s, _r: setattr(s.exec(select(Space).where(Space.name == name)).one(), field, value)


def topic(slug: str, field: str, value: object) -> Change:
    return lambda s, _r: setattr(s.exec(select(Topic).where(Topic.slug == slug)).one(), field, value)


def contact(**values: object) -> Change:
    return lambda s, r: offers.set_contact(
        s, act(r), offer_named(s, DEBTS), ContactIn(label="Anmeldung Tannenzapf", **values)
    )


def audience(session: Session, _region: Region) -> None:
    session.exec(select(Audience)).one().names = {"de": "Nachtigallen"}


def note(session: Session, region: Region) -> None:
    football, market = offer_named(session, FOOTBALL), place_named(session, "Marktplatz")
    offers.attach(session, act(region), football, market, note="Eingang Hinterhof")
