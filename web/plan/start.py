"""Where a family sets out: a Stadtteil, an address or a point; an address is looked up here and forgotten."""

from typing import Final, NamedTuple

from sqlmodel import Session

from api.core.errors import NotFoundError
from api.core.geo import LonLat, point
from api.regions.models import Region
from api.spaces import service as spaces
from importers.geocoding import lookup
from importers.geocoding.addresses import alternatives, parse
from importers.geocoding.backwards import around
from importers.geocoding.lookup import Point
from web.plan.form import Form
from web.sending.checking import Mistake
from web.words import _

DIGITS: Final = 3  # of a degree, about 100 m
FIELD: Final = "adresse"
_UNKNOWN: Final = _(
    "Diese Adresse finden wir nicht, oder es gibt sie mehrmals. Bitte schreiben Sie die Postleitzahl dazu. "
    "Oder wählen Sie in der Liste, wo Sie losgehen."
)
_NO_SPACE: Final = _("Das gibt es hier nicht. Bitte wählen Sie in der Liste.")
_NO_POINT: Final = _("Diesen Punkt verstehen wir nicht. Bitte zeigen Sie ihn noch einmal auf der Karte.")


class Start(NamedTuple):
    """Where somebody sets out, as the question takes it and as the page says it.

    precision: house, street or postcode, of an address; point; space; empty: nowhere.
    """

    precision: str = ""
    where: str = ""  # a house or a Stadtteil by name
    key: str | None = None
    near: LonLat | None = None
    is_inside: bool = True


def find(session: Session, region: Region, form: Form) -> Start | tuple[str, Mistake]:
    """Return where the form says that they set out, or which of its fields is wrong and why.

    The most exact word counts: a point, else an address, else a Stadtteil.
    """
    if form.point:
        return _of_point(session, region, form.point)
    if form.address.strip():
        return _of_address(session, region, form.address)
    if form.space:
        try:
            space = spaces.resident_space(session, region, form.space)
        except NotFoundError:
            return "stadtteil", Mistake(_NO_SPACE)
        return Start("space", space.name, key=space.key)
    return Start()


def _of_point(session: Session, region: Region, said: str) -> Start | tuple[str, Mistake]:
    try:
        found = point(said)
    except ValueError:
        return FIELD, Mistake(_NO_POINT)
    here = around(session, region.id, Point(found.lon, found.lat))
    return Start("point", here.space, near=_rounded(found.lon, found.lat), is_inside=here.is_inside)


def _of_address(session: Session, region: Region, said: str) -> Start | tuple[str, Mistake]:
    address = parse(said)
    answers = lookup.find(session, region.id, [address, *alternatives(address)])
    best = next((answer for answer in answers if answer.point and answer.precision), None)
    if best is None or best.point is None or best.precision is None:
        return FIELD, Mistake(_UNKNOWN)
    here = around(session, region.id, best.point)
    return Start(
        best.precision.value,
        address.postcode if best.precision.value == "postcode" else here.house or here.space,
        near=_rounded(*best.point),
        is_inside=here.is_inside,
    )


def _rounded(lon: float, lat: float) -> LonLat:
    return LonLat(round(lon, DIGITS), round(lat, DIGITS))
