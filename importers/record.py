"""What an import understood of one row: the fields of the model, checked and in their final form."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pydantic import BaseModel

from api.offers.models import Access, Cost
from api.offers.schemas import ContactIn, OfferIn
from api.places.models import Precision, Wheelchair
from api.places.schemas import PlaceIn


class Record(BaseModel):
    """One offer at one place. Only the fields that the source governs are set."""

    name: str
    summary: str = ""
    description: str = ""
    organization: str | None = None
    organization_website: str | None = None
    place_name: str | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    lon: float | None = None
    lat: float | None = None
    precision: Precision | None = None  # of a point that was found by the address
    address_hidden: bool = False
    wheelchair: Wheelchair = Wheelchair.UNKNOWN
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    contact_label: str = ""
    hours_text: str = ""
    place_hours_text: str = ""
    place_note: str = ""
    # What the texts about hours mean; lines of ScheduleIn as JSON.
    schedules: list[dict[str, Any]] = []
    place_schedules: list[dict[str, Any]] = []
    min_age: int | None = None
    max_age: int | None = None
    cost: Cost = Cost.UNKNOWN
    cost_note: str = ""
    access: Access = Access.UNKNOWN
    access_note: str = ""
    languages: list[str] = []
    resource_level: int = 3
    outreach: bool = False
    serves: list[str] = []
    topics: list[str] = []
    audiences: list[str] = []

    @property
    def has_place(self) -> bool:
        """Return whether there is anywhere to go; a town alone is none."""
        return any((self.place_name, self.street, self.postcode, self.lon is not None))

    @property
    def has_contact(self) -> bool:
        """Return whether anybody can be asked."""
        return bool(self.phone or self.email)

    def values(self) -> dict[str, Any]:
        """Return the fields that the source governs, as JSON."""
        return self.model_dump(mode="json", exclude_unset=True)

    @cached_property
    def offer(self) -> OfferIn:
        """The offer's part; raises ValidationError."""
        return OfferIn.model_validate({name: getattr(self, name) for name in OFFER})

    @property
    def place(self) -> PlaceIn:
        """The place's part; raises ValidationError. Rows under one roof share it: nobody may change it."""
        return _place(tuple([getattr(self, name) for name in PLACE]))

    @cached_property
    def contact(self) -> ContactIn:
        """The contact's part; raises ValidationError."""
        return ContactIn.model_validate({column: getattr(self, name) for name, column in CONTACT.items()})


@lru_cache(1_000)
def _place(said: tuple[Any, ...]) -> PlaceIn:
    return PlaceIn.model_validate(dict(zip(PLACE.values(), said, strict=True)))


# Where the fields of a record live: field → column.
OFFER = {name: name for name in Record.model_fields if name in OfferIn.model_fields}
# One thing: half an old and half a new address would be a third one.
POINT = ("lon", "lat", "precision")
ADDRESS = ("street", "postcode", "town", *POINT)
PLACE = {"place_name": "name"} | {name: name for name in (*ADDRESS, "address_hidden", "wheelchair")}
AT_PLACE = {"place_hours_text": "hours_text", "place_note": "note"}
ORGANIZATION = {"organization": "name", "organization_website": "website"}
CONTACT = {"contact_label": "label", "phone": "phone", "email": "email"}
# What of a hidden place no report may say.
SECRET = ("place_name", *ADDRESS)


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of a row.

    fatal: the row is not taken; stays: the value is taken as it is, though nobody could make more of it.
    """

    field: str
    reason: str
    value: str = ""
    fatal: bool = False
    stays: bool = False


@dataclass
class Entry:
    """A row on its way: what it said, what was understood, and what was wrong with it."""

    number: int
    key: str
    offer_key: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)  # what people may like to know; nothing is wrong
    hidden: bool = False
    skipped: str = ""

    @property
    def failed(self) -> bool:
        """Return whether something is wrong that keeps the row from being taken."""
        return any(problem.fatal for problem in self.problems)
