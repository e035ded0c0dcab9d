"""Bad questions get an answer that names the field; nothing that can be asked breaks the service."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import errors
from api.regions.models import Region
from tests.factories import make_offer, make_place

LONG = "a" * 30_000
WRONG: dict[str, list[str]] = {
    "age": ["", "x", "-1", "121", "1.5", "nan", "inf", "1e400", "9" * 400, "%00", "%EF%BC%91%EF%BC%92x"],
    "cost_free": ["", "maybe", "2", "%00", LONG],
    "resource_level": ["", "1", "5", "nan", "9" * 400, "%00"],
    "bbox": [
        "",
        "1,2,3",
        "1,2,3,4,5",
        "a,b,c,d",
        "nan,0,1,1",
        "0,0,inf,1",
        "2,0,1,1",
        "0,-91,1,1",
        "%200,0,1,1",
        "0_0,0,1,1",
        "+0,0,1,1",
        "%D9%A1,0,1,1",
        "%00",
        LONG,
    ],
    "near": [
        "",
        "13",
        "13,52,1",
        "x,y",
        "nan,52",
        "13,nan",
        "inf,52",
        "-1e999,0",
        "181,0",
        "13,%2052",
        "1_3,52",
        "%2B13,52",
        ".5,52",
        "013,52",
        "%D9%A1%D9%A3,52",
        "0,91",
        "%00",
        LONG,
    ],
    "when": ["", "jetzt", "NOW", "now,today", "2026-13-01", "2026-02-30", "1989-12-31", "%00", LONG],
    "from": ["", "x", "2026-02-30", "1989-12-31", "2201-01-01", "9" * 400, "%00"],
    "to": ["", "x", "2026-02-30", "1989-12-31", "2201-01-01", "9" * 400, "%00"],
    "metres": ["", "0", "-1", "nan", "inf", "100001", "1e400", "x", "%00"],
    "space": [
        "",
        "nowhere",
        "lor:000",
        "%00",
        "lor:%00",
        "%ED%A0%80",
        "%FF",
        LONG,
        "'; DROP TABLE offer; --",
    ],
    "topic": ["", "nothing", "%00", "%ED%A0%80", "%FF", LONG, "geld'--"],
    "audience": ["", "nobody", "%00", "%ED%A0%80", "%FF", LONG],
    "language": ["", "d", "DE", "deutsch", "de_DE", "%00", "%ED%A0%80", "%FF", LONG, "de'--"],
    "q": ["%00", "a%00b", LONG],
    "locale": ["", "d", "DE", "deu", "%00", LONG],
    "page": ["", "0", "-1", "1.5", "x", "nan", "1000001", "9" * 400, "%00"],
    "per_page": ["", "0", "-1", "201", "x", "9" * 400, "%00"],
    "month": ["", "x", "2026", "2026-13", "9" * 400, "%00", LONG],
    "group": ["", "LEVEL", "topic", "%00", LONG],
    "sort": ["", "NAME", "id", "name; DROP TABLE offer", "%00", LONG],
    "division": ["%00", "l%00r", LONG],
    "organization": ["", "0", "-1", "x", "1.5", "9" * 400, "%00", "999999"],
    "level": ["", "0", "-1", "21", "x", "9" * 400, "%00"],
    "tolerance_metres": ["", "-1", "5001", "nan", "inf", "x", "1e400", "%00"],
}
OF_A_FILTER = [
    "space",
    "topic",
    "audience",
    "language",
    "age",
    "cost_free",
    "resource_level",
    "when",
    "bbox",
    "near",
    "metres",
]
TAKES = {
    "/offers": [*OF_A_FILTER, "page", "per_page", "sort", "group"],
    "/offers/facets": OF_A_FILTER,
    "/map/points": [*OF_A_FILTER, "q"],
    "/search": [*OF_A_FILTER, "q", "page", "per_page", "sort", "group"],
    "/suggest": ["q", "locale"],
    "/organizations": ["page", "per_page"],
    "/uptake": ["month"],
    "/uptake.csv": ["month"],
    "/offers/{offer_id}/occurrences": ["from", "to"],
    "/offers/{offer_id}/schedules": ["locale"],
    "/calendar.ics": [*OF_A_FILTER, "organization"],
    "/offers.{ending}": [*OF_A_FILTER, "q"],
    "/spaces": ["division", "level", "tolerance_metres"],
}
CASES = [(path, name) for path, names in TAKES.items() for name in names]


def written(path: str, offer_id: int = 1) -> str:
    """Return the path of a route with its parameters filled in."""
    return path.format(offer_id=offer_id, ending="csv")


def checked(answer: Any, status: int) -> dict[str, Any]:
    """Return the problem after checking its form."""
    assert answer.status_code == status, f"{str(answer.url)[:100]}: {answer.text[:300]}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["type"].removeprefix("/problems/") in {kind.slug for kind in errors.every_error()}
    assert len(answer.text) < 2_000
    return problem


@pytest.mark.parametrize(("path", "name"), CASES)
def test_wrong_values_are_answered_with_their_field(
    region: Region, client: TestClient, path: str, name: str
) -> None:
    near = "&near=13,52" if name == "metres" else ""
    for value in WRONG[name]:
        problem = checked(client.get(f"{written(path)}?{name}={value}{near}"), 422)
        assert problem["type"] == "/problems/invalid-input"
        assert problem["errors"][0]["field"].partition(".")[0] == name
        assert problem["errors"][0]["detail"]


def paths(api: FastAPI) -> list[str]:
    """The paths that can be read; what is asked with a body has its own tests."""
    return sorted(path for path, methods in api.openapi()["paths"].items() if "get" in methods)


def test_every_parameter_of_every_route_is_tried(api: FastAPI) -> None:
    for path in paths(api):
        asked = api.openapi()["paths"][path]["get"]
        said = {one["name"] for one in asked.get("parameters", []) if one["in"] == "query"}
        assert said - {"region"} == set(TAKES.get(path, [])), path
    assert set(TAKES) < set(paths(api))


def test_unknown_parameters_are_refused_everywhere(
    session: Session, region: Region, api: FastAPI, client: TestClient
) -> None:
    offer = make_offer(session, region)
    for path in paths(api):
        problem = checked(client.get(f"{written(path, offer.id)}?kostenlos=1"), 422)
        assert problem["errors"][0]["field"] == "kostenlos"


def test_an_unknown_region_is_not_found_everywhere(
    session: Session, region: Region, api: FastAPI, client: TestClient
) -> None:
    offer = make_offer(session, region)
    for path in set(paths(api)) - {"/regions"}:
        for slug in ("gibtesnicht", "%00", "%ED%A0%80", LONG):
            problem = checked(client.get(f"{written(path, offer.id)}?region={slug}"), 404)
            assert [one["field"] for one in problem["errors"]] == ["region"]


def test_conditions_that_need_a_point_say_so(region: Region, client: TestClient) -> None:
    for question in ("metres=500", "sort=distance"):
        problem = checked(client.get(f"/offers?{question}"), 422)
        assert "needs near" in problem["detail"]
        assert [one["field"] for one in problem["errors"]] == [question.partition("=")[0]]
        # A point with a mistake is the only mistake.
        problem = checked(client.get(f"/offers?{question}&near=x"), 422)
        assert [one["field"] for one in problem["errors"]] == ["near"]


def test_what_takes_one_value_is_said_once(region: Region, client: TestClient) -> None:
    for question in ("age=3&age=4", "near=13,52&near=13,52", "region=stadt&region=kreis", "page=1&page=x"):
        problem = checked(client.get(f"/offers?{question}"), 422)
        assert [one["field"] for one in problem["errors"]] == [question.partition("=")[0]]


def test_too_many_values_are_refused(region: Region, client: TestClient) -> None:
    for name in ("space", "topic", "audience", "resource_level"):
        problem = checked(client.get("/offers?" + "&".join([f"{name}=2"] * 51)), 422)
        assert problem["errors"][0]["field"] == name


def test_several_mistakes_are_all_named(region: Region, client: TestClient) -> None:
    problem = checked(client.get("/offers?age=x&bbox=1&per_page=0"), 422)
    assert {one["field"] for one in problem["errors"]} == {"age", "bbox", "per_page"}


@pytest.mark.parametrize("number", ["x", "0", "-1", "1.5", "9" * 30, "%00", "1e3"])
def test_what_cannot_be_the_number_of_an_offer_is_refused(
    region: Region, client: TestClient, number: str
) -> None:
    problem = checked(client.get(f"/offers/{number}"), 422)
    assert problem["errors"][0]["field"] == "offer_id"


@pytest.mark.parametrize(
    "address", ["/offers/999999", f"/offers/{2**63 - 1}", "/", "/nothing", "/offers/1/2"]
)
def test_what_is_not_there_is_not_found(region: Region, client: TestClient, address: str) -> None:
    assert checked(client.get(address), 404)["type"] == "/problems/not-found"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_can_be_written(region: Region, api: FastAPI, client: TestClient, method: str) -> None:
    for path in paths(api):
        answer = client.request(method, written(path))
        assert checked(answer, 405)["type"] == "/problems/method-not-allowed"
        assert answer.headers["allow"] == "GET"


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from([*OF_A_FILTER, "page", "per_page", "sort", "region"]),
            st.one_of(
                st.text(max_size=30), st.integers().map(str), st.floats().map(str), st.binary(max_size=9)
            ),
        ),
        max_size=4,
    )
)
def test_no_question_breaks_the_service(
    session: Session, region: Region, api: FastAPI, said: list[tuple[str, str | bytes]]
) -> None:
    make_offer(session, region, make_place(session, region, 13.5, 52.5))
    question = "&".join(f"{name}={quote(value)}" for name, value in said)
    client = TestClient(api, raise_server_exceptions=False)
    for path in ("/offers", "/offers/facets", "/map/points", "/calendar.ics"):
        answer = client.get(f"{path}?{question}")
        assert answer.status_code in {200, 404, 422}, answer.text
        if answer.status_code != 200:
            assert re.match(r"/problems/[a-z-]+$", answer.json()["type"])
