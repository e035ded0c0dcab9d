"""Membership stays true when a place moves while a polygon is redrawn: two connections that both commit."""

import threading

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

from tests.factories import box, make_division, make_place, make_region, make_space
from tests.locks import wait_for_lock

MOVE = "UPDATE place SET lon = 13.35"
REDRAW = "UPDATE space SET geom = ST_GeomFromEWKT('{}') WHERE key = 'lor:2'"
UNTRUE = """
  SELECT count(*) FROM place p CROSS JOIN space s
  LEFT JOIN place_space m ON (m.place_id, m.space_id) = (p.id, s.id)
  WHERE ST_Covers(s.geom, p.geom) <> (m.place_id IS NOT NULL)
"""


@pytest.fixture
def world(database: Engine) -> Engine:
    """A place in the west; in the east a space that does not reach to where the place will move."""
    with Session(database) as session, session.begin():
        region = make_region(session)
        division = make_division(session, region)
        make_space(session, division, "1", box(13.0, 52.0, 13.2, 52.2))
        make_space(session, division, "2", box(13.2, 52.0, 13.3, 52.2))
        make_place(session, region, 13.1, 52.1)
    return database


@pytest.mark.parametrize("first", ["the place", "the polygon"])
def test_two_changes_at_the_same_time_end_with_true_membership(world: Engine, first: str) -> None:
    redraw = REDRAW.format(box(13.2, 52.0, 13.4, 52.2))
    one, two = (MOVE, redraw) if first == "the place" else (redraw, MOVE)

    def second() -> None:
        with world.begin() as connection:
            connection.execute(text(two))

    with world.connect() as connection:
        connection.execute(text(one))
        thread = threading.Thread(target=second)
        thread.start()
        wait_for_lock(world)
        connection.commit()
        thread.join(timeout=20)
    with world.connect() as connection:
        assert connection.scalar(text(UNTRUE)) == 0
        assert connection.scalar(text("SELECT count(*) FROM place_space")) == 1


def test_many_changes_at_the_same_time_end_with_true_membership(world: Engine) -> None:
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(8):
                with world.begin() as connection:
                    lon = 13.05 + 0.07 * ((number + step) % 5)
                    if number % 2:
                        connection.execute(text("UPDATE place SET lon = :lon"), {"lon": lon})
                    else:
                        connection.execute(text(REDRAW.format(box(13.2, 52.0, lon + 0.2, 52.2))))
        except Exception as error:  # noqa: BLE001 - handed to the test below
            failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    with world.connect() as connection:
        assert connection.scalar(text(UNTRUE)) == 0
