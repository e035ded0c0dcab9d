"""GET /divisions, GET /spaces."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.core.deps import SessionDep
from api.core.text import Name
from api.regions.deps import RegionDep, Tagged
from api.regions.schemas import RegionQuery
from api.spaces import outlines, service
from api.spaces.schemas import DivisionOut

router = APIRouter(tags=["spaces"], dependencies=[Tagged])


class SpacesQuery(RegionQuery):
    """Which outlines are wanted, and how exact."""

    division: Name | None = Field(default=None, description="Slug of a division; by default all")
    level: int | None = Field(default=None, ge=1, le=20, description="1 is the coarsest")
    tolerance_metres: float = Field(default=0, ge=0, le=5000, allow_inf_nan=False)


@router.get("/divisions")
def divisions(
    session: SessionDep, region: RegionDep, _query: Annotated[RegionQuery, Query()]
) -> list[DivisionOut]:
    """List the ways in which the region is cut, with their levels."""
    return service.divisions(session, region)


@router.get(
    "/spaces",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {"schema": {"type": "object"}}}}},
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
    return Response(text, media_type="application/geo+json", headers=dict(response.headers))
