"""Remembered answers: given again while they are true, never after, and computed once for many."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlmodel import Session, select
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.core.db import make_engine
from api.core.settings import settings
from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from api.search import shelves
from tests.factories import act, make_offer, make_region
from tests.loops import in_a_loop
from web import answers
from web.answers import Answers
from web.main import create_app


@pytest.fixture(autouse=True)
def _nothing_in_advance(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read before anybody asks is not counted."""
    monkeypatch.setattr(shelves, "FILLED", 0)


@pytest.fixture
def world(database: Engine) -> Engine:
    """Two regions with hosts of their own and an offer each."""
    with Session(database) as session, session.begin():
        for slug in ("stadt", "kreis"):
            region = make_region(session, slug=slug, name=slug.title(), is_default=slug == "stadt")
            region.hostnames = [f"{slug}.example"]
            make_offer(session, region, name=f"Angebot {slug}")
    return database


@pytest.fixture
def visitor(world: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(world), base_url="http://stadt.example") as client:
        # The index is opened beside the first requests; its statements are not what is counted here.
        while client.get("/readyz").json()["search"] != "fresh":
            time.sleep(0.01)
        yield client


def rename(engine: Engine, slug: str, name: str) -> None:
    """Rename the region's offer and commit."""
    with Session(engine) as session, session.begin():
        region = session.exec(select(Region).where(Region.slug == slug)).one()
        offer = session.exec(select(Offer).where(Offer.region_id == region.id)).one()
        offers.change(session, act(region), offer, {"name": name})


class Statements:
    """Counts what pages ask the database while it is open."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.count = 0

    def __enter__(self) -> Self:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, *_: Any) -> None:
        self.count += 1


@pytest.mark.parametrize(
    "address", ["/", "/angebote", "/en/angebote", "/api/v1/offers", "/api/v1/map/points"]
)
def test_the_second_answer_is_remembered_and_equal(visitor: TestClient, world: Engine, address: str) -> None:
    first = visitor.get(address)
    with Statements(world) as asked:
        again = visitor.get(address)
    assert asked.count == 0
    assert (again.status_code, again.content, again.headers) == (200, first.content, first.headers)


def test_a_commit_is_seen_by_the_next_request(visitor: TestClient, world: Engine) -> None:
    for number in range(20):
        rename(world, "stadt", f"Neuer Name {number}")
        assert f"Neuer Name {number}" in visitor.get("/angebote").text
        assert visitor.get("/api/v1/offers").json()["results"][0]["name"] == f"Neuer Name {number}"


def test_a_commit_elsewhere_leaves_answers_remembered(visitor: TestClient, world: Engine) -> None:
    visitor.get("/angebote")
    rename(world, "kreis", "Anders")
    with Statements(world) as asked:
        visitor.get("/angebote")
    assert asked.count == 0


def test_many_readers_never_see_what_was_before_their_request(world: Engine) -> None:
    """Each reader notes the last name committed before it asks; it must get that name or a later one."""
    committed = [0]
    rename(world, "stadt", "Name 00000")
    is_over = threading.Event()

    def read(client: TestClient) -> list[tuple[int, int]]:
        seen = []
        while not is_over.is_set():
            known = committed[0]
            name = client.get("/api/v1/offers").json()["results"][0]["name"]
            seen.append((known, int(name.removeprefix("Name "))))
        return seen

    with (
        TestClient(create_app(world), base_url="http://stadt.example") as client,
        ThreadPoolExecutor(4) as pool,
    ):
        readers = [pool.submit(read, client) for _ in range(4)]
        for number in range(1, 41):
            rename(world, "stadt", f"Name {number:05}")
            committed[0] = number
        is_over.set()
        seen = [pair for reader in readers for pair in reader.result()]
    assert len(seen) > 10
    assert [pair for pair in seen if pair[1] < pair[0]] == []


def test_each_region_has_answers_of_its_own(visitor: TestClient) -> None:
    for _ in range(2):
        assert "Angebot stadt" in visitor.get("/angebote").text
        assert "Angebot kreis" in visitor.get("/angebote", headers={"host": "kreis.example"}).text
        assert "Angebot kreis" in visitor.get("/api/v1/offers?region=kreis").text
        assert "Angebot stadt" in visitor.get("/api/v1/offers?region=stadt").text


def test_each_language_has_answers_of_its_own(visitor: TestClient) -> None:
    for _ in range(2):
        assert '<html lang="de"' in visitor.get("/").text
        assert '<html lang="en"' in visitor.get("/en").text


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip", "identity"])
def test_each_coding_has_answers_of_its_own(visitor: TestClient, coding: str) -> None:
    plain = visitor.get("/", headers={"accept-encoding": "identity"})
    for _ in range(2):
        answer = visitor.get("/", headers={"accept-encoding": coding})
        assert answer.headers.get("content-encoding", "identity") == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["etag"] == plain.headers["etag"]
        if coding in ("gzip", "identity"):  # the client undoes no others
            assert answer.text == plain.text


def test_strangers_pages_may_read_the_api_also_from_memory(visitor: TestClient) -> None:
    for headers in ({}, {"origin": "https://x.example"}, {}, {"origin": "https://x.example"}):
        answer = visitor.get("/api/v1/offers", headers=headers)
        assert ("access-control-allow-origin" in answer.headers) == ("origin" in headers)


@pytest.mark.parametrize("second", ["identity", "gzip, deflate", ""])
def test_a_coding_said_in_two_lines_is_not_given_to_others(visitor: TestClient, second: str) -> None:
    twice = [("accept-encoding", "zstd"), ("accept-encoding", second)]
    assert visitor.get("/", headers=twice).headers["content-encoding"] == "zstd"
    for _ in range(2):
        answer = visitor.get("/", headers={"accept-encoding": second})
        assert answer.headers.get("content-encoding", "") == ("gzip" if "gzip" in second else "")


def test_no_answer_is_500_where_the_tables_are_missing(owner_url: str) -> None:
    address = make_url(owner_url)
    name = f"{str(address.database).removesuffix('_test')}_empty_test"
    owner = create_engine(owner_url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    empty = make_engine(address.set(database=name).render_as_string(hide_password=False))
    with TestClient(create_app(empty), base_url="http://localhost", raise_server_exceptions=False) as client:
        for path, word in (("/", "Pause"), ("/en/angebote", "break"), ("/api/v1/offers", "problems")):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
            assert word in answer.text
            assert "content-security-policy" in answer.headers
    empty.dispose()
    with owner.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    owner.dispose()


def test_what_nobody_expected_is_a_page_in_the_language_with_all_headers(
    visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(answers, "_collected", broken)
    answer = visitor.get("/en/angebote")
    assert answer.status_code == 500
    assert '<html lang="en"' in answer.text
    assert "content-security-policy" in answer.headers
    assert visitor.get("/api/v1/offers").json()["type"] == "/problems/internal-error"


@pytest.mark.parametrize(("method", "path"), [("GET", "/static/nothing"), ("POST", "/angebote")])
def test_refusals_that_nothing_bounds_cost_no_database(
    visitor: TestClient, world: Engine, method: str, path: str
) -> None:
    with Statements(world) as asked:
        assert visitor.request(method, path).status_code in (404, 405)
    assert asked.count == 0


def test_an_address_that_does_not_exist_is_never_not_modified(visitor: TestClient) -> None:
    tag = visitor.get("/angebote").headers["etag"]
    for address, status in (("/angebot/gibt-es-nicht", 404), ("/angebote?alter=x", 422), ("/angebote", 304)):
        assert visitor.get(address, headers={"if-none-match": tag}).status_code == status


def test_304_says_what_keepers_need(visitor: TestClient) -> None:
    first = visitor.get("/api/v1/offers", headers={"origin": "https://x.example"})
    headers = {"if-none-match": first.headers["etag"], "origin": "https://x.example"}
    answer = visitor.get("/api/v1/offers", headers=headers)
    assert (answer.status_code, answer.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
        assert answer.headers[name] == first.headers[name]
    assert "content-type" not in answer.headers


def test_errors_are_not_remembered(visitor: TestClient, world: Engine) -> None:
    assert visitor.get("/angebot/neues").status_code == 404
    rename(world, "stadt", "Neues")
    with Session(world) as session, session.begin():
        region = session.exec(select(Region).where(Region.slug == "stadt")).one()
        make_offer(session, region, name="Neues")
    assert visitor.get("/angebot/neues").status_code == 200


@pytest.mark.parametrize("region", ["%00", "gibt-es-nicht", "x" * 500, "%ff", "", "stadt&region=kreis"])
def test_odd_names_of_regions_do_not_stop_the_memory(visitor: TestClient, world: Engine, region: str) -> None:
    visitor.get("/api/v1/offers")
    visitor.get(f"/api/v1/offers?region={region}")
    with Statements(world) as asked:
        visitor.get("/api/v1/offers")
    assert asked.count == 0


def test_a_memory_of_nothing_computes_every_time(world: Engine) -> None:
    chosen = settings().model_copy(update={"memory_megabytes": 0})
    with TestClient(create_app(world, chosen), base_url="http://stadt.example") as client:
        client.get("/angebote")
        with Statements(world) as asked:
            client.get("/angebote")
    assert asked.count > 0


class Slow:
    """An app whose answers wait for a word; it counts how many are being computed."""

    def __init__(self) -> None:
        self.started = 0
        self.word = asyncio.Event()

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        self.started += 1
        await self.word.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})


class Nowhere:
    """An app without a database."""

    class state:  # noqa: N801 - as Starlette names it
        pool = None


async def ask(app: Answers, path: str) -> tuple[int, bytes, dict[bytes, bytes]]:
    """Return status, body and headers."""
    got: list[Any] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "app": Nowhere,
    }

    async def send(message: Any) -> None:
        got.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    await app(scope, receive, send)
    return got[0]["status"], got[1].get("body", b""), dict(got[0]["headers"])


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_only_so_many_are_computed_at_once_and_so_many_wait() -> None:
    async def crowd() -> None:
        slow = Slow()
        app = Answers(slow, 0)
        room = answers.AT_ONCE + answers.QUEUE
        inside = [asyncio.create_task(ask(app, f"/api/{number}")) for number in range(room)]
        await _settled()
        assert slow.started == answers.AT_ONCE
        status, body, headers = await ask(app, "/api/one-more")
        assert (status, headers[b"retry-after"]) == (503, b"5")
        assert headers[b"content-type"] == b"application/problem+json"
        assert b"/problems/busy" in body
        status, body, headers = await ask(app, "/angebote")
        assert status == 503
        assert "Gerade fragen sehr viele auf einmal" in body.decode()
        slow.word.set()
        assert {(await one)[0] for one in inside} == {200}
        assert (await ask(app, "/api/later"))[0] == 200

    in_a_loop(crowd)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "SECONDS", 0.05)

    async def wait() -> None:
        slow = Slow()
        app = Answers(slow, 0)
        assert (await ask(app, "/api/slow"))[0] == 503
        slow.word.set()
        await _settled()
        assert (await ask(app, "/api/slow"))[0] == 200

    in_a_loop(wait)


def test_many_who_ask_the_same_share_one_computation(visitor: TestClient, world: Engine) -> None:
    visitor.get("/angebote")
    rename(world, "stadt", "Für einen")
    with Statements(world) as alone:
        visitor.get("/angebote")
    rename(world, "stadt", "Für alle zugleich")
    with Statements(world) as together, ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: visitor.get("/angebote").text, range(8)))
    assert all("Für alle zugleich" in page for page in pages)
    # What the server does beside it may ask a little, too; a second computation would ask as much again.
    assert alone.count <= together.count < 2 * alone.count
