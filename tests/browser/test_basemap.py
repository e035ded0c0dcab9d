"""A basemap is what the operator says: none, tiles of one host, or a file of vector tiles."""

import gzip
import math
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import httpx2
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Response, expect
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import write
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import Route
from starlette.types import ASGIApp

from api.core.settings import Settings
from tests.browser.conftest import DESK, watched
from web.main import create_app

pytestmark = pytest.mark.browser

ZOOM = 10
WEST, SOUTH, EAST, NORTH = 13.3, 52.4, 13.7, 52.7
E7 = [int(degrees * 10_000_000) for degrees in (WEST, SOUTH, EAST, NORTH)]
EXTENT = 4096
LAND, PARK, WATER, STREET = [241, 233, 219], [219, 230, 208], [195, 218, 226], [255, 253, 248]
LAND_AT_NIGHT = [30, 38, 37]
MAP = "#karte[data-ready='1']"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
# Whether a tile of the map holds a colour, given as red, green, blue.
HOLDS = """(colour) => [...document.querySelectorAll(".leaflet-tile-pane canvas")].some((canvas) => {
  if (!canvas.width) return false;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3] === 255 && colour.every((value, part) => data[i + part] === value)) return true;
  return false;
})"""


def varint(number: int) -> bytes:
    """Encode a number as protobuf does: seven bits a byte, the lowest first."""
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + varint(number >> 7)


def packed(number: int, content: bytes) -> bytes:
    """Encode a protobuf field that holds bytes."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def shape(kind: int, points: list[tuple[int, int]]) -> bytes:
    """Encode a line (2) or an area (3) as a feature of a vector tile with the kind and name of its layer."""
    steps = [9]  # move to one point
    x = y = 0
    for position, point in enumerate(points):
        if position == 1:
            steps.append((len(points) - 1) << 3 | 2)  # lines to all others
        steps += [2 * d if d >= 0 else -2 * d - 1 for d in (point[0] - x, point[1] - y)]
        x, y = point
    steps += [15] if kind == 3 else []  # back to the first
    drawn = b"".join(map(varint, steps))
    return packed(2, bytes([0, 0, 1, 1])) + bytes([3 << 3, kind]) + packed(4, drawn)


def layer(name: str, kind: str, shapes: list[bytes]) -> bytes:
    """Encode a layer of a vector tile (version 2) whose features are all of one kind and name."""
    features = b"".join(packed(2, one) for one in shapes)
    said = packed(3, b"kind") + packed(3, b"name")
    said += packed(4, packed(1, kind.encode())) + packed(4, packed(1, b"Musterweg"))
    return packed(3, packed(1, name.encode()) + features + said + b"\x28" + varint(EXTENT) + b"\x78\x02")


def vector_tile() -> bytes:
    """Draw land everywhere and, every 256 units, a street, a canal and a park."""

    def strip(top: int, bottom: int) -> bytes:
        return shape(3, [(0, top), (EXTENT, top), (EXTENT, bottom), (0, bottom)])

    rows = range(0, EXTENT, 256)
    return (
        layer("earth", "earth", [strip(0, EXTENT)])
        + layer("landuse", "park", [strip(at + 40, at + 80) for at in rows])
        + layer("water", "canal", [strip(at + 140, at + 160) for at in rows])
        + layer("roads", "major_road", [shape(2, [(0, at + 220), (EXTENT, at + 220)]) for at in rows])
    )


def tile_at(lon: float, lat: float) -> tuple[int, int]:
    """Return column and row of the web's usual tiles."""
    count = 2**ZOOM
    north = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * count), int((1 - north / math.pi) / 2 * count)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a basemap of Lichtenberg, and with what nobody should get or could draw."""
    folder = tmp_path_factory.mktemp("kacheln")
    (left, top), (right, bottom) = tile_at(WEST, NORTH), tile_at(EAST, SOUTH)
    places = product(range(left, right + 1), range(top, bottom + 1))
    tile = gzip.compress(vector_tile())
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        **dict(zip(("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7"), E7, strict=True)),
        "center_zoom": ZOOM,
        "center_lon_e7": E7[0],
        "center_lat_e7": E7[1],
    }
    with write(str(folder / "region.pmtiles")) as writer:
        for number in sorted(zxy_to_tileid(ZOOM, x, y) for x, y in places):
            writer.write_tile(number, tile)
        writer.finalize(header, {"vector_layers": []})
    (folder / "kaputt.pmtiles").write_text("Das sind keine Kacheln. " * 1000)
    (folder / "geheim.txt").write_text("Das geht niemanden etwas an.")
    return folder


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """Serve an app on a free port of this machine; the value is its address."""
    service = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=service.run, daemon=True)
    thread.start()
    while not service.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{service.servers[0].sockets[0].getsockname()[1]}"
    service.should_exit = True
    thread.join()


def vector(folder: Path, name: str = "region.pmtiles") -> Settings:
    return Settings(
        basemap="pmtiles",
        basemap_url=f"/kacheln/{name}",
        basemap_attribution="© <b>Amt</b> & Co.",
        tiles_dir=folder,
    )


@contextmanager
def visit(
    browser: Browser, demo: Engine, settings: Settings, *also: str
) -> Iterator[tuple[Page, list[Response]]]:
    """Open a page on a service with these settings; yield it with a growing list of the answers it gets."""
    with running(create_app(demo, settings)) as server:
        context = browser.new_context(viewport=DESK, base_url=server)  # type: ignore[arg-type]
        answers: list[Response] = []
        with contextmanager(watched)(context, server, *also) as page:
            page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks what it calls
            yield page, answers


def open_map(page: Page) -> int:
    page.goto("/angebote?stadtteil=fennpfuhl")
    page.wait_for_selector(MAP)
    return int(page.locator(MAP).get_attribute("data-markers") or -1)


def policy_hosts(page: Page) -> list[str]:
    policy = page.request.get("/angebote").headers["content-security-policy"]
    return re.findall(r"[^\s;]*(?://|\*)[^\s;]*", policy)


def test_a_file_of_vector_tiles_is_drawn_under_the_polygons(
    browser: Browser, demo: Engine, folder: Path
) -> None:
    with visit(browser, demo, vector(folder)) as (page, answers):
        assert open_map(page) > 0
        for colour in (LAND, PARK, WATER, STREET):
            page.wait_for_function(HOLDS, arg=colour)
        pieces = [answer for answer in answers if "/kacheln/" in answer.url]
        assert len(pieces) > 1
        assert {answer.status for answer in pieces} == {206}
        expect(page.locator("#karte")).to_have_class(re.compile("with-basemap"))
        expect(page.locator(".leaflet-control-attribution")).to_have_text("© <b>Amt</b> & Co.")
        assert page.locator("path.map-space").count() > 1
        assert policy_hosts(page) == []


def test_vector_tiles_follow_light_and_dark(browser: Browser, demo: Engine, folder: Path) -> None:
    with visit(browser, demo, vector(folder)) as (page, _):
        open_map(page)
        page.wait_for_function(HOLDS, arg=LAND)
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(HOLDS, arg=LAND_AT_NIGHT)
        assert not page.evaluate(HOLDS, LAND)


@pytest.mark.parametrize("name", ["fehlt.pmtiles", "kaputt.pmtiles"])
def test_without_a_readable_file_map_and_list_stay_as_they_are(
    browser: Browser, demo: Engine, folder: Path, name: str
) -> None:
    with visit(browser, demo, vector(folder, name)) as (page, answers):
        with page.expect_console_message(lambda said: said.type == "warning"):
            assert open_map(page) > 0
        assert any(name in answer.url for answer in answers)
        expect(page.locator("#karte")).not_to_have_class(re.compile("with-basemap"))
        expect(page.locator(".leaflet-control-attribution")).to_have_count(0)
        assert page.locator("path.map-space").count() > 1
        assert page.locator(".leaflet-tile-pane canvas").count() == 0
        assert page.locator("#liste [data-offer]").count() > 1


def test_hands_out_tiles_in_pieces_and_nothing_else(demo: Engine, folder: Path) -> None:
    with running(create_app(demo, vector(folder))) as server, httpx2.Client(base_url=server) as client:
        piece = client.get("/kacheln/region.pmtiles", headers={"Range": "bytes=0-6"})
        assert (piece.status_code, piece.content) == (206, b"PMTiles")
        for path in ("geheim.txt", "", "fehlt.pmtiles", "%2e%2e/geheim.pmtiles"):
            assert client.get(f"/kacheln/{path}").status_code == 404


def test_a_missing_folder_is_no_reason_to_fail(demo: Engine, tmp_path: Path) -> None:
    with running(create_app(demo, vector(tmp_path / "fehlt"))) as server, httpx2.Client() as client:
        assert client.get(f"{server}/kacheln/region.pmtiles").status_code == 404


def test_hands_out_no_tiles_unless_the_settings_name_them(server: str) -> None:
    assert httpx2.get(f"{server}/kacheln/region.pmtiles").status_code == 404


def test_picture_tiles_come_from_the_named_host_alone(browser: Browser, demo: Engine) -> None:
    def picture(_request: Request) -> Answer:
        return Answer(PIXEL, media_type="image/png")

    with running(Starlette(routes=[Route("/{z:int}/{x:int}/{y:int}.png", picture)])) as tiles:
        settings = Settings(
            basemap="xyz", basemap_url=f"{tiles}/{{z}}/{{x}}/{{y}}.png", basemap_attribution="© Amt"
        )
        with visit(browser, demo, settings, tiles) as (page, answers):
            assert open_map(page) > 0
            expect(page.locator("#karte")).to_have_class(re.compile("with-basemap"))
            assert policy_hosts(page) == [tiles]
            assert {answer.status for answer in answers if answer.url.startswith(tiles)} == {200}
            assert not any("protomaps" in answer.url for answer in answers)
            expect(page.locator(".leaflet-control-attribution")).to_have_text("© Amt")


def test_without_a_basemap_no_tile_is_asked_for(browser: Browser, demo: Engine) -> None:
    with visit(browser, demo, Settings(basemap="none")) as (page, answers):
        assert open_map(page) > 0
        page.wait_for_load_state("networkidle")
        paths = {re.sub(r"^https?://[^/]+/([^/?]*).*", r"\1", answer.url) for answer in answers}
        assert paths == {"angebote", "api", "static"}
        assert not any("protomaps" in answer.url for answer in answers)
        assert page.locator(".leaflet-tile-pane *").count() == 0
        assert policy_hosts(page) == []
