"""A family's question and the plans that answer it, as they come in and go out; none of it is ever stored."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.core.geo import LonLatText
from api.core.text import Name
from api.offers.schemas import Age, Language, OfferSummary
from api.search.schemas import LONGEST_QUESTION

MOST_WORRIES = 6
MOST_PEOPLE = 12
MOST_OTHERS = 12
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_QUESTION, pattern=r"^[^\x00]*$")
]
Weekday = Annotated[int, Field(ge=0, le=6, description="0: Monday")]


class Part(StrEnum):
    """A part of the day in which somebody can go."""

    MORNING = "morning"  # before 12:00
    AFTERNOON = "afternoon"  # 12:00 to 17:00
    EVENING = "evening"  # from 17:00


class WorryIn(BaseModel):
    """One thing that a family needs help with: a topic or words, not both."""

    model_config = ConfigDict(extra="forbid")

    topic: Name | None = Field(default=None, description="Slug of a topic", examples=["kita"])
    words: Words = Field(default="", description="Words as people say them", examples=["Brief vom Jobcenter"])
    offer: int | None = Field(
        default=None,
        description="The offer that somebody has chosen for it; plans keep to it",
        ge=1,
        le=2**63 - 1,
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.topic) == bool(self.words):
            raise ValueError("needs a topic or words, and not both")
        return self


class PlanQuestion(BaseModel):
    """What a family needs, and what its members can do; nothing in it says who they are."""

    model_config = ConfigDict(extra="forbid")

    worries: Annotated[list[WorryIn], Field(min_length=1, max_length=MOST_WORRIES)]
    ages: Annotated[list[Age], Field(max_length=MOST_PEOPLE)] = []
    languages: Annotated[
        list[Language],
        Field(max_length=10, description="Choose where there is a choice; else it has to be asked"),
    ] = []
    wheelchair: bool = False
    cost_free: bool = False
    space: Name | None = Field(default=None, description="Where they start: the key of a space")
    near: LonLatText | None = Field(
        default=None, description="Where they start: a point, used to about 100 metres"
    )
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(default=[], description="None: every day")
    parts: Annotated[list[Part], Field(max_length=3)] = Field(default=[], description="None: at any time")
    by_level: bool = Field(
        default=False,
        description="Prefer what is nearer to everyday life (resource levels 2, 3, 4); hides nothing",
    )


class Doubt(StrEnum):
    """What has to be asked first, because nobody has said it."""

    HOURS = "hours"
    LANGUAGE = "language"  # or nobody who answers speaks one of theirs
    WHEELCHAIR = "wheelchair"
    COST = "cost"


class Visit(BaseModel):
    """One offer under a roof or at home, and which worries it is for."""

    offer: OfferSummary
    place_id: int | None = Field(description="null: it comes to the family")
    worries: list[int] = Field(description="Positions in the question, from 0")
    starts: AwareDatetime | None = Field(description="When to be there; null: nobody has said the hours")
    ends: AwareDatetime | None = Field(description="Until when to stay, at most 45 minutes later")
    opens: AwareDatetime | None = Field(description="When the hours begin within which this visit lies")
    closes: AwareDatetime | None = Field(description="When they end; null: not known")
    certain: bool = Field(description="false: it depends on school holidays that are not known yet")
    note: str = Field(description="What is different this time")
    doubts: list[Doubt]


class Stop(BaseModel):
    """A roof on the way, with all visits under it in their order."""

    lon: float
    lat: float
    metres: int = Field(description="On foot from the stop before, rounded to 10; 0 at the first one")
    visits: list[Visit]


class Trip(BaseModel):
    """One way from home and back on one day: to one roof, or to two that are a few minutes apart."""

    day: date | None = Field(description="null: no hours are known; ask first")
    metres: int | None = Field(description="The whole way as the crow flies, rounded to 10; null: no start")
    stops: Annotated[list[Stop], Field(min_length=1, max_length=2)]


class Strength(StrEnum):
    """Why a plan is among the few."""

    FEWEST_TRIPS = "fewest_trips"
    SHORTEST_WAY = "shortest_way"
    SOONEST = "soonest"
    EVERYDAY = "everyday"  # nearest to everyday life


class Plan(BaseModel):
    """A small set of ways that together cover all worries that can be covered."""

    trips: list[Trip] = Field(description="In the order of their days; those without a day last")
    at_home: list[Visit] = Field(description="What comes to the family; no way at all")
    metres: int | None = Field(description="All ways together")
    done_on: date | None = Field(description="The day of the last trip; null: some hours are not known")
    resource_levels: list[int] = Field(description="Of the offer for each worry, in their order; 0: none")
    uncovered: list[int] = Field(description="Worries that it leaves out although something answers them")
    strengths: list[Strength]


class Gap(StrEnum):
    """Why nothing covers a worry."""

    NOTHING = "nothing"  # no offer answers it at all
    AGES = "ages"
    WHEELCHAIR = "wheelchair"
    COST = "cost"
    TIMES = "times"
    TOGETHER = "together"  # each condition alone could be met
    ADDRESS = "address"  # only by phone, or where the address is not public
    CLASH = "clash"  # only at the same time as something else


class Other(BaseModel):
    """Another offer for a worry, nearest first."""

    offer: OfferSummary
    place_id: int | None
    metres: int | None = Field(description="One way; null: no start, or no public address")
    next_on: date | None = Field(description="The first day on which it fits; null: hours not known")
    way: Literal["visit", "home", "phone"]
    doubts: list[Doubt]


class WorryOut(BaseModel):
    """What was found for one worry."""

    topic: str | None
    words: str
    found: int = Field(ge=0, description="Offers that answer it and all conditions")
    gap: Gap | None = Field(description="Why none does; null if some do")
    without_conditions: int = Field(ge=0, description="Offers that answer it if no condition counts")
    others: Annotated[list[Other], Field(max_length=MOST_OTHERS)]


class Plans(BaseModel):
    """The answer: a few plans, best first, and what can be had for each worry besides."""

    model_config = ConfigDict(json_schema_extra={"description": "Kept by nobody: answers are no-store"})

    worries: list[WorryOut]
    plans: list[Plan] = Field(
        description="None dominates another in trips, metres, days and, if asked, level"
    )
    first: date = Field(description="From this day on")
    last: date = Field(description="Up to this day dates were looked for")
