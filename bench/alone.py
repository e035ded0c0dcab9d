"""FastAPI alone, without anything of ours: a greeting, and a `SELECT 1`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import make_url

from api.core.settings import settings


@asynccontextmanager
async def _pool_is_open(app: FastAPI) -> AsyncIterator[None]:
    url = make_url(settings().database_url).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    kwargs = {"autocommit": True}
    async with AsyncConnectionPool(address, min_size=4, max_size=8, open=False, kwargs=kwargs) as pool:
        app.state.pool = pool
        yield


app = FastAPI(lifespan=_pool_is_open)


@app.get("/hello")
async def hello() -> dict[str, str]:
    """Greet."""
    return {"message": "Hallo"}


@app.get("/select-1")
async def select_one(request: Request) -> dict[str, int]:
    """Ask the database for a number."""
    async with request.app.state.pool.connection() as connection:
        row = await (await connection.execute("SELECT 1")).fetchone()
    return {"answer": row[0]}
