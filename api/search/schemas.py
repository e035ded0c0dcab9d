"""Questions in words, and what is found."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from api.offers.schemas import Facets, OfferFilter, OfferQuery, OfferSummary

LONGEST_QUESTION = 200
Question = Annotated[str, StringConstraints(max_length=LONGEST_QUESTION, pattern=r"^[^\x00]*$")]


class SearchQuery(OfferQuery):
    """What somebody types, with all filters of the list; best answers first."""

    q: Question = Field(
        default="", description="Words as people type them", examples=["hilfe mit brief vom amt"]
    )
    sort: Literal["best", "name", "distance", "verified"] = Field(  # type: ignore[assignment]
        default="best",
        description="best: whole answers first; without q as name. distance: from near, which it needs",
    )


class PointsQuery(OfferFilter):
    """Which offers are drawn: by words and filters."""

    q: Question = Field(default="", description="Words as people type them; only what answers them is drawn")


class Span(BaseModel):
    """A piece of a text: letters from start up to, not including, end."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)


class Why(BaseModel):
    """Why an offer was found."""

    name: list[Span] = Field(description="Words of the name that were meant")
    summary: list[Span] = Field(description="Words of the summary that were meant")
    provider: list[Span] = Field(description="Words of the provider's name that were meant")
    elsewhere: bool = Field(description="The words stand in the description or the address")
    topics: list[str] = Field(description="Topics that were meant")
    languages: list[str] = Field(description="Languages that were meant")
    missing: list[str] = Field(description="What was asked for and is not answered")


class Found(BaseModel):
    """An offer with the reason why it was found."""

    offer: OfferSummary
    why: Why


class Around(BaseModel):
    """What is said of all results together."""

    total: int = Field(ge=0, description="Results on all pages together")
    whole: int = Field(
        ge=0,
        description="Those among them that answer everything asked for; with sort=best they come first, also"
        " in each group",
    )
    facets: Facets
    page: int
    per_page: int
    did_you_mean: str | None = Field(description="The question with slips mended; results are for this one")
    unknown: list[str] = Field(description="Words that nothing here answers to")
    by: Literal["index", "database"] = Field(
        description="database: a plainer answer, given while the index is being built"
    )


class SearchResults(Around):
    """A page of what was found, best first, and what further choices would give."""

    results: list[Found]


class Suggestion(BaseModel):
    """A way to go on while typing."""

    kind: Literal["topic", "offer", "place", "space"]
    key: str = Field(description="Slug of a topic, offer or space; the name of a place")
    label: str
