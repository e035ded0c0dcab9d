"""What can be asked, by the names of HSDS 3.1; whatever else is asked is refused."""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from api.core.pages import MAX_PAGE
from api.core.text import Name
from api.regions.schemas import RegionQuery
from api.search.schemas import Question

MOST: Final = 500  # entries on a page
USUAL: Final = 50
FARTHEST: Final = 100_000.0  # metres

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")
]


def _with_zone(said: datetime) -> datetime:
    return said if said.tzinfo else said.replace(tzinfo=UTC)


# Numbers are no times here, and dates are meant from midnight (UTC).
Since = Annotated[
    datetime,
    BeforeValidator(
        lambda said: None if isinstance(said, str) and said.strip().lstrip("-").isdigit() else said
    ),
    AfterValidator(_with_zone),
]


class PageQuestion(RegionQuery):
    """Which part of a list is wanted, and how."""

    search: Question | None = Field(default=None, description="Words as people type them")
    page: int = Field(default=1, ge=1, le=MAX_PAGE, description="Counted from 1")
    per_page: int = Field(default=USUAL, ge=1, le=MOST, description="Entries on a page")
    format: Literal["json", "ndjson"] = Field(
        default="json", description="ndjson: all entries, one on each line, without pages"
    )

    @property
    def slice(self) -> slice | None:
        """Return which entries are wanted; None: all."""
        if self.format == "ndjson":
            return None
        return slice((self.page - 1) * self.per_page, self.page * self.per_page)


class TermWishes(PageQuestion):
    """What all that has to do with services can be asked for."""

    taxonomy_term_id: Identifier | None = Field(
        default=None, description="A term; a coarse topic means its finer ones, too"
    )
    taxonomy_id: Identifier | None = Field(default=None, description="Any term of this taxonomy")
    full: bool = Field(default=False, description="With everything that belongs to them")


class ServicesQuestion(TermWishes):
    """Which services are wanted."""

    organization_id: Identifier | None = Field(default=None, description="Who provides them")
    modified_after: Since | None = Field(
        default=None, description="Changed then or later (RFC 3339); without a zone: UTC"
    )
    minimal: bool = Field(default=False, description="Only id and modified_date, all on one page")


class PlacesQuestion(TermWishes):
    """Which services at locations are wanted."""

    organization_id: Identifier | None = Field(default=None, description="Who provides them")
    modified_after: Since | None = Field(
        default=None, description="Changed then or later (RFC 3339); without a zone: UTC"
    )
    postcode: Name | None = Field(default=None, description="Postcode of the location")
    proximity: Annotated[float, Field(gt=0, le=FARTHEST)] | None = Field(
        default=None, description="Metres from the middle of the postcode's area instead"
    )


class OrganizationQuestion(RegionQuery):
    """How an organization is wanted."""

    full_service: bool = Field(default=False, description="With its services as a whole")


class OrganizationsQuestion(TermWishes, OrganizationQuestion):
    """Which organizations are wanted."""


class TaxonomiesQuestion(PageQuestion):
    """Which taxonomies are wanted."""


class TermsQuestion(PageQuestion):
    """Which terms are wanted."""

    taxonomy_id: Identifier | None = Field(default=None, description="Terms of this taxonomy")
    top_only: bool = Field(default=False, description="Terms that stand under no other")
    parent_id: Identifier | None = Field(default=None, description="Terms directly under this one")
