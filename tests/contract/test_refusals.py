"""Each refusal that we know of, over HTTP: its status, its form and the field that it names."""

from typing import Any

import pytest

from tests.contract.wire import ask, request

API = "/api/v1"
OFFERS = f"{API}/offers"
LONG = "a" * 9_000
OPERATIONS = [
    "/regions",
    "/divisions",
    "/spaces",
    "/topics",
    "/audiences",
    "/offers",
    "/offers/facets",
    "/offers/1",
    "/offers/1/schedules",
    "/offers/1/calendar.ics",
    "/calendar.ics",
    "/map/points",
    "/organizations",
]
NOWHERE = [
    "",
    "/",
    "/nothing",
    "/offers/",
    "/offers/1/2",
    "/offers/1%2F2",
    "/%ED%A0%80",
    "/%00",
    "/x%0D%0Aa:b",
]

# question after /api/v1 → status and fields
PARAMETERS = {
    "/offers?age=x": (422, ["age"]),
    "/offers?age=": (422, ["age"]),
    "/offers?age=1&age=2": (422, ["age"]),
    "/offers?age=1e999": (422, ["age"]),
    f"/offers?page={'9' * 400}": (422, ["page"]),
    "/offers?cost_free=maybe": (422, ["cost_free"]),
    "/offers?resource_level=2&resource_level=9": (422, ["resource_level.1"]),
    "/offers?bbox=1,2,3": (422, ["bbox"]),
    "/offers?bbox=14,52,13,53": (422, ["bbox"]),
    "/offers?bbox=1_0,5,11,6": (422, ["bbox"]),
    "/offers?near=NaN,Infinity": (422, ["near"]),
    "/offers?near=13.4,%2052.5": (422, ["near"]),
    "/offers?near=%D9%A1%D9%A3,52": (422, ["near"]),
    "/offers?near=52.5,113.4": (422, ["near"]),
    "/offers?metres=500": (422, ["metres"]),
    "/offers?near=13.4,52.5&metres=inf": (422, ["metres"]),
    "/offers?near=x&metres=500": (422, ["near"]),
    "/offers?sort=distance": (422, ["sort"]),
    "/offers?sort=age": (422, ["sort"]),
    "/offers?topic=gibtesnicht": (422, ["topic"]),
    "/offers?topic=%00": (422, ["topic.0"]),
    "/offers?topic=%ED%A0%80": (422, ["topic"]),
    f"/offers?{'&'.join(['topic=kita'] * 51)}": (422, ["topic"]),
    "/offers?audience=gibtesnicht": (422, ["audience"]),
    "/offers?space=gibtesnicht": (422, ["space"]),
    "/offers?age=x&bbox=1&per_page=0": (422, ["per_page", "age", "bbox"]),
    "/offers?thema=kita": (422, ["thema"]),
    "/offers?path=1": (422, ["path"]),
    "/offers?=1": (422, ["query"]),
    "/offers?%3Cscript%3E=1": (422, ["<script>"]),
    "/offers/x": (422, ["offer_id"]),
    "/offers/0": (422, ["offer_id"]),
    f"/offers/{2**63}": (422, ["offer_id"]),
    "/spaces?level=0": (422, ["level"]),
    "/spaces?tolerance_metres=nan": (422, ["tolerance_metres"]),
    "/regions?region=lichtenberg": (422, ["region"]),
    "/offers?region=gibtesnicht": (404, ["region"]),
    "/topics?region=%00": (404, ["region"]),
    "/offers?region=": (404, ["region"]),
    f"/offers/{2**63 - 1}": (404, []),
}
# a request → status
REQUESTS = {
    "a NUL in the address": (request(f"{API}/off\x00ers"), 400),
    "bytes that are no address": (request(b"/api/v1/offers?topic=\xff"), 400),
    "a blank in the address": (request(f"{API}/off ers"), 400),
    "an unknown method": (request(OFFERS, "FOO"), 400),
    "no number as length": (request(OFFERS, content_length="abc"), 400),
    "two lengths": (request(OFFERS, content_length="3", transfer_encoding="chunked"), 400),
    "a host with a NUL": (request(OFFERS, host=b"a\x00b"), 400),
    "a body on the way": (request(OFFERS, "POST", b"{}"), 405),
    "a large body": (request(OFFERS, "POST", b"x" * 300_000), 413),
    "a large body on GET": (request(OFFERS, body=b"x" * 300_000), 413),
    "a long address": (request(f"{OFFERS}?topic={LONG}"), 414),
    "a long path": (request(f"{API}/{LONG}"), 414),
    "large headers": (request(OFFERS, x="a" * 17_000), 431),
    "a strange host": (request(f"{API}/nothing", host="[::1"), 404),
    "another page that wants to write": (
        request(OFFERS, "OPTIONS", origin="https://a.example", access_control_request_method="DELETE"),
        400,
    ),
    "a wish for another address of the API": (request("/api/v2/offers"), 404),
}


@pytest.mark.parametrize("question", PARAMETERS, ids=lambda question: question[:40])
def test_a_mistake_is_named(server: str, question: str) -> None:
    status, named = PARAMETERS[question]
    answer = ask(server, request(API + question))
    problem = answer.problem
    assert (answer.status, [one["field"] for one in problem.get("errors", [])]) == (status, named)
    assert problem["detail"]
    assert b"<" not in answer.body
    assert len(answer.body) < 1_000


@pytest.mark.parametrize("case", REQUESTS)
def test_a_request_that_cannot_be_served_is_a_problem(server: str, case: str) -> None:
    sent, status = REQUESTS[case]
    answer = ask(server, sent)
    assert (answer.status, answer.problem["status"]) == (status, status)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "QUERY"])
def test_nothing_but_reading_is_allowed(server: str, method: str) -> None:
    for path in [*OPERATIONS, "/openapi.json"]:
        answer = ask(server, request(API + path, method))
        assert answer.problem["type"] == "/problems/method-not-allowed"
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_where_nothing_is_no_method_finds_anything(server: str, method: str) -> None:
    for path in NOWHERE:
        answer = ask(server, request(API + path, method))
        assert answer.status == 404, path
        assert answer.problem["type"] == "/problems/not-found"


@pytest.mark.parametrize("path", [*OPERATIONS, "/offers?age=x", "/offers?region=nirgends", "/nothing"])
def test_head_is_like_get_without_the_body(server: str, path: str) -> None:
    get, head = ask(server, request(API + path)), ask(server, request(API + path, "HEAD"))
    assert (head.status, head.body) == (get.status, b"")
    ours: dict[str, Any] = {name: value for name, value in get.headers.items() if name != "date"}
    assert {name: value for name, value in head.headers.items() if name != "date"} == ours


@pytest.mark.parametrize("path", [path for path in OPERATIONS if path != "/regions"])
def test_what_one_has_is_not_sent_again(server: str, path: str) -> None:
    first = ask(server, request(API + path))
    again = ask(server, request(API + path, if_none_match=first.headers["etag"]))
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-type" not in again.headers


@pytest.mark.parametrize(
    "strange",
    [
        {"host": ""},
        {"host": "[::1"},
        {"host": "localhost:abc"},
        {"host": b"\xff\xfe"},
        {"host": "a/b?c#d@e"},
        {"accept": "application/xml"},
        {"accept": b"\xff;;q=a"},
        {"accept_encoding": b"\xff, zstd;q=a"},
        {"if_none_match": b'\xff"W/,,'},
        {"range": "bytes=0-5"},
        {"body": b"hello"},
        {"expect": "something"},
    ],
    ids=str,
)
def test_what_does_not_matter_is_passed_over(server: str, strange: dict[str, Any]) -> None:
    plain = ask(server, request(f"{OFFERS}?per_page=1"))
    answer = ask(server, request(f"{OFFERS}?per_page=1", **strange))
    assert (answer.status, answer.body) == (200, plain.body)


def test_a_thousand_mistakes_get_a_short_answer(server: str) -> None:
    answer = ask(server, request(f"{OFFERS}?{'&'.join(str(number) for number in range(1500))}"))
    assert len(answer.problem["errors"]) == 20
    assert len(answer.body) < 2_000
    name = "n" * 7_000
    answer = ask(server, request(f"{OFFERS}?{name}=1"))
    assert name.startswith(answer.problem["errors"][0]["field"])
    assert len(answer.body) < 1_500


def test_browsers_may_ask_from_any_page(server: str) -> None:
    asked = request(OFFERS, "OPTIONS", origin="https://a.example", access_control_request_method="GET")
    answer = ask(server, asked)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")


def test_no_answer_sends_on_to_a_host_that_was_only_claimed(server: str) -> None:
    for path in ("/api/v1", "/api/v1/offers/", "/api", "/angebote/"):
        assert "location" not in ask(server, request(path, host="evil.example")).headers
