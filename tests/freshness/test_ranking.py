"""What was checked long ago comes after what is as good and fresh, and before what is clearly worse."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session

from api.core import clock
from api.offers.models import Offer
from api.regions.models import Region
from api.search import ranking
from tests.factories import make_offer
from tests.search.building import build, names, search


def ago(region: Region, days: int) -> date:
    return clock.today(region.timezone) - timedelta(days=days)


def offered(session: Session, region: Region, name: str, days: int | None, **changes: Any) -> Offer:
    day = None if days is None else ago(region, days)
    return make_offer(session, region, name=name, verified_on=day, **{"summary": "", **changes})


def test_of_two_that_are_equal_the_fresher_comes_first(
    session: Session, region: Region, tmp_path: Path
) -> None:
    offered(session, region, "Lesestube A", 2000)
    offered(session, region, "Lesestube B", None)
    offered(session, region, "Lesestube C", 5)
    found = names(search(session, region, build(session, region, tmp_path), "lesestube"))
    assert found == ["Lesestube C", "Lesestube A", "Lesestube B"]


def test_what_fits_clearly_better_stays_first_however_old_it_is(
    session: Session, region: Region, tmp_path: Path
) -> None:
    offered(session, region, "Lesestube", None)
    offered(session, region, "Nachbarschaftstreff", 1, summary="Mit einer kleinen Lesestube.")
    offered(session, region, "Spielkreis", 1, description="Nebenan ist eine Lesestube.")
    found = names(search(session, region, build(session, region, tmp_path), "lesestube"))
    assert found == ["Lesestube", "Nachbarschaftstreff", "Spielkreis"]


def test_a_score_fades_from_the_day_it_is_due_until_it_is_overdue(
    session: Session, region: Region, tmp_path: Path
) -> None:
    ages = [0, 365, 365 + 73, 730, 5000, None]
    made = [offered(session, region, f"Angebot {age}", age) for age in ages]
    table = build(session, region, tmp_path).table
    rows = np.array([table.row_of[offer.id] for offer in made])
    worth = ranking.freshness(table, rows)
    least = 1 - ranking.FADE
    assert worth.tolist() == pytest.approx([1, 1, 1 - ranking.FADE / 5, least, least, least])


def test_the_most_it_costs_is_less_than_half_a_step() -> None:
    assert ranking.FADE * ranking.STEPS * 2 < 0.5
