"""What can be asked of features and tiles; whatever else is asked is refused."""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from api.core.text import Name
from api.offers.models import Access, Cost
from api.offers.schemas import Age, Language, OfferFilter, ResourceLevel
from api.ogc import boxes, systems
from api.ogc.boxes import Box, Days
from api.ogc.systems import CRS84, SYSTEMS, System
from api.places.models import Wheelchair
from api.regions.schemas import RegionQuery

MOST: Final = 10_000  # features in one answer; who asks for more gets so many
USUAL: Final = 10
DIGITS: Final = 6  # of a number that need not be read to know that it is more than MOST
FURTHEST: Final = 10_000_000
_SAYS_NOTHING_OF_OFFERS: Final = {"f", "region", "crs", "limit", "offset", "bbox", "bbox_crs"}

Word = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
SystemUri = Annotated[
    System,
    PlainValidator(systems.named),
    WithJsonSchema({"type": "string", "format": "uri", "enum": list(SYSTEMS)}),
]
Time = Annotated[Days, PlainValidator(boxes.days), WithJsonSchema({"type": "string"})]
_NUMBERS: Final[dict[str, Any]] = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
BoxText = Annotated[Box, PlainValidator(lambda said: said), WithJsonSchema(_NUMBERS)]


class Question(RegionQuery):
    """What every document can be asked."""

    f: Literal["json", "html"] | None = Field(
        default=None, description="Representation; by default what the header Accept prefers"
    )


class FeatureQuestion(Question):
    """How a feature is wanted."""

    crs: SystemUri = Field(default=CRS84, description="Reference system of the coordinates in the answer")


class PageQuestion(FeatureQuestion):
    """Which part of a collection is wanted."""

    limit: Annotated[int, Field(ge=1, le=MOST), AfterValidator(lambda said: min(said, MOST))] = Field(
        default=USUAL, description="Features in the answer at most"
    )
    offset: int = Field(default=0, ge=0, le=FURTHEST, description="Features to pass over first")
    bbox_crs: SystemUri = Field(
        default=CRS84, alias="bbox-crs", description="Reference system of the numbers in bbox"
    )
    bbox: BoxText | None = Field(
        default=None,
        description="Four numbers, or six with heights that do not count; what has no point is in no box",
    )
    datetime: Time | None = Field(
        default=None,
        description="Instant or interval (RFC 3339): of the last check of an offer; when a division holds",
    )

    @field_validator("limit", mode="before")
    @classmethod
    def _at_most(cls, limit: object) -> object:
        # OGC API – Features 1.0.1, 7.15.2: more than the maximum is no error.
        said = str(limit)
        return (
            MOST if said.isascii() and said.isdigit() and (len(said) > DIGITS or int(said) > MOST) else limit
        )

    @field_validator("bbox", mode="before")
    @classmethod
    def _a_box(cls, said: object, info: ValidationInfo) -> object:
        system = info.data.get("bbox_crs")
        # Of an unknown system no order of the axes is known: one mistake is enough.
        return boxes.box(str(said), system) if said is not None and system is not None else None


class OfferWishes(RegionQuery):
    """What offers can be asked for, by name of the property or of the list that it stands in."""

    offer: Number | None = Field(default=None, description="Number of the offer")
    topic: Name | None = Field(
        default=None, description="Slug of any topic of it; a coarse one means its finer ones, too"
    )
    audience: Name | None = Field(default=None, description="Slug of an audience")
    language: Language | None = Field(default=None, description="Language spoken there (BCP 47)")
    age: Age | None = Field(default=None, description="In years; offers without ages are for everybody")
    cost: Cost | None = Field(default=None, description="What it costs")
    access: Access | None = Field(default=None, description="How one gets in")
    resource_level: ResourceLevel | None = Field(
        default=None, description="2: neighbours, 3: associations and meeting places, 4: advice and offices"
    )
    provider: Word | None = Field(default=None, description="Name of the provider")
    space: Name | None = Field(
        default=None, description="Key of a space, of any division, in which it is or to which it comes"
    )
    postcode: Name | None = Field(default=None, description="Postcode of the place")
    town: Word | None = Field(default=None, description="Town of the place")
    wheelchair: Wheelchair | None = Field(default=None, description="Whether the place suits wheelchairs")
    is_example: bool | None = Field(default=None, description="Whether it is invented, for show")

    @property
    def is_for_all(self) -> bool:
        """Return whether every offer will do that lies in the box, if there is one."""
        return self.model_fields_set <= _SAYS_NOTHING_OF_OFFERS

    def as_filter(self) -> OfferFilter:
        """Return what the filter of the open API knows of it."""
        lists = ("topic", "audience", "language", "resource_level", "space")
        said = {name: [value] for name in lists if (value := getattr(self, name)) is not None}
        return OfferFilter.model_validate({**said, "age": self.age})


class SpaceWishes(RegionQuery):
    """What spaces can be asked for, by name of the property."""

    key: Name | None = Field(default=None, description="division:code")
    code: Name | None = Field(default=None, description="Code of the space")
    name: Word | None = Field(default=None, description="Name of the space")
    level: int | None = Field(default=None, ge=1, le=20, description="1 is the coarsest")
    parent: Name | None = Field(default=None, description="Key of the space of the level above")


class OffersQuestion(PageQuestion, OfferWishes):
    """Which offers are wanted."""


class SpacesQuestion(PageQuestion, SpaceWishes):
    """Which spaces are wanted."""


class OfferTileQuestion(OfferWishes):
    """Which offers a tile shows."""


class SpaceTileQuestion(SpaceWishes):
    """Which spaces a tile shows."""


class TilesetQuestion(RegionQuery):
    """How a set of tiles is described."""

    f: Literal["json", "tilejson", "html"] | None = Field(default=None, description="tilejson: TileJSON 3.0")
