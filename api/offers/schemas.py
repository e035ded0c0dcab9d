"""Offers as they come in, are asked for and go out."""

from datetime import date, timedelta
from typing import Annotated, Literal, Self, TypeVar, get_origin

from pydantic import (
    BaseModel,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from api.core import clock
from api.core.geo import BBoxText, LonLatText, Metres
from api.core.pages import PageRequest
from api.core.text import Name
from api.offers.models import Access, Cost, Status
from api.offers.translations import Translations
from api.places.schemas import PlaceOut
from api.regions.schemas import RegionQuery
from api.schedules.schemas import EARLIEST, HoursOut, When
from api.sources.schemas import SourceOut
from api.spaces.schemas import SpaceRef

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Website = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
Age = Annotated[int, Field(ge=0, le=120)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
ResourceLevel = Annotated[int, Field(ge=2, le=4)]
Count = Annotated[int, Field(ge=0)]
Value = TypeVar("Value")

DEFAULT_METRES = 1000.0


class OfferIn(BaseModel):
    """An offer as somebody enters or imports it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
    organization_id: int | None = None
    summary: Line = ""
    description: Text = ""
    topics: list[str] = []
    audiences: list[str] = []
    languages: list[str] = []
    min_age: Age | None = None
    max_age: Age | None = None
    cost: Cost = Cost.UNKNOWN
    cost_note: Line = ""
    access: Access = Access.UNKNOWN
    access_note: Line = ""
    resource_level: ResourceLevel = 3
    outreach: bool = False
    serves: list[str] = []
    hours_text: Text = ""
    website: Website | None = None
    status: Status = Status.DRAFT
    paused_until: date | None = None
    is_example: bool = False
    verified_on: date | None = None
    verify_within_days: Annotated[int, Field(gt=0, le=3650)] | None = None

    @field_validator("verified_on")
    @classmethod
    def _a_day_that_was(cls, day: date | None) -> date | None:
        # Tomorrow has begun somewhere already.
        if day is not None and not EARLIEST <= day <= clock.today("UTC") + timedelta(days=1):
            raise ValueError(f"verified_on must be between {EARLIEST} and today")
        return day

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.min_age is not None and self.max_age is not None and self.min_age > self.max_age:
            raise ValueError("min_age must not be above max_age")
        return self


class ContactIn(BaseModel):
    """Whom to ask: an office or a role, never a private person."""

    label: Line = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] | None = None
    email: (
        Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$", max_length=200)] | None
    ) = None
    is_public: bool = True


def _beside_a_point(value: Value, called: str, info: ValidationInfo) -> Value:
    # A point with a mistake is missing in the data: then that mistake is enough.
    if info.data.get("near", value) is None:
        raise ValueError(f"{called} needs near")
    return value


class OfferFilter(RegionQuery):
    """Which offers are wanted; all conditions hold at once, several values of one are alternatives.

    Values of `space` from different divisions are combined: both must hold.
    """

    space: list[Name] = Field(
        default=[], max_length=50, description="Keys of spaces", examples=[["lor:110306"]]
    )
    topic: list[Name] = Field(
        default=[], max_length=50, description="Slugs of topics, finer ones included", examples=[["kita"]]
    )
    audience: list[Name] = Field(
        default=[], max_length=50, description="Slugs of audiences", examples=[["familien"]]
    )
    language: list[Language] = Field(
        default=[], max_length=50, description="Languages spoken there, as in BCP 47", examples=[["tr"]]
    )
    age: Age | None = Field(default=None, description="In years; offers without ages are for everybody")
    cost_free: bool = Field(default=False, description="Only what is free of charge or paid by the state")
    resource_level: list[ResourceLevel] = Field(
        default=[],
        max_length=3,
        description="2: neighbours and self-help, 3: associations and meeting places, 4: advice and offices",
    )
    when: When | None = Field(
        default=None,
        description="When it takes place: now, today, week (seven days), evening (from 17:00) or weekend"
        " within two weeks, or a day; only offers whose hours are known",
        examples=["today", "2026-12-24"],
    )
    bbox: BBoxText | None = Field(
        default=None, description="west,south,east,north in degrees; west ≤ east and south ≤ north"
    )
    near: LonLatText | None = Field(default=None, description="longitude,latitude in degrees")
    metres: Metres | None = Field(
        default=None, description="Distance from near, 1000 by default; only together with near"
    )

    @field_validator("metres")
    @classmethod
    def _metres_need_a_point(cls, metres: float | None, info: ValidationInfo) -> float | None:
        return metres if metres is None else _beside_a_point(metres, "metres", info)

    @property
    def asks_for_places(self) -> bool:
        """Return whether single places, not only offers, are chosen."""
        return bool(self.space or self.bbox or self.near or self.when)


# Parameters of the API that may be said more than once.
SEVERAL = frozenset(
    name for name, field in OfferFilter.model_fields.items() if get_origin(field.annotation) is list
)


class OfferQuery(OfferFilter, PageRequest):
    """A page of offers; stable: equal names are ordered by id."""

    sort: Literal["name", "distance", "verified"] = Field(
        default="name", description="distance: from near, which it needs; verified: the latest check first"
    )
    group: Literal["level"] | None = Field(
        default=None,
        description="level: neighbours and self-help first, then associations, then offices, each in the"
        " order of sort; nothing is left out",
    )

    @field_validator("sort")
    @classmethod
    def _distance_needs_a_point(cls, sort: str, info: ValidationInfo) -> str:
        return sort if sort != "distance" else _beside_a_point(sort, "sort=distance", info)


class TopicRef(BaseModel):
    """A topic by its names."""

    slug: str
    icon: str
    names: dict[str, str]


class AudienceRef(BaseModel):
    """An audience by its names."""

    slug: str
    names: dict[str, str]


class OrganizationRef(BaseModel):
    """The provider of an offer."""

    id: int
    name: str
    website: str | None


class OfferSummary(BaseModel):
    """An offer as lists show it."""

    id: int
    slug: str
    name: str
    summary: str
    organization: OrganizationRef | None
    topics: list[TopicRef]
    audiences: list[AudienceRef]
    languages: list[str]
    min_age: int | None
    max_age: int | None
    cost: Cost
    cost_note: str
    access: Access
    resource_level: int
    outreach: bool
    hours_text: str
    phone: str | None  # the first public number; GET /offers/{id} has all contacts
    is_example: bool
    verified_on: date | None
    due_on: date | None
    is_due: bool
    # Nobody has looked at it for twice as long as it was to take.
    is_overdue: bool = False
    # Of hours wherever it is, for instance on the phone.
    hours: HoursOut | None = None
    translations: Translations = Field(default_factory=dict)  # lists have the shorter texts
    places: list[PlaceOut]


class ContactOut(BaseModel):
    """Whom to ask; only public contacts leave the house."""

    label: str
    phone: str | None
    email: str | None


class OfferOut(OfferSummary):
    """Everything that is public about an offer."""

    description: str
    access_note: str
    # Where an outreach offer comes to; none: the whole region.
    serves: list[SpaceRef]
    website: str | None
    contacts: list[ContactOut]
    sources: list[SourceOut]


class Facets(BaseModel):
    """How many offers each choice would give, the other choices staying as they are."""

    topic: dict[str, Count]
    audience: dict[str, Count]
    language: dict[str, Count]
    space: dict[str, Count]
    resource_level: dict[ResourceLevel, Count]
    when: dict[str, Count] = Field(
        description="now, today, week, evening, weekend; only if any hours are known"
    )
    cost_free: Count
    total: Count
    points: Count = Field(description="Points on the map")
    without_point: Count = Field(description="Offers that have no point on the map")
