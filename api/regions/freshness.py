"""Which state of a region's public data an answer shows: its tag, and the question for the present one."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from api.core import clock
from api.core.build import build_id
from api.regions.models import Region

# Which of several regions a host means: as service.of_host decides.
_BY_HOST = """
  SELECT id, data_version, version_xid, timezone FROM region
  WHERE hostnames @> ARRAY[%s] OR is_default ORDER BY hostnames @> ARRAY[%s] DESC LIMIT 1
"""
_BY_SLUG = "SELECT id, data_version, version_xid, timezone FROM region WHERE slug = %s"


class State(NamedTuple):
    """What decides whether an answer is still good, besides the day and the build."""

    id: int
    data_version: int
    # The transaction that raised the version: after a restored backup the same number can mean other data.
    version_xid: int
    timezone: str

    @property
    def tag(self) -> str:
        """Return the entity tag of every answer that shows this state (RFC 9110, 8.8.3)."""
        return _tag(self, f"{clock.today(self.timezone):%y%m%d}")

    @property
    def tag_of_minute(self) -> str:
        """Return the tag of answers that say what is open now: they hold for this minute alone."""
        return _tag(self, minute(clock.now()))


def minute(instant: datetime) -> str:
    """Return the part of a tag that names a minute."""
    return f"{instant:%y%m%dT%H%M}"


@lru_cache(maxsize=1000)
def _tag(state: State, time: str) -> str:
    return f'W/"{state.id}.{state.data_version}.{state.version_xid}.{time}.{build_id()}"'


def of_region(region: Region) -> State:
    """Return the state that a region's row, once read, stands for."""
    return State(region.id, region.data_version, region.version_xid, region.timezone)


async def present(
    pool: AsyncConnectionPool[AsyncConnection], host: str, slug: str | None = None
) -> State | None:
    """Return the present state of the region with this slug or, without a slug, of this host; None: no such.

    It is asked for at each request and never remembered, so that no answer outlives its data.
    """
    async with pool.connection() as connection, connection.cursor(row_factory=class_row(State)) as cursor:
        host = host.lower().rstrip(".")
        question, values = (_BY_HOST, (host, host)) if slug is None else (_BY_SLUG, (slug,))
        return await (await cursor.execute(question, values)).fetchone()


def names(said: str, tag: str) -> bool:
    """Return whether an If-None-Match names the tag; compared weakly (RFC 9110, 8.8.3.2).

    "*" means any page that exists; it gets the whole answer.
    """
    tags = {part.strip().removeprefix("W/") for part in said.split(",")}
    return tag.removeprefix("W/") in tags
