"""Outlines: GeoJSON for maps, SVG for pages without JavaScript."""

import math
import re
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.regions.models import Region
from api.spaces import outlines
from tests.factories import box, make_division, make_region, make_space


def circle(points: int) -> str:
    """A disc of 0.05 degrees around 13.5, 52.5."""
    angles = [2 * math.pi * n / points for n in range(points)] + [0.0]
    ring = ",".join(f"{13.5 + 0.05 * math.cos(a)} {52.5 + 0.05 * math.sin(a)}" for a in angles)
    return f"SRID=4326;MULTIPOLYGON((({ring})))"


@pytest.fixture(autouse=True)
def _city(session: Session, region: Region) -> None:
    lor = make_division(session, region)
    make_space(session, lor, "1", box(13.0, 52.0, 14.0, 53.0), level=1)
    make_space(session, lor, "102", circle(400))
    make_space(session, lor, "101", box(13.0, 52.0, 13.2, 52.1))
    plz = make_division(session, region, slug="plz", level_names=["PLZ"], resident_level=None)
    make_space(session, plz, "10365", box(13.0, 52.0, 13.5, 52.5), level=1)
    other = make_region(session, is_default=False)
    make_space(session, make_division(session, other), "999", box(13.0, 52.0, 13.5, 52.5))


def features(client: TestClient, question: str = "") -> dict[str, Any]:
    answer = client.get(f"/spaces{question}")
    assert answer.headers["content-type"] == "application/geo+json"
    return {feature["id"]: feature for feature in answer.json()["features"]}


def rings(feature: dict[str, Any]) -> list[list[list[float]]]:
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def test_spaces_are_valid_geojson(client: TestClient) -> None:
    collection = client.get("/spaces").json()
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] in {"Polygon", "MultiPolygon"}
        for ring in rings(feature):
            assert len(ring) >= 4
            assert ring[0] == ring[-1]
            assert all(12.9 < lon < 14.1 and 51.9 < lat < 53.1 for lon, lat in ring)


def test_a_space_says_its_names_and_where_its_label_fits(client: TestClient) -> None:
    said = features(client)["lor:101"]["properties"]
    lon, lat = said.pop("label")
    assert 13.0 < lon < 13.2
    assert 52.0 < lat < 52.1
    assert said == {
        "key": "lor:101",
        "name": "Viertel 101",
        "slug": "viertel-101",
        "code": "101",
        "division": "lor",
        "level": 2,
        "level_name": "Bezirksregion",
    }


@pytest.mark.parametrize(
    ("question", "keys"),
    [
        ("", ["lor:1", "lor:101", "lor:102", "plz:10365"]),
        ("?division=lor", ["lor:1", "lor:101", "lor:102"]),
        ("?division=lor&level=2", ["lor:101", "lor:102"]),
        ("?level=1", ["lor:1", "plz:10365"]),
        ("?division=gibtesnicht", []),
    ],
)
def test_a_division_and_a_level_can_be_chosen(client: TestClient, question: str, keys: list[str]) -> None:
    assert list(features(client, question)) == keys


def test_a_tolerance_leaves_points_out_but_no_space(client: TestClient) -> None:
    counts = [
        len(rings(features(client, f"?tolerance_metres={metres}")["lor:102"])[0])
        for metres in (0, 10, 100, 1000)
    ]
    assert counts[0] == 401
    assert counts == sorted(counts, reverse=True)
    assert 4 <= counts[3] < counts[2] < counts[1] < 401
    assert len(features(client, "?tolerance_metres=5000")) == 4


def test_a_simplified_outline_stays_within_the_tolerance(client: TestClient) -> None:
    for lon, lat in rings(features(client, "?tolerance_metres=100")["lor:102"])[0]:
        assert math.hypot(lon - 13.5, lat - 52.5) == pytest.approx(0.05, abs=100 / 60_000)


def test_one_space_can_be_drawn_alone(session: Session, region: Region) -> None:
    answer = outlines.geojson(session, region, key="lor:101")
    assert '"lor:101"' in answer
    assert '"lor:102"' not in answer


def test_drawings_show_the_residents_spaces_inside_the_picture(session: Session, region: Region) -> None:
    drawn = outlines.drawings(session, region)
    assert [one.space.key for one in drawn.spaces] == ["lor:101", "lor:102"]
    left, top, width, height = map(float, drawn.viewbox.split())
    assert width == outlines.SVG_WIDTH
    for one in drawn.spaces:
        assert re.fullmatch(r"[MLZz0-9 .-]+", one.path)
        assert left <= one.label_x <= left + width
        assert top <= one.label_y <= top + height


def test_drawings_are_as_narrow_as_on_a_paper_map(session: Session) -> None:
    region = make_region(session, is_default=False)
    make_space(session, make_division(session, region), "1", box(10.0, 59.5, 11.0, 60.5))
    _left, _top, width, height = map(float, outlines.drawings(session, region).viewbox.split())
    assert width / height == pytest.approx(0.5, abs=0.01)


def test_a_region_without_spaces_has_an_empty_picture(session: Session) -> None:
    region = make_region(session, is_default=False)
    assert outlines.drawings(session, region).spaces == []
    assert outlines.geojson(session, region) == '{"type" : "FeatureCollection", "features" : []}'
