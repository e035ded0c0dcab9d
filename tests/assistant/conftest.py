"""What the tests of the assistant share: a town with its outline and topics, and lists written by us."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import Session, col

from api.regions.models import Region
from importers import regions, taxonomy
from tests.conftest import ROOT
from tests.emptying import emptied
from tests.factories import box, make_division, make_region, make_space

DATA = ROOT / "data"
# Regions that only have an outline, in other places.
ELSEWHERE = {
    "berlin": ("BE", box(12.9, 52.2, 13.95, 52.8)),
    "westfalen": ("NW", box(7.3, 51.3, 7.9, 51.9)),
    "japan": ("BE", box(130, 33, 138, 38.5)),
    "kalifornien": ("BE", box(-123, 37, -121.5, 38)),
}


@pytest.fixture(scope="module")
def loaded(engine: Engine, owner_url: str) -> Iterator[Engine]:
    """A database with the topics, Lichtenberg as it comes with us, and the regions elsewhere."""
    emptied(owner_url)
    path = DATA / "lichtenberg" / "region.toml"
    with Session(engine, expire_on_commit=False) as session, session.begin():
        taxonomy.load(session, DATA / "taxonomy")
        regions.load(session, path, regions.read_region(path))
        for slug, (state, outline) in ELSEWHERE.items():
            region = make_region(session, slug=slug, state=state, is_default=False)
            make_space(session, make_division(session, region), "1", outline)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))  # what autovacuum does elsewhere
    yield engine
    emptied(owner_url)


@pytest.fixture
def town(loaded: Engine) -> Iterator[tuple[Session, Region]]:
    """A session and Lichtenberg; tests only read."""
    with Session(loaded) as session:
        yield session, session.scalars(select(Region).where(col(Region.slug) == "lichtenberg")).one()
