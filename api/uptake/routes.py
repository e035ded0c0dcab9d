"""GET /uptake and /uptake.csv: what is published of a month."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.core.deps import SessionDep
from api.regions.deps import RegionDep, Tagged
from api.uptake import reading
from api.uptake.schemas import UptakeOut, UptakeQuery

router = APIRouter(tags=["uptake"], dependencies=[Tagged])


@router.get("/uptake", operation_id="getUptake")
def uptake(session: SessionDep, region: RegionDep, query: Annotated[UptakeQuery, Query()]) -> UptakeOut:
    """Return how often offers were found, opened and used in a month; small numbers are not shown."""
    return _of_month(session, region, query)


@router.get(
    "/uptake.csv",
    operation_id="exportUptake",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The same as a table"}},
)
def export(
    session: SessionDep, region: RegionDep, query: Annotated[UptakeQuery, Query()], response: Response
) -> Response:
    """Return a month as a table for spreadsheets."""
    found = _of_month(session, region, query)
    name = f"inanspruchnahme-{region.slug}{f'-{found.month:%Y-%m}' if found.month else ''}.csv"
    headers = {**response.headers, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(reading.table(found), media_type="text/csv", headers=headers)


def _of_month(session: SessionDep, region: RegionDep, query: UptakeQuery) -> UptakeOut:
    month = date.fromisoformat(f"{query.month}-01") if query.month else None
    return reading.of_month(session, region, month)
