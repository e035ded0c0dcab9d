"""GET /divisions, GET /spaces."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from api.core.deps import SessionDep
from api.core.text import Name
from api.regions.deps import RegionDep, Tagged
from api.regions.schemas import RegionQuery
from api.spaces import outlines, service
from api.spaces.schemas import DivisionOut, SpaceCollection

router = APIRouter(tags=["spaces"], dependencies=[Tagged])

# Where an answer leads (OpenAPI links).
TO_SPACES = {"operationId": "listSpaces", "parameters": {"division": "$response.body#/0/slug"}}
TO_OFFERS = {"operationId": "listOffers", "parameters": {"space": "$response.body#/features/0/id"}}


class SpacesQuery(RegionQuery):
    """Which outlines are wanted, and how exact."""

    division: Name | None = Field(
        default=None, description="Slug of a division; by default all", examples=["lor"]
    )
    level: int | None = Field(default=None, ge=1, le=20, description="1 is the coarsest; by default all")
    tolerance_metres: float = Field(
        default=0, ge=0, le=5000, allow_inf_nan=False, description="How far outlines may be simplified"
    )


class GeoJSON(JSONResponse):
    """Features that are text already (RFC 7946)."""

    media_type = "application/geo+json"

    def render(self, content: str) -> bytes:
        """Return the text as it goes over the line."""
        return content.encode()


@router.get(
    "/divisions",
    operation_id="listDivisions",
    responses={200: {"links": {"spaces": TO_SPACES}}},
)
def divisions(
    session: SessionDep, region: RegionDep, _query: Annotated[RegionQuery, Query()]
) -> list[DivisionOut]:
    """List the ways in which the region is cut, with their levels."""
    return service.divisions(session, region)


@router.get(
    "/spaces",
    operation_id="listSpaces",
    response_class=GeoJSON,
    response_model=SpaceCollection,
    responses={200: {"links": {"offers": TO_OFFERS}}},
)
def spaces(
    session: SessionDep, region: RegionDep, query: Annotated[SpacesQuery, Query()], response: Response
) -> Response:
    """Return spaces as GeoJSON, simplified by a tolerance in metres (0: as they are)."""
    text = outlines.geojson(
        session,
        region,
        division=query.division,
        level=query.level,
        tolerance_metres=query.tolerance_metres,
    )
    return GeoJSON(text, headers=dict(response.headers))
