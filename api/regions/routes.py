"""GET /regions."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.core.deps import SessionDep
from api.regions import service
from api.regions.schemas import NoQuery, RegionOut

router = APIRouter(tags=["regions"])

# Where the answer leads (OpenAPI links).
OF_REGION = {"operationId": "listOffers", "parameters": {"region": "$response.body#/0/slug"}}


@router.get("/regions", operation_id="listRegions", responses={200: {"links": {"offers": OF_REGION}}})
def every(session: SessionDep, _query: Annotated[NoQuery, Query()]) -> list[RegionOut]:
    """List the maps of this installation, the default one first."""
    return [RegionOut.model_validate(region) for region in service.every(session)]
