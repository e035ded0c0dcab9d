"""A region with a topic, on a day that stays."""

import pytest
from sqlmodel import Session

from api.regions.models import Region
from tests.doubts.doubtful import NOW, at
from tests.factories import make_audience, make_region, make_topic


@pytest.fixture
def here(session: Session, monkeypatch: pytest.MonkeyPatch) -> Region:
    """A region in June 2026."""
    at(monkeypatch, NOW)
    make_topic(session, "kita")
    make_audience(session, "kinder", min_age=0, max_age=13)
    make_audience(session, "aeltere", min_age=60)
    return make_region(session)
