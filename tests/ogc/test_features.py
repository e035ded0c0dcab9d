"""Features against plain SQL on the same tables: boxes, properties, days, paging and reference systems."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.ogc.systems import SYSTEMS, System
from api.regions.models import Region
from tests.factories import box, make_division, make_offer, make_place, make_space

BOX = "ST_MakeEnvelope"
FINER = """
  SELECT t.slug FROM topic t LEFT JOIN topic top ON top.id = t.parent_id WHERE 'geld' IN (t.slug, top.slug)
"""
AUSBLICK = "SELECT id FROM organization WHERE name = 'Ausblick e.V.'"
ITEMS = "/ogc/collections/offers/items"
CRS84, WGS84, UTM32, UTM33, MERCATOR = SYSTEMS.values()
modest = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Every feature of the demo's default region, written down once more without a word of the program's own.
FEATURES = """
  WITH feature AS (
    SELECT concat_ws('.', o.id, a.place_id) AS called, o.*, p.wheelchair,
      CASE WHEN NOT p.address_hidden THEN p.geom END AS point,
      CASE WHEN NOT p.address_hidden THEN p.postcode END AS postcode,
      CASE WHEN NOT p.address_hidden THEN p.town END AS town
    FROM offer o
    LEFT JOIN offer_at_place a ON a.offer_id = o.id
    LEFT JOIN place p ON p.id = a.place_id
    WHERE o.status = 'published' AND o.region_id = (SELECT id FROM region WHERE is_default)
  ) SELECT called FROM feature WHERE
"""
Ids = Callable[..., list[str]]


@pytest.fixture(scope="module")
def by_sql(demo: Engine) -> Ids:
    """Return the ids of all features that a condition in SQL chooses."""

    def ids(condition: str, **values: Any) -> list[str]:
        with demo.connect() as connection:
            return sorted(connection.scalars(text(FEATURES + condition), values))

    return ids


def asked(reader: TestClient, path: str = ITEMS, **said: Any) -> dict[str, Any]:
    answer = reader.get(f"{path}?{urlencode({'limit': 10_000, **said})}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["numberMatched"] == found["numberReturned"] == len(found["features"])
    return found


def ids(reader: TestClient, path: str = ITEMS, **said: Any) -> list[str]:
    return sorted(one["id"] for one in asked(reader, path, **said)["features"])


def test_there_are_features_with_and_without_a_point(demo_reader: TestClient, by_sql: Ids) -> None:
    everything = ids(demo_reader)
    assert everything == by_sql("true")
    without = [one["id"] for one in asked(demo_reader)["features"] if one["geometry"] is None]
    assert sorted(without) == by_sql("point IS NULL")
    assert 0 < len(without) < len(everything)


edges = st.tuples(st.floats(13.4, 13.6), st.floats(52.4, 52.6), st.floats(0, 0.1), st.floats(0, 0.1))


@modest
@given(edges=edges, system=st.sampled_from([CRS84, WGS84]))
def test_a_box_of_degrees_holds_what_lies_in_it(
    demo_reader: TestClient, by_sql: Ids, edges: tuple[float, float, float, float], system: System
) -> None:
    west, south, wide, high = edges
    east, north = west + wide, south + high
    order = (south, west, north, east) if system is WGS84 else (west, south, east, north)
    found = ids(demo_reader, bbox=",".join(f"{number:.9f}" for number in order), **{"bbox-crs": system.uri})
    corners = [round(number, 9) for number in (west, south, east, north)]
    inside = "ST_X(point) BETWEEN :w AND :e AND ST_Y(point) BETWEEN :s AND :n"
    assert found == by_sql(inside, **dict(zip("wsen", corners, strict=True)))


@modest
@given(
    middle=st.tuples(st.floats(13.4, 13.6), st.floats(52.4, 52.6)),
    size=st.tuples(st.floats(1, 9000), st.floats(1, 9000)),
    system=st.sampled_from([UTM32, UTM33, MERCATOR]),
)
def test_a_box_of_metres_holds_what_lies_in_it(
    demo: Engine,
    demo_reader: TestClient,
    by_sql: Ids,
    middle: tuple[float, float],
    size: tuple[float, float],
    system: System,
) -> None:
    with demo.connect() as connection:
        point = "SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_Point(:lon, :lat, 4326), :srid) p"
        values = {"lon": middle[0], "lat": middle[1], "srid": system.srid}
        x, y = connection.execute(text(point), values).one()
    corners = [round(number, 3) for number in (x, y, x + size[0], y + size[1])]
    found = ids(demo_reader, bbox=",".join(map(str, corners)), **{"bbox-crs": system.uri})
    there = f"ST_Transform(point, {system.srid})"
    inside = f"ST_X({there}) BETWEEN :w AND :e AND ST_Y({there}) BETWEEN :s AND :n"
    assert found == by_sql(inside, **dict(zip("wsen", corners, strict=True)))


def test_heights_do_not_count_and_a_box_may_be_a_point(demo_reader: TestClient) -> None:
    assert ids(demo_reader, bbox="13.4,52.5,0,13.5,52.6,100") == ids(demo_reader, bbox="13.4,52.5,13.5,52.6")
    for one in asked(demo_reader, bbox="13.4,52.5,13.5,52.6", limit=10_000)["features"][:3]:
        lon, lat = one["geometry"]["coordinates"]
        assert ids(demo_reader, bbox=f"{lon - 1e-7:.8f},{lat - 1e-7:.8f},{lon + 1e-7:.8f},{lat + 1e-7:.8f}")


def test_a_box_may_cross_the_180th_meridian(reader: TestClient, session: Session, region: Region) -> None:
    for name, lon in (("A", 179.5), ("B", -179.5), ("C", 0.0)):
        make_offer(session, region, make_place(session, region, lon, 10.0), name=f"{name} hier")
    found = asked(reader, bbox="179,5,-179,15")["features"]
    assert sorted(one["properties"]["name"][0] for one in found) == ["A", "B"]


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ({"topic": "geld"}, f"topics && ARRAY({FINER})::text[]"),
        ({"topic": "kita"}, "topics && '{kita}'"),
        ({"audience": "familien"}, "audiences && '{familien}'"),
        ({"language": "tr"}, "languages && '{tr}'"),
        ({"cost": "free"}, "cost = 'free'"),
        ({"access": "walk_in"}, "access = 'walk_in'"),
        ({"resource_level": 4}, "resource_level = 4"),
        ({"age": 15}, "coalesce(min_age, 0) <= 15 AND coalesce(max_age, 15) >= 15"),
        ({"is_example": "true"}, "is_example"),
        ({"is_example": "false", "cost": "unknown"}, "NOT is_example AND cost = 'unknown'"),
        ({"offer": 3}, "called LIKE '3.%' OR called = '3'"),
        ({"postcode": "10369"}, "postcode = '10369'"),
        ({"wheelchair": "yes"}, "wheelchair = 'yes'"),
        ({"town": "Berlin", "resource_level": 3}, "town = 'Berlin' AND resource_level = 3"),
        ({"provider": "Ausblick e.V."}, f"organization_id IN ({AUSBLICK})"),
        ({"datetime": "2014-05-01"}, "verified_on IS NULL OR verified_on = '2014-05-01'"),
        ({"datetime": "2026-01-01T00:00:00Z/.."}, "verified_on IS NULL OR verified_on >= '2026-01-01'"),
        ({"datetime": "/2020-01-01"}, "verified_on IS NULL OR verified_on <= '2020-01-01'"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_property_chooses_what_sql_chooses(
    demo_reader: TestClient, by_sql: Ids, said: dict[str, Any], condition: str
) -> None:
    expected = by_sql(f"({condition})")
    assert ids(demo_reader, **said) == expected
    assert 0 < len(expected) < len(by_sql("true"))


def test_a_space_holds_what_lies_in_it_and_what_comes_to_it(
    reader: TestClient, session: Session, region: Region
) -> None:
    lor = make_division(session, region)
    make_space(session, lor, "101", box(13.0, 52.0, 13.1, 52.1))
    make_space(session, lor, "102", box(13.1, 52.0, 13.2, 52.1))
    west, east = make_place(session, region, 13.05, 52.05), make_place(session, region, 13.15, 52.05)
    hidden = make_place(session, region, 13.05, 52.05, address_hidden=True)
    both = make_offer(session, region, [west, east])
    comes = make_offer(session, region, outreach=True, serves=["lor:102"])
    shelter = make_offer(session, region, hidden)
    expected = {
        "lor:101": [f"{both.id}.{west.id}", f"{shelter.id}.{hidden.id}"],
        "lor:102": [f"{both.id}.{east.id}", f"{comes.id}", f"{shelter.id}.{hidden.id}"],
    }
    for key, found in expected.items():
        assert ids(reader, space=key) == sorted(found)


@modest
@given(limit=st.integers(7, 60), collection=st.sampled_from(["offers", "lor", "plz"]))
def test_paging_gives_each_feature_once_and_leads_back(
    demo_reader: TestClient, limit: int, collection: str
) -> None:
    path = f"/ogc/collections/{collection}/items"
    seen, address, pages = [], f"{path}?limit={limit}", []
    while address:
        page = demo_reader.get(address).json()
        seen += [one["id"] for one in page["features"]]
        pages.append([one["id"] for one in page["features"]])
        links = {link["rel"]: link["href"] for link in page["links"]}
        address = links.get("next", "")
        assert len(page["features"]) <= limit
        assert ("prev" in links) == (len(pages) > 1)
        if "prev" in links:
            before = demo_reader.get(links["prev"]).json()["features"]
            assert [one["id"] for one in before] == pages[-2]
    assert sorted(seen) == ids(demo_reader, path)
    assert len(seen) == len(set(seen))


def test_behind_the_last_page_is_an_empty_one(demo_reader: TestClient) -> None:
    page = demo_reader.get(f"{ITEMS}?offset=5000").json()
    assert (page["numberReturned"], page["features"]) == (0, [])
    assert "next" not in {link["rel"] for link in page["links"]}


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=lambda system: system.uri.rpartition("/")[2])
@pytest.mark.parametrize("collection", ["offers", "plz"])
def test_coordinates_are_those_of_st_transform(
    demo: Engine, demo_reader: TestClient, collection: str, system: System
) -> None:
    path = f"/ogc/collections/{collection}/items"
    answer = demo_reader.get(path, params={"limit": "40", "crs": system.uri})
    assert answer.headers["content-crs"] == f"<{system.uri}>"
    back = """
      SELECT ST_HausdorffDistance(ST_Transform(ST_SetSRID(
        CASE WHEN :flip THEN ST_FlipCoordinates(said) ELSE said END, :srid), 4326), geom)
      FROM (SELECT geom, ST_GeomFromGeoJSON(:geometry) AS said FROM {} WHERE {}) one
    """
    offers = back.format("place", "id = split_part(:id, '.', 2)::bigint")
    spaces = back.format("space", "key = :id")
    checked = 0
    with demo.connect() as connection:
        for one in answer.json()["features"]:
            if one["geometry"] is None:
                continue
            values = {
                "id": one["id"],
                "flip": system is WGS84,
                "srid": system.srid,
                "geometry": str(one["geometry"]).replace("'", '"'),
            }
            away = connection.scalar(text(offers if collection == "offers" else spaces), values)
            assert away < 1e-6
            checked += 1
            # A single feature says the same as the list.
            single = demo_reader.get(f"{path}/{one['id']}", params={"crs": system.uri})
            assert single.json()["geometry"] == one["geometry"]
            assert single.json()["properties"] == one["properties"]
    assert checked > 5


def test_without_a_wish_coordinates_are_longitude_before_latitude(demo_reader: TestClient) -> None:
    answer = demo_reader.get(f"{ITEMS}?limit=1")
    lon, lat = answer.json()["features"][0]["geometry"]["coordinates"]
    assert 13 < lon < 14
    assert 52 < lat < 53
    assert answer.headers["content-crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ({}, "true"),
        ({"level": 2}, "s.level = 2"),
        ({"key": "lor:110306"}, "s.code = '110306'"),
        ({"code": "110306"}, "s.code = '110306'"),
        ({"name": "Alt-Lichtenberg"}, "s.name = 'Alt-Lichtenberg'"),
        ({"parent": "lor:1103"}, "s.parent_id = (SELECT id FROM space WHERE key = 'lor:1103')"),
        ({"bbox": "13.47,52.5,13.5,52.52"}, f"ST_Intersects(s.geom, {BOX}(13.47, 52.5, 13.5, 52.52, 4326))"),
        ({"bbox": "13.48,52.51,13.48,52.51"}, "ST_Intersects(s.geom, ST_Point(13.48, 52.51, 4326))"),
        ({"bbox": "805000,5830000,807000,5834000", "bbox-crs": UTM32.uri},
            f"ST_Intersects(ST_Transform(s.geom, 25832), {BOX}(805000, 5830000, 807000, 5834000, 25832))"),
        ({"datetime": "2020-06-01"}, "true"),
        ({"datetime": "2022-01-01/.."}, "d.valid_to_on IS NULL OR d.valid_to_on >= '2022-01-01'"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)  # fmt: skip
def test_spaces_are_chosen_as_sql_chooses_them(
    demo: Engine, demo_reader: TestClient, said: dict[str, Any], condition: str
) -> None:
    table = "space s JOIN division d ON d.id = s.division_id"
    stmt = f"SELECT s.key FROM {table} WHERE d.slug = 'lor' AND ({condition})"
    with demo.connect() as connection:
        expected = sorted(connection.scalars(text(stmt)))
    assert ids(demo_reader, "/ogc/collections/lor/items", **said) == expected
