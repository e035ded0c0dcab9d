"""Files over HTTP: what is in them, under which name, and that nobody can ask for too much."""

import csv
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.core import clock
from api.exports.download import Download, gate
from api.exports.formats import DOWNLOADS, Ending
from api.main import create_api
from api.regions.models import Region
from tests.factories import (
    box,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_source,
    make_space,
    make_topic,
)
from web.asgi import HeadAsGet

SECRET = ("Geheimweg", "99999", "Verborgenstadt", "13.4321", "13,4321", "030 999")


@pytest.fixture
def town(database: Engine) -> Region:
    """A region with one offer at two places, one hidden, one that comes to people, and a draft."""
    with Session(database, expire_on_commit=False) as session:
        region = make_region(session, slug="hier", hostnames=["hier.example"])
        division = make_division(session, region)
        make_space(session, division, "1", box(13.0, 52.0, 13.5, 52.9))
        make_space(session, division, "2", box(13.5, 52.0, 14.0, 52.9))
        for slug in ("kita", "geld"):
            make_topic(session, slug)
        west, east = (make_place(session, region, lon, 52.5, name=f"Haus {lon}") for lon in (13.2, 13.7))
        refuge = make_place(
            session, region, 13.4321, 52.4321, name="Schutz", street="Geheimweg 1", postcode="99999",
            town="Verborgenstadt", address_hidden=True,
        )  # fmt: skip
        make_source(session, region)
        make_offer(session, region, [west, east], name="Kita", topics=["kita"], is_example=True)
        make_offer(session, region, refuge, name="Zuflucht", topics=["geld"])
        make_offer(
            session, region, name="Beratung", outreach=True, contact={"phone": "030 999", "is_public": False}
        )
        make_offer(session, region, west, name="Entwurf", status="draft")
        session.commit()
    return region


@pytest.fixture
def client(database: Engine) -> TestClient:
    return TestClient(create_api(database), base_url="http://hier.example")


def keys(answer: Any) -> list[tuple[str, str]]:
    found = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    return [(row["Name"], row["Haus"]) for row in found]


ALL = [("Beratung", ""), ("Kita", "Haus 13.2"), ("Kita", "Haus 13.7"), ("Zuflucht", "Schutz")]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", ALL),
        ("?topic=kita", [ALL[1], ALL[2]]),
        ("?space=lor:1", [ALL[0], ALL[1], ALL[3]]),
        ("?space=lor:2&topic=kita", [ALL[2]]),
        ("?near=13.2,52.5", [ALL[1]]),
        ("?q=zuflucht", [ALL[3]]),
        ("?topic=kita&topic=geld", ALL[1:]),
    ],
)
def test_a_file_has_what_the_filter_finds(
    town: Region, client: TestClient, question: str, expected: list[tuple[str, str]]
) -> None:
    assert keys(client.get(f"/offers.csv{question}")) == expected


@pytest.mark.parametrize("ending", Ending)
def test_no_file_tells_what_is_hidden(
    town: Region, client: TestClient, ending: Ending, tmp_path: Path
) -> None:
    answer = client.get(f"/offers.{ending}")
    assert answer.status_code == 200
    content = answer.content
    if ending in {Ending.XLSX, Ending.ODS}:
        import zipfile  # noqa: PLC0415

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(map(archive.read, archive.namelist()))
    said = content.decode()
    assert "Zuflucht" in said
    assert "Entwurf" not in said
    assert not [secret for secret in SECRET if secret in said]
    assert "Amt für Beispiele" not in said  # a source of nothing in the file


def test_a_file_is_called_after_region_choice_and_day(town: Region, client: TestClient) -> None:
    answer = client.get("/offers.xlsx?space=lor:1&topic=kita&q=geheimes%20wort")
    day = clock.today(town.timezone)
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="angebote-hier-viertel-1-kita-auswahl-{day}.xlsx"'
    )
    assert answer.headers["link"] == '<http://hier.example/quellen>; rel="license"'
    assert b"geheimes" not in answer.content


def test_a_file_says_where_it_is_from(town: Region, client: TestClient) -> None:
    found = json.loads(client.get("/offers.geojson?topic=kita").content)
    assert found["page"] == "http://hier.example/api/v1/offers.geojson?topic=kita"
    assert "Verborgene Adressen" in found["notes"]
    assert {one["properties"]["Erfundenes Beispiel"] for one in found["features"]} == {True}
    assert found["features"][0]["properties"]["In der Landkarte"] == "http://hier.example/angebot/kita"


def test_who_has_the_file_already_gets_nothing(town: Region, client: TestClient) -> None:
    tag = client.get("/offers.csv").headers["etag"]
    again = client.get("/offers.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("question", ["offers.pdf", "offers.csv?page=2", "offers.csv?topic=gibtsnicht"])
def test_what_does_not_exist_is_refused_before_anything_is_sent(
    town: Region, client: TestClient, question: str
) -> None:
    answer = client.get(f"/{question}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_third_file_at_the_same_time_has_to_wait(town: Region, database: Engine) -> None:
    api = create_api(database)
    api.state.downloads.acquire()
    client = TestClient(api, base_url="http://hier.example")
    assert client.get("/offers.csv").status_code == 200
    api.state.downloads.acquire()
    answer = client.get("/offers.csv")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
    assert int(answer.headers["retry-after"]) > 0
    api.state.downloads.release()
    assert client.get("/offers.csv").status_code == 200


@pytest.mark.parametrize(("method", "parts"), [("GET", 9), ("HEAD", 1)])
def test_who_asks_for_the_head_alone_makes_nobody_write_the_file(method: str, parts: int) -> None:
    made = []

    def written() -> Iterator[bytes]:
        for number in range(9):
            made.append(number)
            yield b"x"

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Download(written, gate(), "text/csv", {})(scope, receive, send)

    answer = TestClient(HeadAsGet(app)).request(method, "/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert len(made) == parts


def test_pages_lead_to_the_files_of_what_they_show(server: str) -> None:
    page = httpx2.get(f"{server}/angebote?thema=kita&sprache=tr", timeout=20).text
    links = re.findall(r'href="(/api/v1/offers\.[^"]+)"', page)
    assert sorted(urlsplit(link).path for link in links) == sorted(DOWNLOADS)
    assert {urlsplit(link).query.replace("&amp;", "&") for link in links} == {"topic=kita&language=tr"}
    assert httpx2.get(server + links[0].replace("&amp;", "&"), timeout=20).status_code == 200


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that comes by itself, though nobody knows when."""
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it does not come")


def test_when_the_client_is_gone_so_is_the_query(server: str, demo: Engine) -> None:
    parts = urlsplit(server)
    readers = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()"
    )

    def reading() -> int:
        with demo.connect() as connection:
            return connection.scalar(readers) or 0

    # So small a window that the server cannot get rid of the file.
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.connect((parts.hostname or "", parts.port or 0))
        line.sendall(b"GET /api/v1/offers.geojson HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")
    until(lambda: reading() == 0)
    for _ in range(3):  # and its place is free again
        assert httpx2.get(f"{server}/api/v1/offers.csv?topic=kita", timeout=20).status_code == 200


@pytest.mark.proof
def test_a_hundred_thousand_offers_need_no_more_memory_than_a_few(database: Engine, owner_url: str) -> None:
    with Session(database) as session:
        region = make_region(session, slug="gross")
        session.commit()
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(
            text(
                "INSERT INTO offer (region_id, slug, name, summary, description, status, topics, audiences,"
                " languages, cost, cost_note, access, access_note, resource_level, outreach, serves,"
                " hours_text, is_example, verify_within_days) SELECT :region, 'a-' || n, 'Angebot ' || n, '',"
                " repeat(md5(n::text), 10), 'published', '{}', '{}', '{}', 'free', '', 'walk_in', '', 3,"
                " true, '{}', '', false, 365"
                " FROM generate_series(1, 100000) n"
            ),
            {"region": region.id},
        )
        session.commit()
    program = Path(__file__).parent / "measured.py"
    done = subprocess.run(
        [sys.executable, program, owner_url],
        env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    assert measured["rows"] == 100_000
    assert measured["bytes"] > 50_000_000
    assert measured["grown_by"] < 80_000_000, measured
