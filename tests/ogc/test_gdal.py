"""GDAL's OAPIF driver, as QGIS and ogr2ogr use it, reads everything and lets the server filter."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pyogrio
import pytest
from pyogrio import raw
from sqlalchemy import Engine

BOX = (13.48, 52.5, 13.5, 52.52)
QUESTION = re.compile(r'"GET (/ogc/[^ ?]*)\??([^ ]*) HTTP/1.1" 200')


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Heard:
    """A server and the log of what it was asked for.

    It is a process of its own: while GDAL waits for an answer, nothing else in Python goes on.
    """

    def __init__(self, log: Path, address: str) -> None:
        self.log = log
        self.address = address

    def read(
        self, layer: str, **wish: Any
    ) -> tuple[dict[str, np.ndarray[Any, Any]], list[dict[str, str]], str]:
        """Return what GDAL reads by field, what it asked for to get it, and the reference system."""
        before = len(self.log.read_text())
        meta, _, shapes, values = raw.read(f"OAPIF:{self.address}", layer=layer, **wish)
        path = f"/ogc/collections/{layer}/items"
        said = QUESTION.findall(self.log.read_text()[before:])
        asked = [dict(parse_qsl(query)) for at, query in said if at == path]
        # Before all else it looks at twenty features to learn their fields.
        asked = [query for query in asked if query["limit"] != "20"]
        return {**dict(zip(meta["fields"], values, strict=True)), "shape": shapes}, asked, str(meta["crs"])


@pytest.fixture(scope="module")
def heard(demo: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """The whole service with the demo regions, and its log."""
    log, port = tmp_path_factory.mktemp("gdal") / "log", free_port()
    url = demo.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "uvicorn", "--factory", "web.main:create_app", "--port", str(port)]
    with log.open("wb") as output:
        environment = {**os.environ, "LANDKARTE_DATABASE_URL": url}
        running = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        for _ in range(300):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
                break
            time.sleep(0.1)
        yield Heard(log, f"http://127.0.0.1:{port}/ogc")
    finally:
        running.terminate()
        running.wait(10)


def test_knows_every_collection_with_its_kind_of_shape(heard: Heard) -> None:
    layers = pyogrio.list_layers(f"OAPIF:{heard.address}")
    assert dict(layers) == {
        "offers": "Point",
        "lor": "MultiPolygon",
        "plz": "MultiPolygon",
    }


def test_reads_every_feature(heard: Heard) -> None:
    for layer, least in (("offers", 300), ("lor", 50), ("plz", 12)):
        features, _, _ = heard.read(layer)
        [info] = [pyogrio.read_info(f"OAPIF:{heard.address}", layer=layer)]
        assert len(set(features["id"])) == len(features["id"]) == info["features"] >= least


def test_lets_the_server_look_into_a_box(heard: Heard) -> None:
    everything, _, _ = heard.read("offers")
    found, asked, _ = heard.read("offers", bbox=BOX)
    assert 0 < len(found["id"]) < len(everything["id"])
    assert all("bbox" in query for query in asked)
    assert [round(float(number), 9) for number in asked[0]["bbox"].split(",")] == list(BOX)


@pytest.mark.parametrize(
    ("layer", "where", "pushed"),
    [
        ("offers", "cost = 'free'", {"cost": "free"}),
        ("offers", "resource_level = 4", {"resource_level": "4"}),
        ("offers", "provider = 'Ausblick e.V.'", {"provider": "Ausblick e.V."}),
        ("offers", "topic = 'geld' AND cost = 'free'", {"topic": "geld", "cost": "free"}),
        ("lor", "level = 2", {"level": "2"}),
        ("lor", "parent = 'lor:1103'", {"parent": "lor:1103"}),
    ],
)
def test_lets_the_server_choose_by_properties(
    heard: Heard, layer: str, where: str, pushed: dict[str, str]
) -> None:
    found, asked, _ = heard.read(layer, where=where)
    assert len(asked) == 1
    assert pushed.items() <= asked[0].items()
    name, value = next(reversed(pushed.items()))
    assert len(found["id"]) > 0
    assert {str(one) for one in found[name]} == {value}


def test_box_and_property_go_together(heard: Heard) -> None:
    found, [asked], _ = heard.read("offers", bbox=BOX, where="cost = 'free'")
    assert {"bbox", "cost"} <= set(asked)
    assert set(found["cost"]) == {"free"}


def test_asks_for_another_reference_system(heard: Heard) -> None:
    _, [asked], system = heard.read("plz", CRS="EPSG:25833")
    assert asked["crs"] == "http://www.opengis.net/def/crs/EPSG/0/25833"
    assert system == "EPSG:25833"


def test_reads_another_region_by_its_name(heard: Heard) -> None:
    layers = pyogrio.list_layers(f"OAPIF:{heard.address}?region=unna")
    assert list(layers[:, 0]) == ["offers", "gemeinden"]
    assert len(raw.read(f"OAPIF:{heard.address}?region=unna", layer="gemeinden")[2]) == 10
