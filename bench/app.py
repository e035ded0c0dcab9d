"""Our service as it is, with two routes more behind the same middleware: limits to compare answers with."""

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response

import web.main

router = APIRouter(prefix="/bench")

# What GET /map/points says of every point, as GeoJSON (RFC 7946). Nothing of it is remembered.
GEOJSON = """
  SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
    'type', 'Feature',
    'geometry', json_build_object('type', 'Point', 'coordinates', json_build_array(
      round(p.lon::numeric, 5), round(p.lat::numeric, 5))),
    'properties', json_build_object('offer', o.id, 'place', p.place_id, 'topic', top.slug))), '[]'))::text
  FROM offer o
  JOIN offer_at_place a ON a.offer_id = o.id
  JOIN public_point p ON p.place_id = a.place_id
  LEFT JOIN topic t ON t.slug = o.topics[1]
  LEFT JOIN topic top ON top.id = coalesce(t.parent_id, t.id)
  WHERE o.status = 'published' AND o.region_id = (SELECT id FROM region WHERE is_default)
"""


def create_app() -> FastAPI:
    """Return the app that uvicorn serves."""
    app = web.main.create_app()
    app.include_router(router)
    return app


@router.get("/select-1")
async def select_one(request: Request) -> JSONResponse:
    """Ask the database for a number, over the app's own pool."""
    async with request.app.state.pool.connection() as connection:
        row = await (await connection.execute("SELECT 1")).fetchone()
    return JSONResponse(row[0])


@router.get("/geojson")
async def geojson(request: Request) -> Response:
    """Answer with all points of the default region as a FeatureCollection."""
    async with request.app.state.pool.connection() as connection:
        row = await (await connection.execute(GEOJSON)).fetchone()
    return Response(row[0], media_type="application/geo+json")
