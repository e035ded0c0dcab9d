"""The life of an offer after it was published: pausing until a day, archiving, and bringing back."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Date, cast, func, select
from sqlmodel import Session, col

from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError
from api.curation import eyes
from api.curation.sheet import get, hold
from api.history.models import Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region

ACTOR: Final = "pause"  # who brings back what somebody has paused until a day
LONGEST_DAYS: Final = 731

_LATER: Final = "Bitte wählen Sie einen Tag nach heute."
_SOONER: Final = "Länger als zwei Jahre macht niemand Pause. Bitte archivieren Sie das Angebot."


def pause(session: Session, act: Act, offer_id: int, until: date | None) -> None:
    """Take an offer off the map until the day on which it is public again; None: until somebody says so.

    Raises InvalidInputError for a day that is not to come, ConflictError if the offer is not public.
    """
    eyes.check(session, act.region_id, act.actor, act.actor)
    _pause(session, act, offer_id, until)


def _pause(session: Session, act: Act, offer_id: int, until: date | None) -> None:
    offer = _held(session, act, offer_id)
    _check_day(until, _today(session, act.region_id))
    if offer.status not in {Status.PUBLISHED, Status.PAUSED}:
        raise ConflictError("Only an offer that is public can pause.")
    offers.change(session, act, offer, {"status": Status.PAUSED, "paused_until": until})


def archive(session: Session, act: Act, offer_id: int) -> None:
    """Take an offer off the map for good; it can be brought back."""
    eyes.check(session, act.region_id, act.actor, act.actor)
    _become(session, act, offer_id, Status.ARCHIVED)


def bring_back(session: Session, act: Act, offer_id: int) -> None:
    """Make an offer public that was paused or archived."""
    eyes.check(session, act.region_id, act.actor, act.actor)
    _become(session, act, offer_id, Status.PUBLISHED)


def ended(session: Session, now: datetime) -> list[tuple[int, int]]:
    """Return region and id of the offers whose pause is over by the calendar of their region."""
    today = cast(func.timezone(col(Region.timezone), now), Date)
    stmt = (
        select(col(Offer.region_id), col(Offer.id))
        .join(Region, col(Region.id) == col(Offer.region_id))
        .where(col(Offer.status) == Status.PAUSED, col(Offer.paused_until) <= today)
        .order_by(col(Offer.region_id), col(Offer.id))
    )
    return [(region_id, offer_id) for region_id, offer_id in session.execute(stmt)]


def end_pauses(session: Session) -> list[int]:
    """Bring back all offers whose pause is over, and return their ids; whoever does it second finds none.

    It is a change like any other and leaves a revision: so search index, kept answers and tags of pages hear
    of it the way they hear of everything (docs/adr/0034).
    """
    now = clock.now()
    for region_id in dict.fromkeys(region_id for region_id, _ in ended(session, now)):
        hold(session, region_id)
    back = ended(session, now)
    for region_id, offer_id in back:
        act = Act(region_id, ACTOR, Origin.COMMAND)
        offer = session.get_one(Offer, offer_id)
        offers.change(session, act, offer, {"status": Status.PUBLISHED, "paused_until": None})
    return [offer_id for _, offer_id in back]


def become(session: Session, act: Act, offer_id: int, status: Status, until: date | None) -> None:
    """Do what a proposal about an offer's state says, whoever has looked at it."""
    if status == Status.PAUSED:
        _pause(session, act, offer_id, until)
    else:
        _become(session, act, offer_id, status)


def check_day(session: Session, region_id: int, until: date | None) -> None:
    """Raise InvalidInputError if nothing can pause until this day."""
    _check_day(until, _today(session, region_id))


def _become(session: Session, act: Act, offer_id: int, status: Status) -> None:
    offer = _held(session, act, offer_id)
    offers.change(session, act, offer, {"status": status, "paused_until": None})


def _held(session: Session, act: Act, offer_id: int) -> Offer:
    hold(session, act.region_id)
    return get(session, act.region_id, offer_id)


def _today(session: Session, region_id: int) -> date:
    return clock.today(session.get_one(Region, region_id).timezone)


def _check_day(until: date | None, today: date) -> None:
    if until is None:
        return
    if until <= today:
        raise InvalidInputError("paused_until: not to come.", [FieldError("paused_until", _LATER)])
    if (until - today).days > LONGEST_DAYS:
        raise InvalidInputError("paused_until: too far.", [FieldError("paused_until", _SOONER)])
