"""How to refer to an offer: read and written; who may read it is for api.curation.professionals to say."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import Session, col

from api.history import service as history
from api.history.entities import recorded
from api.offers.models import Offer
from api.offers.referring_models import MOST_WEEKS, Capacity, Law, OfferReferral, Paper, Way

# After so many days, what a provider said of waiting and capacity is shown as old.
OLD_AFTER: Final = timedelta(weeks=8)
# Said at one moment by the provider, and true only together.
WORD: Final = ("waiting_weeks", "capacity", "said_on")

_Line = Annotated[str, StringConstraints(max_length=300)]
_Long = Annotated[str, StringConstraints(max_length=2000)]


class Referral(BaseModel):
    """How to refer to one offer."""

    way: Way = Way.UNKNOWN
    how: _Long = ""
    waiting_weeks: Annotated[int, Field(ge=0, le=MOST_WEEKS)] | None = None
    capacity: Capacity = Capacity.UNKNOWN
    said_on: date | None = None
    requirements: _Long = ""
    papers: list[Paper] = []
    papers_note: _Line = ""
    laws: list[Law] = []
    laws_note: _Line = ""

    @property
    def has_word(self) -> bool:
        """Return whether the provider has said anything of waiting or capacity."""
        return self.waiting_weeks is not None or self.capacity != Capacity.UNKNOWN

    def is_old(self, today: date) -> bool:
        """Return whether that was said so long ago that it should be asked again."""
        return self.said_on is not None and today - self.said_on > OLD_AFTER


FIELDS: Final = tuple(Referral.model_fields)
EMPTY: Final[Mapping[str, Any]] = Referral().model_dump(mode="json")


def as_written(session: Session, offer_id: int) -> dict[str, Any]:
    """Return the fields of an offer in JSON, for editing; EMPTY if nobody has said anything."""
    row = _row(session, offer_id)
    return {name: recorded(getattr(row, name)) if row else EMPTY[name] for name in FIELDS}


def write(session: Session, act: history.Act, offer_id: int, said: Mapping[str, Any]) -> None:
    """Write some fields of an offer, given in JSON; when nothing is left to say, the row goes."""
    row = _row(session, offer_id)
    before = {name: recorded(getattr(row, name)) for name in FIELDS} if row else dict(EMPTY)
    new = Referral.model_validate({**before, **said})
    is_empty = new == Referral()
    values = {name: _stored(getattr(new, name)) for name in (said if row else FIELDS)}
    if row is None:
        if not is_empty:
            history.create(session, act, OfferReferral(offer_id=offer_id, **values))
    elif is_empty:
        history.delete(session, act, row)
    else:
        history.change(session, act, row, values)


def of_offers(session: Session, offer_ids: Sequence[int]) -> dict[int, Referral]:
    """Return how to refer to each of these offers of which anything is known."""
    rows = session.scalars(select(OfferReferral).where(col(OfferReferral.offer_id).in_(offer_ids)))
    return {
        row.offer_id: Referral.model_validate({name: getattr(row, name) for name in FIELDS}) for row in rows
    }


def has_room(today: date) -> ColumnElement[bool]:
    """Return the condition on Offer for those whose provider has lately said that there is room."""
    return exists().where(
        col(OfferReferral.offer_id) == col(Offer.id),
        or_(*(col(OfferReferral.capacity) == one for one in (Capacity.YES, Capacity.FEW))),
        col(OfferReferral.said_on) >= today - OLD_AFTER,
    )


def _row(session: Session, offer_id: int) -> OfferReferral | None:
    return session.scalars(select(OfferReferral).where(col(OfferReferral.offer_id) == offer_id)).first()


def _stored(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    """Return a value as the column holds it: lists are of plain texts."""
    return [str(one) for one in value] if isinstance(value, list) else value
