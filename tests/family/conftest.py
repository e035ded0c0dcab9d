"""When families ask."""

import pytest

from api.core import clock
from tests.family.reading import MONDAY


@pytest.fixture
def on_a_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
