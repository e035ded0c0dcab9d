"""What of an entry is compared with others."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from api.offers.models import Status
from api.places.models import Precision
from importers.geocoding.addresses import Address, parse
from importers.matching import names
from importers.matching.contacts import mail_key, phone_keys, web_key
from importers.matching.names import Name
from importers.record import Record


@dataclass(frozen=True)
class Spot:
    """Where something is, as far as it is known and may be compared."""

    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    lon: float | None = None
    lat: float | None = None
    at_place_id: int | None = None

    @cached_property
    def address(self) -> Address:
        """Return the address, understood."""
        return parse(self.street, self.postcode, self.town)


@dataclass(frozen=True)
class Facts:
    """An entry as it is compared; spots: none where the address is hidden."""

    text: str
    districts: Collection[str]
    organization: str | None = None
    phones: frozenset[str] = frozenset()
    mails: frozenset[str] = frozenset()
    web: str = ""
    spots: tuple[Spot, ...] = ()
    is_hidden: bool = False

    @cached_property
    def name(self) -> Name:
        """Return the name, taken apart."""
        return names.read(self.text, self.districts)


@dataclass(frozen=True)
class Known:
    """An offer of the region that a row may mean."""

    offer_id: int
    status: Status
    facts: Facts


def of_record(record: Record, districts: Collection[str] = frozenset()) -> Facts:
    """Return what of a row is compared; a hidden address is not."""
    mail = mail_key(record.email)
    return Facts(
        record.name,
        districts,
        record.organization,
        phone_keys(record.phone),
        frozenset((mail,)) if mail else frozenset(),
        web_key(record.website),
        () if record.address_hidden else (_spot(record),),
        record.address_hidden,
    )


def exact(precision: Precision | None) -> bool:
    """Return whether a point is that of the house; the middle of a street is near to all its houses."""
    return precision in (None, Precision.HOUSE)


def _spot(record: Record) -> Spot:
    has_point = exact(record.precision)
    lon, lat = (record.lon, record.lat) if has_point else (None, None)
    return Spot(record.street, record.postcode, record.town, lon, lat)
