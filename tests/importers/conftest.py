"""The region that lists are brought into."""

import pytest
from sqlmodel import Session

from api.regions.models import Region
from tests.importers.sample import make_lichtenberg


@pytest.fixture
def here(session: Session) -> Region:
    """The region "hier"."""
    return make_lichtenberg(session)
