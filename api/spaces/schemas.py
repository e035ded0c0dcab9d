"""Divisions and spaces as pages and API show them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict, JsonValue

# Longitude before latitude, in degrees (EPSG:4326). Not a tuple: few readers of OpenAPI know prefixItems.
Position = Annotated[list[Annotated[float, Field(ge=-180, le=180)]], Field(min_length=2, max_length=2)]
Ring = Annotated[list[Position], Field(min_length=4)]

_SQUARE: JsonValue = [[13.4, 52.5], [13.5, 52.5], [13.5, 52.6], [13.4, 52.6], [13.4, 52.5]]
_EXAMPLE: JsonDict = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "lor:110306",
            "geometry": {"type": "MultiPolygon", "coordinates": [[_SQUARE]]},
            "properties": {
                "key": "lor:110306",
                "name": "Alt-Lichtenberg",
                "slug": "alt-lichtenberg",
                "code": "110306",
                "division": "lor",
                "level": 2,
                "level_name": "Bezirksregion",
                "label": [13.45, 52.55],
            },
        }
    ],
}


class LevelOut(BaseModel):
    """One level of a division, 1 being the coarsest; offers are counted in `GET /spaces`."""

    level: int
    name: str
    spaces: int


class DivisionOut(BaseModel):
    """One way of cutting the region."""

    slug: str
    name: str
    levels: list[LevelOut]
    resident_level: int | None
    valid_from_on: date | None
    valid_to_on: date | None


class SpaceRef(BaseModel):
    """A space by its names; key is "division:code" and stable across installations."""

    key: str
    name: str
    slug: str
    division: str
    level: int
    level_name: str
    # Whether residents call it their Stadtteil: then it has a page of its own.
    is_resident: bool


class Polygon(BaseModel):
    """An outline, then its holes (RFC 7946, 3.1.6)."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Polygon"]
    coordinates: Annotated[list[Ring], Field(min_length=1)]


class MultiPolygon(BaseModel):
    """Several polygons (RFC 7946, 3.1.7)."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Annotated[list[Ring], Field(min_length=1)]], Field(min_length=1)]


class SpaceProperties(BaseModel):
    """What a map shows of a space."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(description="division:code, stable across installations")
    name: str
    slug: str
    code: str
    division: str
    level: int = Field(description="1 is the coarsest", ge=1)
    level_name: str
    label: Position = Field(description="A point inside, where the name fits")


class SpaceFeature(BaseModel):
    """A space as a GeoJSON feature."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Feature"]
    id: str = Field(description="The key of the space")
    geometry: Annotated[Polygon | MultiPolygon, Field(discriminator="type")]
    properties: SpaceProperties


class SpaceCollection(BaseModel):
    """Spaces as GeoJSON (RFC 7946), by division, level and name."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    type: Literal["FeatureCollection"]
    features: list[SpaceFeature]
