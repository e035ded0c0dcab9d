"""Vector tiles, decoded by GDAL: what they show is what lies there."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests.ogc.decoding import decoded

QUAD = "WebMercatorQuad"
LICHTENBERG = (52.54, 13.5)


def tile_at(zoom: int, lat: float, lon: float) -> tuple[int, int, int]:
    """Return zoom, row and column of the tile that holds a point."""
    side = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side
    return zoom, int(row), int((lon + 180) / 360 * side)


def shown(
    reader: TestClient, collection: str, where: tuple[int, int, int], query: str = ""
) -> list[dict[str, Any]]:
    answer = reader.get(f"/ogc/collections/{collection}/tiles/{QUAD}/{'/'.join(map(str, where))}{query}")
    if answer.status_code == 204:
        assert answer.content == b""
        return []
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    return decoded(answer.content, where)


def tiles_below(where: tuple[int, int, int], zoom: int) -> Iterator[tuple[int, int, int]]:
    deeper = zoom - where[0]
    for row in range(where[1] << deeper, (where[1] + 1) << deeper):
        for column in range(where[2] << deeper, (where[2] + 1) << deeper):
            yield zoom, row, column


def test_one_tile_of_the_world_shows_every_point(demo_reader: TestClient) -> None:
    found = shown(demo_reader, "offers", (0, 0, 0))
    features = demo_reader.get("/ogc/collections/offers/items?limit=10000").json()["features"]
    assert sorted(one["id"] for one in found) == sorted(one["id"] for one in features if one["geometry"])
    names = {one["id"]: one["properties"] for one in features}
    for one in found:
        said = names[one["id"]]
        assert (one["name"], one["cost"], one["offer"]) == (said["name"], said["cost"], said["offer"])


def test_points_are_drawn_where_they_lie(demo: Engine, demo_reader: TestClient) -> None:
    where = tile_at(14, *LICHTENBERG)
    found = shown(demo_reader, "offers", where)
    assert found
    place = text("SELECT ST_X(p), ST_Y(p) FROM place, ST_Transform(geom, 3857) p WHERE id = :id")
    with demo.connect() as connection:
        for one in found:
            x, y = connection.execute(place, {"id": one["place"]}).one()
            assert math.dist((x, y), (one["x"], one["y"])) < 1  # the grid of this zoom is 0.6 metres wide


def test_the_tiles_of_a_zoom_show_each_point_and_only_those_near_them(demo_reader: TestClient) -> None:
    where = tile_at(10, *LICHTENBERG)
    whole = shown(demo_reader, "offers", where)
    parts = [one["id"] for below in tiles_below(where, 12) for one in shown(demo_reader, "offers", below)]
    side = 2 * 20_037_508.342789244 / 2**10
    west, north = where[2] * side - 2**9 * side, 2**9 * side - where[1] * side
    inside = {one["id"] for one in whole if west < one["x"] < west + side and north - side < one["y"] < north}
    assert inside <= set(parts) <= {one["id"] for one in whole}
    assert len(inside) > 200
    assert len(parts) < 1.2 * len(inside)  # a little of the neighbours is drawn over the edges


def test_spaces_are_shown_and_chosen_by_level(demo_reader: TestClient) -> None:
    where = tile_at(10, *LICHTENBERG)
    found = shown(demo_reader, "lor", where)
    assert {one["level"] for one in found} == {1, 2, 3}
    coarse = shown(demo_reader, "lor", where, "?level=1")
    assert sorted(one["id"] for one in coarse) == sorted(one["id"] for one in found if one["level"] == 1)
    assert all(one["key"].startswith("lor:") and one["name"] for one in found)


def test_a_tile_takes_the_same_properties_as_the_list(demo_reader: TestClient) -> None:
    found = shown(demo_reader, "offers", (0, 0, 0), "?cost=free&resource_level=4")
    features = demo_reader.get("/ogc/collections/offers/items?limit=10000&cost=free&resource_level=4").json()
    assert sorted(one["id"] for one in found) == sorted(
        one["id"] for one in features["features"] if one["geometry"]
    )
    assert found


def test_where_nothing_lies_there_is_nothing_to_send(demo_reader: TestClient) -> None:
    assert shown(demo_reader, "offers", tile_at(14, 0.0, -150.0)) == []
    assert shown(demo_reader, "plz", tile_at(5, -80.0, 179.0)) == []


@pytest.mark.parametrize("zoom", [0, 22])
def test_the_edges_of_the_world_can_be_asked_for(demo_reader: TestClient, zoom: int) -> None:
    last = 2**zoom - 1
    for row in (0, last):
        for column in (0, last):
            for collection in ("offers", "lor"):
                shown(demo_reader, collection, (zoom, row, column))


def test_a_set_of_tiles_describes_itself_in_two_ways(demo_reader: TestClient) -> None:
    address = f"/ogc/collections/lor/tiles/{QUAD}"
    said = demo_reader.get(address).json()
    assert said["tileMatrixSetURI"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    [template] = [link["href"] for link in said["links"] if link["rel"] == "item"]
    where = tile_at(10, *LICHTENBERG)
    for name, number in zip(("tileMatrix", "tileRow", "tileCol"), where, strict=True):
        template = template.replace(f"{{{name}}}", str(number))
    assert demo_reader.get(template).status_code == 200
    tilejson = demo_reader.get(f"{address}?f=tilejson").json()
    [template] = tilejson["tiles"]
    for name, number in zip("zyx", where, strict=True):
        template = template.replace(f"{{{name}}}", str(number))
    assert demo_reader.get(template).status_code == 200
    [layer] = tilejson["vector_layers"]
    assert set(layer["fields"]) >= set(shown(demo_reader, "lor", where)[0]) - {"shape", "mvt_id"}


def test_the_matrix_set_halves_its_cells_at_each_zoom(demo_reader: TestClient) -> None:
    matrices = demo_reader.get(f"/ogc/tileMatrixSets/{QUAD}").json()["tileMatrices"]
    assert matrices[0]["scaleDenominator"] == pytest.approx(
        559082264.0287178
    )  # as in the standard, annex D.1
    for coarse, fine in pairwise(matrices):
        assert fine["cellSize"] * 2 == coarse["cellSize"]
        assert fine["matrixWidth"] == 2 * coarse["matrixWidth"]
