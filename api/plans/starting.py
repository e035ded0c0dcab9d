"""Where a family sets out: never more exactly than about 100 metres, and kept nowhere."""

from typing import Final, NamedTuple

from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError
from api.core.geo import LonLat
from api.plans.schemas import PlanQuestion
from api.regions.models import Region
from api.spaces import service as spaces

DIGITS: Final = 3  # of a degree: about 100 metres


class Start(NamedTuple):
    """A point, and all spaces that it may lie in; without a point nobody has said where."""

    point: LonLat | None = None
    spaces: frozenset[str] = frozenset()


def start(session: Session, region: Region, question: PlanQuestion) -> Start:
    """Return where a family sets out. Raises InvalidInputError that names the field."""
    if question.near is not None:
        point = LonLat(round(question.near.lon, DIGITS), round(question.near.lat, DIGITS))
        return Start(point, frozenset(spaces.covering(session, region, point.lon, point.lat)))
    if question.space is None:
        return Start()
    try:
        number = spaces.space_id(session, region, question.space)
    except InvalidInputError as error:
        raise InvalidInputError(errors=[FieldError("space", error.detail)]) from error
    middle = LonLat(*spaces.middle(session, region, question.space))
    return Start(middle, frozenset(spaces.overlapping_keys(session, [number])))
