"""A small installation made by the generator: two regions, of which the second is a copy."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy.engine import make_url

from bench.installation import Installation
from bench.region import Plan

OFFERS = 150


@pytest.fixture(scope="session")
def installation(owner_url: str) -> Installation:
    """A written region and a copy of it."""
    address = make_url(owner_url)
    name = f"{str(address.database).removesuffix('_test')}_bench_test"
    made = Installation(name, (Plan(1, OFFERS),), 1, address)
    made.ensure(lambda _: None, afresh=True)
    return made


@pytest.fixture
def filled(installation: Installation) -> Iterator[psycopg.Connection[tuple[int, ...]]]:
    """A connection of the owner to the small installation; what it does is undone."""
    with psycopg.connect(installation.plain_url) as connection:
        yield connection
        connection.rollback()
