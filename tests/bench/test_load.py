"""What wrk says is read, and what went wrong is not taken for a figure."""

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from bench.load import LoadError, NothingFinishedError, ask, fire, read

FINE = {
    "requests": 4000,
    "microseconds": 2_000_000,
    "p50": 1500,
    "p95": 9000,
    "bytes": 1,
    "refused": 0,
    "broken": 0,
}


def printed(**changes: int) -> str:
    return f"Running 2s test\n  1 threads\n{json.dumps({**FINE, **changes})}\n"


def test_figures_are_per_second_and_in_milliseconds() -> None:
    sample = read(printed())
    assert (sample.per_second, sample.p50, sample.p95) == (2000, 1.5, 9)


@pytest.mark.parametrize("changes", [{"refused": 1}, {"broken": 2}])
def test_a_single_failed_request_spoils_the_sample(changes: dict[str, int]) -> None:
    with pytest.raises(LoadError):
        read(printed(**changes))


def test_a_time_without_an_answer_is_told_apart() -> None:
    with pytest.raises(NothingFinishedError):
        read(printed(requests=0))


def test_silence_is_no_sample() -> None:
    with pytest.raises(LoadError, match="nichts gemeldet"):
        read("Segmentation fault")


class Echo(http.server.BaseHTTPRequestHandler):
    """Notes what it is asked for."""

    protocol_version = "HTTP/1.1"
    asked: set[tuple[str, str]]

    def do_GET(self) -> None:
        self.asked.add((self.path, self.headers["Host"]))
        self.send_response(404 if self.path == "/lost" else 200)
        self.send_header("Content-Length", "0")
        self.send_header("ETag", '"1"')
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def echo() -> Iterator[tuple[str, set[tuple[str, str]]]]:
    asked: set[tuple[str, str]] = set()
    handler = type("Handler", (Echo,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


@needs_wrk
def test_paths_take_turns_and_numbers_change(echo: tuple[str, set[tuple[str, str]]]) -> None:
    address, heard = echo
    sample = fire(address, ["/a", "/b?n={n}"], {"Host": "kreis.example:{n}"}, 1)
    assert sample.per_second > 0
    asked = heard.copy()  # the server may still hear of some
    assert {path.partition("?")[0] for path, _ in asked} == {"/a", "/b"}
    hosts = {host for _, host in asked}
    assert len(hosts) > 2
    assert all(1024 <= int(host.removeprefix("kreis.example:")) <= 65535 for host in hosts)


@needs_wrk
def test_refusals_are_errors(echo: tuple[str, set[tuple[str, str]]]) -> None:
    with pytest.raises(LoadError, match="abgelehnt"):
        fire(echo[0], ["/lost"], {}, 1)


def test_a_single_answer_tells_status_and_tag(echo: tuple[str, set[tuple[str, str]]]) -> None:
    answer = ask(echo[0], "/a?{n}", {"Host": "x"})
    assert (answer.status, answer.tag) == (200, '"1"')
    assert ask(echo[0], "/lost", {}).status == 404
