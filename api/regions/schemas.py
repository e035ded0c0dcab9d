"""Regions as the API shows them."""

from pydantic import BaseModel, ConfigDict, Field

from api.core.text import Name


class RegionOut(BaseModel):
    """A map of this installation."""

    model_config = ConfigDict(from_attributes=True)

    slug: str
    name: str
    hostnames: list[str]
    state: str
    timezone: str
    space_word: str
    help_name: str
    help_phone: str


class NoQuery(BaseModel):
    """Nothing can be asked; unknown parameters are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class RegionQuery(NoQuery):
    """What every question about a region may say."""

    region: Name | None = Field(
        default=None, description="Slug of the region; by default that of the host name"
    )
