"""Houses to break things in; most tests share one, set up once, and leave it as it can be found again."""

from collections.abc import Iterator

import pytest

from tests.faults.house import House, built_house


@pytest.fixture
def house() -> Iterator[House]:
    """A copy of the checkout in which nothing has been set up yet."""
    with built_house() as built:
        yield built


@pytest.fixture(scope="session")
def _furnished() -> Iterator[House]:
    with built_house() as built:
        service = built.serve()
        service.end()
        yield built


@pytest.fixture
def furnished(_furnished: House) -> Iterator[House]:
    """A copy of the checkout that is set up, with nothing running in it."""
    yield _furnished
    for begun in _furnished.started:
        begun.kill()
    _furnished.kill_database()
