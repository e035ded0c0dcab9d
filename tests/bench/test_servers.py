"""What is measured beside our answers says the same as they do."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import make_url
from sqlmodel import Session, text
from starlette.testclient import TestClient

import bench.app
import web.main
from api.core.db import make_engine
from bench import tipg
from bench.calm import processor_seconds
from bench.installation import Installation
from bench.soak import _edit, resident_megabytes
from tests.points import unpacked


@pytest.fixture
def service(installation: Installation) -> Iterator[TestClient]:
    engine = make_engine(installation.url)
    app = web.main.create_app(engine)
    app.include_router(bench.app.router)
    with TestClient(app, base_url="http://localhost") as opened:
        yield opened
    engine.dispose()


def test_the_limit_asks_the_database(service: TestClient) -> None:
    assert service.get("/bench/select-1").json() == 1


def test_the_geojson_holds_the_points_of_the_map(service: TestClient) -> None:
    columns = service.get("/api/v1/map/points").json()
    features = service.get("/bench/geojson").json()["features"]
    ours = {(offer, place): (topic, lon, lat) for offer, place, topic, lon, lat in unpacked(columns)}
    assert len(features) > 100
    assert len(ours) == len(features)
    for feature in features:
        said = feature["properties"]
        topic, lon, lat = ours[said["offer"], said["place"]]
        assert topic == said["topic"]
        assert feature["geometry"]["coordinates"] == pytest.approx([lon, lat], abs=1.1e-5)


def test_tipg_gets_the_same_points(installation: Installation, service: TestClient) -> None:
    tipg.make_table(installation)
    tipg.make_table(installation)  # a second time is no harm
    engine = make_engine(installation.url)
    with engine.connect() as connection:
        connection.execute(text("RESET ROLE"))
        rows = connection.scalar(text("SELECT count(*) FROM bench.offer_point"))
    engine.dispose()
    assert rows == len(service.get("/bench/geojson").json()["features"])


def test_tipg_finds_the_database_by_socket_or_host(installation: Installation) -> None:
    by_socket = replace(installation, owner=make_url("postgresql+psycopg://owner@/any?host=/run/x"), name="b")
    assert tipg.environment(by_socket)["DATABASE_URL"] == "postgresql://owner@%2Frun%2Fx:5432/b"
    by_host = replace(installation, owner=make_url("postgresql+psycopg://owner:s%40t@db:6000/any"), name="b")
    assert tipg.environment(by_host)["DATABASE_URL"] == "postgresql://owner:s%40t@db:6000/b"


def test_every_second_edit_takes_the_first_back(installation: Installation) -> None:
    engine = make_engine(installation.url)
    seen = []
    for number in range(2):
        with Session(engine) as session, session.begin():
            _edit(session, number)
        with Session(engine) as session:
            seen.append(
                session.connection()
                .execute(
                    text("SELECT cost_note, data_version FROM offer o, region r WHERE o.id = 1 AND r.id = 1")
                )
                .one()
            )
    engine.dispose()
    assert [row.cost_note == "" for row in seen] == [False, True]
    assert seen[1].data_version == seen[0].data_version + 1


def test_memory_is_read_from_the_system() -> None:
    assert resident_megabytes(os.getpid()) > 10


def test_who_computes_is_not_calm() -> None:
    before = processor_seconds(os.getpid())
    until = time.monotonic() + 10
    while processor_seconds(os.getpid()) == before and time.monotonic() < until:
        sum(range(10_000))
    assert processor_seconds(os.getpid()) > before
