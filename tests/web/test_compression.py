"""What is compressed, and what is better left as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.core.settings import settings
from web.main import create_app

PACKED = {"accept-encoding": "gzip, deflate, br, zstd"}
TILES = bytes(range(256)) * 40


@pytest.fixture
def visitor(demo: Engine, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "stadt.pmtiles").write_bytes(TILES)
    chosen = settings().model_copy(
        update={
            "basemap": "pmtiles",
            "basemap_url": "/kacheln/stadt.pmtiles",
            "basemap_attribution": "©",
            "tiles_dir": tmp_path,
        }
    )
    with TestClient(create_app(demo, chosen), base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    "address",
    ["/", "/angebote", "/api/v1/map/points", "/api/v1/spaces", "/static/vendor/leaflet-1.9.4/leaflet.js"],
)
def test_texts_are_sent_small(visitor: TestClient, address: str) -> None:
    with visitor.stream("GET", address, headers={"accept-encoding": "gzip"}) as packed:
        size = len(b"".join(packed.iter_raw()))
    plain = visitor.get(address, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert size < 0.5 * len(plain.content)


def test_pieces_of_a_basemap_are_sent_as_they_are(visitor: TestClient) -> None:
    headers = {**PACKED, "range": "bytes=256-511"}
    answer = visitor.get("/kacheln/stadt.pmtiles", headers=headers)
    assert (answer.status_code, answer.content) == (206, TILES[256:512])
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-range"] == f"bytes 256-511/{len(TILES)}"


def test_pieces_of_a_text_are_sent_as_they_are(visitor: TestClient) -> None:
    answer = visitor.get("/static/css/base.css", headers={**PACKED, "range": "bytes=0-99"})
    assert answer.status_code == 206
    assert "content-encoding" not in answer.headers
    assert len(answer.content) == 100


@pytest.mark.parametrize("address", ["/kacheln/stadt.pmtiles", "/static/css/base.css", "/"])
def test_head_tells_of_files_and_pages_without_sending_them(visitor: TestClient, address: str) -> None:
    answer = visitor.head(address, headers={"accept-encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, b"")
    plain = visitor.get(address, headers={"accept-encoding": "identity"})
    assert int(answer.headers["content-length"]) == len(plain.content)
