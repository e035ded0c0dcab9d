"""Where an offer takes place: moving it, correcting the address, ending it there; others stay."""

from typing import Any

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from api.core.errors import FieldError, InvalidInputError
from api.curation import mistakes
from api.history import service as history
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer, OfferAtPlace
from api.places import service as places
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.schedules.models import ScheduleDeviation
from api.sources.models import SourceRecord


def at(session: Session, offer: Offer, place: Place) -> OfferAtPlace | None:
    """Return how an offer takes place somewhere, if it does."""
    return session.scalars(
        select(OfferAtPlace).where(
            col(OfferAtPlace.offer_id) == offer.id, col(OfferAtPlace.place_id) == place.id
        )
    ).first()


def add(session: Session, act: Act, offer: Offer, wanted: PlaceIn, path: str = "places") -> OfferAtPlace:
    """Let an offer take place somewhere new; raises InvalidInputError if it does so already."""
    place = places.at_address(session, act, wanted)
    if at(session, offer, place) is not None:
        raise InvalidInputError(
            "The offer is at this place already.", [FieldError(path, mistakes.THERE_ALREADY)]
        )
    return offers.attach(session, act, offer, place)


def correct(session: Session, act: Act, at_place: OfferAtPlace, values: dict[str, Any], path: str) -> None:
    """Bring the place of an offer to what a person says.

    The same house spelt better is better for everybody under its roof; another address, name, or access
    moves this offer alone. Raises InvalidInputError if it is there already.
    """
    place = session.get_one(Place, at_place.place_id)
    wanted = places.as_changed(place, values)
    target = place if not _is_shared(session, place) else places.at_address(session, act, wanted)
    if target.id != place.id or (target := twin(session, place, wanted) or place).id != place.id:
        offer = session.get_one(Offer, at_place.offer_id)
        if at(session, offer, target) is not None:
            raise InvalidInputError(
                "The offer is at this place already.", [FieldError(path, mistakes.THERE_ALREADY)]
            )
        history.change(session, act, at_place, {"place_id": target.id})
        clear_away(session, act, place)
    else:
        places.change(session, act, place, values)


def follow(session: Session, act: Act, at_place: OfferAtPlace, values: dict[str, Any]) -> OfferAtPlace:
    """Bring the place of an offer to what a source says and return where it takes place then.

    Under a roof that others share only this offer moves. Where it takes place already, both become one.
    """
    place = session.get_one(Place, at_place.place_id)
    wanted = places.as_changed(place, values)
    if _is_shared(session, place):
        target = places.at_address(session, act, wanted)
    elif (alike := twin(session, place, wanted)) is not None:
        target = alike
    else:
        places.change(session, act, place, values)
        return at_place
    if target.id == place.id:
        return at_place
    there = at(session, session.get_one(Offer, at_place.offer_id), target)
    if there is None:
        history.change(session, act, at_place, {"place_id": target.id})
    else:
        end(session, act, at_place, there)
    clear_away(session, act, place)
    return there or at_place


def end(session: Session, act: Act, at_place: OfferAtPlace, into: OfferAtPlace | None = None) -> None:
    """End an offer at a place; rows of lists that were about it are about another one then, or about none."""
    rows = select(SourceRecord).where(col(SourceRecord.offer_at_place_id) == at_place.id)
    for row in session.scalars(rows.order_by(col(SourceRecord.id))).all():
        history.change(session, act, row, {"offer_at_place_id": into.id if into else None})
    offers.detach(session, act, at_place)


def clear_away(session: Session, act: Act, place: Place) -> None:
    """Remove a place that nothing needs any more."""
    is_named = exists().where(col(ScheduleDeviation.place_id) == place.id)
    if not _users(session, place) and not session.scalar(select(is_named)):
        history.delete(session, act, place)


def twin(session: Session, place: Place, wanted: PlaceIn) -> Place | None:
    """Return another place that is already as this one is to become."""
    alike = [
        getattr(Place, column).is_not_distinct_from(value) for column, value in wanted.model_dump().items()
    ]
    return session.scalars(
        select(Place)
        .where(col(Place.region_id) == place.region_id, col(Place.id) != place.id, *alike)
        .order_by(col(Place.id))
    ).first()


def _users(session: Session, place: Place) -> int:
    count = select(func.count()).select_from(OfferAtPlace).where(col(OfferAtPlace.place_id) == place.id)
    return session.scalar(count) or 0


def _is_shared(session: Session, place: Place) -> bool:
    return _users(session, place) > 1
