"""What everybody asks for is answered by statements that stand ready; they say what the others say."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.offers.models import Cost
from api.ogc.boxes import Box
from api.ogc.questions import OffersQuestion
from api.ogc.systems import SYSTEMS
from api.ogc.tiling import Tile
from tests.ogc.test_tiles import LICHTENBERG, shown, tile_at

ALWAYS = "../.."  # a time that leaves nothing out, but is a wish
CRS84, WGS84, UTM32, *_ = SYSTEMS

modest = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def features(reader: TestClient, **said: object) -> tuple[int, list[Any]]:
    answer = reader.get(
        "/ogc/collections/offers/items", params={name: str(value) for name, value in said.items()}
    )
    assert answer.status_code == 200
    return answer.json()["numberMatched"], answer.json()["features"]


def drawn(one: dict[str, Any]) -> tuple[str, str, str, bytes]:
    return one["id"], one["name"], one["cost"], one["shape"]


@modest
@given(
    limit=st.integers(1, 60),
    offset=st.integers(0, 400),
    corner=st.none() | st.tuples(st.floats(13.3, 13.6), st.floats(52.4, 52.6)),
    size=st.floats(0, 0.3),
    crs=st.sampled_from([CRS84, WGS84, UTM32]),
)
def test_a_page_of_all_is_the_page_of_a_wish_that_leaves_nothing_out(
    demo_reader: TestClient,
    limit: int,
    offset: int,
    corner: tuple[float, float] | None,
    size: float,
    crs: str,
) -> None:
    said: dict[str, object] = {"limit": limit, "offset": offset, "crs": crs}
    if corner is not None:
        west, south = corner
        said["bbox"] = f"{west:.6f},{south:.6f},{west + size:.6f},{south + size:.6f}"
    assert features(demo_reader, **said) == features(demo_reader, **said, datetime=ALWAYS)


@pytest.mark.parametrize(
    ("said", "is_for_all"),
    [
        ({}, True),
        ({"limit": "3", "bbox": "1,2,3,4", "crs": UTM32}, True),
        ({"datetime": ALWAYS}, False),
        ({"cost": "free"}, False),
        ({"is_example": "false"}, False),
    ],
)
def test_a_wish_is_no_question_for_all(said: dict[str, str], is_for_all: bool) -> None:
    assert OffersQuestion.model_validate(said).is_for_all is is_for_all


@pytest.mark.parametrize(
    ("system", "edges", "is_plain"),
    [(CRS84, (13, 52, 14, 53), True), (CRS84, (179, 5, -179, 15), False), (UTM32, (0, 0, 9, 9), False)],
)
def test_only_boxes_of_degrees_on_one_side_of_the_earth_are_plain(
    system: str, edges: tuple[float, float, float, float], is_plain: bool
) -> None:
    assert Box(SYSTEMS[system], *edges).is_plain is is_plain


def test_a_tile_shows_what_the_tiles_of_all_wishes_show_together(demo_reader: TestClient) -> None:
    where = tile_at(11, *LICHTENBERG)
    whole = shown(demo_reader, "offers", where)
    parts = [one for cost in Cost for one in shown(demo_reader, "offers", where, f"?cost={cost.value}")]
    assert whole
    assert sorted(map(drawn, parts)) == sorted(map(drawn, whole))


@modest
@given(zoom=st.integers(2, 22), row=st.floats(0.01, 0.99), column=st.floats(0.01, 0.99))
def test_the_box_of_a_tile_holds_what_is_drawn_over_its_edges(
    demo: Engine, zoom: int, row: float, column: float
) -> None:
    side = 2**zoom
    where = Tile(zoom, min(max(int(row * side), 1), side - 2), min(max(int(column * side), 1), side - 2))
    question = text("""
      SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)
      FROM ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => 64.0 / 4096), 4326) e
    """)
    with demo.connect() as connection:
        west, south, east, north = connection.execute(question, where._asdict()).one()
    box = where.around()
    assert box.west < west < east < box.east
    assert box.south < south < north < box.north
    assert list(box.edges.values()) == pytest.approx([west, south, east, north], abs=1e-6)
