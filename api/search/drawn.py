"""What a map draws, as it goes out: columns of whole numbers, short enough for thousands of points."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.offers.schemas import Count
from api.spaces.schemas import Position


class MapPoints(BaseModel):
    """The points of all offers found, as columns: four of the places, two of the offers at them.

    The i-th place has the number place_steps[0] + … + place_steps[i] and lies at lon = origin[0] + x[i]/scale
    and lat = origin[1] + y[i]/scale (degrees, EPSG:4326). The next offers_at[i] entries of offers and topics
    are those of this place.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "version": 9,
                    "scale": 100_000,
                    "origin": [13.46157, 52.52399],
                    "topic_slugs": ["behoerden", "familie"],
                    "place_steps": [3, 35],
                    "x": [1153, 757],
                    "y": [993, 156],
                    "offers_at": [1, 2],
                    "offers": [3, 42, 45],
                    "topics": [1, 1, -1],
                }
            ]
        },
    )

    version: int = Field(description="State of the region's data", ge=0)
    scale: int = Field(description="Steps in a degree", gt=0)
    origin: Position = Field(description="South-west corner of all points")
    topic_slugs: list[str] = Field(description="Topics of the top level, in their order")
    place_steps: list[Annotated[int, Field(gt=0)]] = Field(description="From the number of the place before")
    x: list[Count] = Field(description="Steps east of the origin")
    y: list[Count] = Field(description="Steps north of the origin")
    offers_at: list[Annotated[int, Field(gt=0)]] = Field(description="Offers at each place")
    offers: list[int] = Field(description="Numbers of the offers, place by place")
    topics: list[Annotated[int, Field(ge=-1)]] = Field(
        description="Top-level topic of each of these offers as a position in topic_slugs from 0; -1: none"
    )
