"""Our checks find what they are for: an API that breaks each of them once."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, Response

from api.core import problems
from tests.contract.test_everything import questioned
from web.security import SecurityHeaders

# path → what is found there
BREACHES = {
    "/page": "Custom check failed: `refusals_are_problems`",
    "/nameless": "Custom check failed: `refusals_are_problems`",
    "/inner": "Custom check failed: `answers_tell_no_secrets`",
    "/picky": "Custom check failed: `refusals_have_a_reason`",
    "/broken": "Server error",
    "/other": "Response violates schema",
}


def problem(status: int, **more: object) -> Response:
    body = {"type": "/problems/invalid-input", "title": "Nein", "status": status, **more}
    return JSONResponse(body, status, {"Cache-Control": "no-store"}, "application/problem+json")


def bad_api() -> FastAPI:
    app = FastAPI()
    app.add_middleware(SecurityHeaders, policy="default-src 'none'")
    problems.install(app)

    @app.get("/problems/{slug}")
    def explained(slug: str) -> HTMLResponse:
        return HTMLResponse(f"<h1>{slug}</h1>")

    @app.get("/page")
    def page(age: int = 1) -> Response:
        return HTMLResponse("<h1>Nein</h1>", 404)

    @app.get("/nameless")
    def nameless(age: int = 1) -> Response:
        return problem(422, errors=[{"field": "alter", "detail": "no"}])

    @app.get("/inner")
    def inner(age: int = 1) -> Response:
        return problem(422, errors=[{"field": "age", "detail": "main.py, line 3"}])

    @app.get("/picky")
    def picky(age: int = 1) -> Response:
        return problem(422, errors=[{"field": "age", "detail": "I do not like it"}])

    @app.get("/broken")
    def broken() -> Response:
        return problem(500)

    @app.get("/other", response_model=dict[str, int])
    def other() -> Response:
        return JSONResponse({"a": "b"})

    return app


@pytest.fixture
def bad_server() -> Iterator[str]:
    running = uvicorn.Server(uvicorn.Config(bad_api(), port=0, log_level="error", server_header=False))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{running.servers[0].sockets[0].getsockname()[1]}"
    running.should_exit = True
    thread.join()


def test_each_breach_is_found(bad_server: str, tmp_path: Path) -> None:
    report = questioned(
        f"{bad_server}/openapi.json",
        tmp_path,
        "--phases=coverage",
        "--generation-deterministic",
        "--no-shrink",
    )
    assert report["exit_code"] == 1
    found = {failure["title"]: failure["operations"] for failure in report["failures"]}
    for path, title in BREACHES.items():
        assert f"GET {path}" in found[title], report["said"]
