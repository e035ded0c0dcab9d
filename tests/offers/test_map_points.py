"""Points for the map: compact columns that lead back to the true coordinates."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from api.regions.models import Region
from tests.factories import make_offer, make_place, make_topic
from tests.points import unpacked


def test_every_point_names_its_offer_place_and_top_level_topic(
    session: Session, region: Region, client: TestClient
) -> None:
    make_topic(session, "wohnen", position=9)
    money = make_topic(session, "geld", position=1)
    make_topic(session, "schulden", money)
    west, east = make_place(session, region, 13.4, 52.4), make_place(session, region, 13.5, 52.6)
    first = make_offer(session, region, [west, east], topics=["schulden", "wohnen"])
    second = make_offer(session, region, east, topics=["wohnen"])
    third = make_offer(session, region, west)
    make_offer(session, region, make_place(session, region), topics=["geld"])
    answer = client.get("/map/points").json()
    assert answer["topic_slugs"] == ["geld", "wohnen"]
    assert [(offer, place, topic) for offer, place, topic, _x, _y in unpacked(answer)] == [
        (first.id, west.id, "geld"),
        (first.id, east.id, "geld"),
        (second.id, east.id, "wohnen"),
        (third.id, west.id, None),
    ]


def test_only_the_places_that_answer_are_drawn(session: Session, region: Region, client: TestClient) -> None:
    west, east = make_place(session, region, 13.4, 52.4), make_place(session, region, 13.5, 52.6)
    make_offer(session, region, [west, east])
    assert client.get("/map/points?near=13.5,52.6").json()["place_steps"] == [east.id]
    assert client.get("/map/points?bbox=13.3,52.3,13.45,52.5").json()["place_steps"] == [west.id]


def test_no_points_are_empty_columns(region: Region, client: TestClient) -> None:
    answer = client.get("/map/points").json()
    assert answer["version"] == region.data_version
    columns = ("place_steps", "x", "y", "offers_at", "offers", "topics")
    assert [answer[name] for name in columns] == [[]] * len(columns)


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    spots=st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=5)
    | st.lists(st.tuples(st.floats(13.4, 13.6), st.floats(52.4, 52.6)), min_size=1, max_size=5)
)
def test_points_lead_back_to_within_a_metre(
    session: Session, region: Region, client: TestClient, spots: list[tuple[float, float]]
) -> None:
    with session.begin_nested() as savepoint:
        for lon, lat in spots:
            make_offer(session, region, make_place(session, region, lon, lat))
        answer = client.get("/map/points").json()
        drawn = [(lon, lat) for _offer, _place, _topic, lon, lat in unpacked(answer)]
        assert len(drawn) == len(spots)
        for (lon, lat), (x, y) in zip(spots, drawn, strict=True):
            assert x == pytest.approx(lon, abs=0.51e-5)
            assert y == pytest.approx(lat, abs=0.51e-5)
        assert all(isinstance(number, int) and number >= 0 for number in answer["x"] + answer["y"])
        savepoint.rollback()
