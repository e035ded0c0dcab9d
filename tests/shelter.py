"""A house whose address nobody may learn, and what of it must not be found anywhere."""

from typing import Final

from sqlmodel import Session

from api.places.models import Place
from api.regions.models import Region
from tests.factories import box, make_division, make_place, make_space

STREET, POSTCODE, TOWN = "Verborgene Gasse 77", "10999", "Geheimstadt"
LON: Final = 13.1234567
LAT: Final = 52.0765432


def make_hidden(session: Session, region: Region) -> Place:
    """Return a hidden place in the eastern one of two spaces; 13.05, 52.05 lies in the western one."""
    lor = make_division(session, region)
    make_space(session, lor, "101", box(13.0, 52.0, 13.1, 52.1))
    make_space(session, lor, "102", box(13.1, 52.0, 13.2, 52.1))
    return make_place(
        session,
        region,
        LON,
        LAT,
        address_hidden=True,
        name="Frauenhaus",
        street=STREET,
        postcode=POSTCODE,
        town=TOWN,
    )
