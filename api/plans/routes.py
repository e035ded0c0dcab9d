"""POST /plans: what a family needs at once, answered by a few plans; no answer is kept by anybody."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api.core.deps import SessionDep
from api.plans import service
from api.plans.schemas import PlanQuestion, Plans
from api.plans.turns import InTurn
from api.regions.deps import RegionDep
from api.regions.schemas import RegionQuery
from api.search.deps import ShelvesDep

router = APIRouter(tags=["plans"])


@router.post("/plans", operation_id="makePlans", dependencies=[InTurn])
def make(
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    question: Annotated[PlanQuestion, Body()],
    _query: Annotated[RegionQuery, Query()],
    response: Response,
) -> Plans:
    """Find a few small sets of ways that together answer several worries; nothing of it is stored."""
    response.headers["Cache-Control"] = "no-store"
    return service.plan(session, region, question, shelves)
