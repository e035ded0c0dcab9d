"""The description of the API (OpenAPI) is whole, and it is what the reference page says."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy import create_engine

from api.core import errors
from api.exports.formats import FORMATS
from api.main import create_api

PAGE = (Path(__file__).parents[2] / "docs/reference/schnittstelle.md").read_text(encoding="utf-8")
DESCRIPTION: dict[str, Any] = create_api(create_engine("postgresql+psycopg://")).openapi()
ASKED_WITH_A_BODY = "/plans"
OPERATIONS = {
    path: methods["get"] for path, methods in DESCRIPTION["paths"].items() if path != ASKED_WITH_A_BODY
}
PLANS = DESCRIPTION["paths"][ASKED_WITH_A_BODY]["post"]
CALENDARS = ("/calendar.ics", "/offers/{offer_id}/calendar.ics")
FILES = "/offers.{ending}"
TABLE = "/uptake.csv"
OF_A_REGION = sorted(set(OPERATIONS) - {"/regions"})


def found(reference: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to."""
    place: Any = reference
    while "$ref" in place:
        keys = place["$ref"].removeprefix("#/").split("/")
        place = DESCRIPTION
        for key in keys:
            place = place[key]
    return dict(place)


def references(part: Any) -> list[str]:
    if isinstance(part, list):
        return [reference for one in part for reference in references(one)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + references(list(part.values()))


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": DESCRIPTION["components"]})


def test_everything_can_only_be_read() -> None:
    assert {method for path in OPERATIONS for method in DESCRIPTION["paths"][path]} == {"get"}


def test_what_is_asked_with_a_body_changes_nothing_and_is_kept_by_nobody() -> None:
    assert set(DESCRIPTION["paths"][ASKED_WITH_A_BODY]) == {"post"}
    assert [one["name"] for one in PLANS["parameters"]] == ["region"]
    answer = found(PLANS["responses"]["200"])
    assert found(answer["headers"]["Cache-Control"])["schema"] == {"type": "string", "const": "no-store"}
    asked = found(PLANS["requestBody"]["content"]["application/json"]["schema"])
    assert asked["additionalProperties"] is False


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    said = set(references(DESCRIPTION))
    for reference in said:
        assert found({"$ref": reference})
    there = {
        f"#/components/{kind}/{name}" for kind, all_ in DESCRIPTION["components"].items() for name in all_
    }
    assert there == said


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for operation in (*OPERATIONS.values(), PLANS)]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+[A-Za-z]+", name) for name in names)


def test_calendars_are_described_as_what_they_are() -> None:
    for path in CALENDARS:
        assert list(OPERATIONS[path]["responses"]["200"]["content"]) == ["text/calendar"]


def test_files_are_described_by_their_formats() -> None:
    (ending,) = (one["schema"] for one in OPERATIONS[FILES]["parameters"] if one["name"] == "ending")
    assert ending["enum"] == list(FORMATS)
    kinds = {form.media_type.partition(";")[0] for form in FORMATS.values()}
    assert set(OPERATIONS[FILES]["responses"]["200"]["content"]) == kinds
    assert set(OPERATIONS[TABLE]["responses"]["200"]["content"]) == {"text/csv"}


@pytest.mark.parametrize("path", sorted(set(OPERATIONS) - {*CALENDARS, FILES, TABLE}))
def test_an_answer_is_described_by_a_schema_that_says_something(path: str) -> None:
    content = OPERATIONS[path]["responses"]["200"]["content"]
    assert list(content) == ["application/geo+json" if path == "/spaces" else "application/json"]
    (answer,) = content.values()
    schema = found(answer["schema"])
    schema = found(schema["items"]) if schema["type"] == "array" else schema
    assert schema["properties"]
    assert not validator(schema).is_valid({})


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_parameter_is_explained_and_limited(path: str) -> None:
    for parameter in map(found, OPERATIONS[path].get("parameters", [])):
        schema = parameter["schema"]
        assert parameter["description"], parameter["name"]
        assert "anyOf" not in schema, "a query cannot say null"
        limited = schema.get("items", schema)
        limits = {"enum", "const", "maximum", "maxLength", "pattern"} & set(limited)
        assert limits or limited["type"] == "boolean" or parameter["in"] == "header", parameter["name"]
        assert schema["type"] != "array" or schema["maxItems"] <= 50
        for example in schema.get("examples", []):
            assert validator(schema).is_valid(example), example


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_refusal_is_described_as_a_problem(path: str) -> None:
    answers = {status: found(answer) for status, answer in OPERATIONS[path]["responses"].items()}
    of_a_region = {"304", "404"} if path in OF_A_REGION else set()
    moved = {"301"} if "{offer_id}" in path else set()
    assert set(answers) == {"200", "405", "413", "414", "422", "431", "500", "503"} | of_a_region | moved
    for status, answer in answers.items():
        if status >= "400":
            (content,) = answer["content"].items()
            assert content[0] == "application/problem+json"
            for example in content[1]["examples"].values():
                assert example["value"]["status"] == int(status)
                assert validator(content[1]["schema"]).is_valid(example["value"])
    assert "Allow" in answers["405"]["headers"]
    assert "Retry-After" in answers["503"]["headers"]


@pytest.mark.parametrize("path", OF_A_REGION)
def test_answers_that_can_be_asked_for_again_say_so(path: str) -> None:
    for status in ("200", "304"):
        headers = found(OPERATIONS[path]["responses"][status])["headers"]
        assert set(headers) == {"ETag", "Cache-Control"}
        assert all(found(header)["required"] for header in headers.values())
    assert "If-None-Match" in {found(parameter)["name"] for parameter in OPERATIONS[path]["parameters"]}


def test_every_kind_of_error_that_reading_can_meet_is_described() -> None:
    types = {
        kind
        for answer in DESCRIPTION["components"]["responses"].values()
        for content in answer.get("content", {}).values()
        for kind in content["schema"]["allOf"][1]["properties"]["type"]["enum"]
    }
    # Nothing can be written here; these are met by the forms of the pages.
    written = {errors.ConflictError, errors.ForeignRequestError, errors.NotAllowedError, errors.TooManyError}
    assert types == {f"/problems/{kind.slug}" for kind in errors.every_error() if kind not in written}


@pytest.mark.parametrize("name", ["MapPoints", "SpaceCollection"])
def test_what_postgresql_builds_has_an_example(name: str) -> None:
    schema = DESCRIPTION["components"]["schemas"][name]
    for example in schema["examples"]:
        assert validator(schema).is_valid(example)
        assert not validator(schema).is_valid({**example, "more": 1})


def test_links_name_operations_and_parameters_that_there_are() -> None:
    by_name = {operation["operationId"]: operation for operation in OPERATIONS.values()}
    links = [
        link
        for operation in OPERATIONS.values()
        for link in operation["responses"]["200"].get("links", {}).values()
    ]
    assert len(links) >= 7
    for link in links:
        known = {found(parameter)["name"] for parameter in by_name[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= known


def test_the_page_explains_every_kind_of_error() -> None:
    rows = dict(re.findall(r"^\| `/problems/([a-z-]+)` \| ([0-9, ]+) \|", PAGE, flags=re.MULTILINE))
    assert {slug: int(statuses[:3]) for slug, statuses in rows.items()} == {
        kind.slug: kind.status for kind in errors.every_error()
    }


def test_the_page_says_what_can_be_said_more_than_once() -> None:
    several = {
        parameter["name"]
        for operation in OPERATIONS.values()
        for parameter in map(found, operation.get("parameters", []))
        if parameter["schema"]["type"] == "array"
    }
    said = re.search(r"^\* \*\*Mehrfach\*\* [^:]*: ([^.]+)\.", PAGE, flags=re.MULTILINE)
    assert said
    assert set(re.findall(r"`(\w+)`", said[1])) == several
