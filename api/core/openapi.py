"""What the description of the API (OpenAPI 3.1) says of all operations alike: refusals, tags, problems."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field

from api.core import errors


class FieldProblem(BaseModel):
    """What is wrong with one parameter."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(
        description="The parameter, topic.2 being its third value; query: their combination", min_length=1
    )
    detail: str = Field(description="What may stand there", min_length=1)


class Problem(BaseModel):
    """A refusal, explained (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="A page that explains this kind of problem", pattern="^/problems/[a-z-]+$")
    title: str = Field(min_length=1)
    status: int = Field(description="The HTTP status once more", ge=400, le=599)
    detail: str = Field(default="", description="What is wrong this time")
    errors: list[FieldProblem] = Field(default=[], description="The parameters at fault")


class Refusal(NamedTuple):
    """A status that any operation can answer with instead of its own answer."""

    status: int
    kinds: Sequence[type[errors.DomainError]]
    description: str
    header: str | None = None


# Headers of answers; all of them are there whenever their answer is described with them.
HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Which state of the data this is",
        "schema": {"type": "string", "pattern": '^W/"[^"]+"$'},
    },
    "Cache-Control": {
        "description": "Keep the answer, but ask each time whether it is still good",
        "schema": {"type": "string", "const": "no-cache"},
    },
    "NotKept": {
        "description": "Nobody keeps the answer",
        "schema": {"type": "string", "const": "no-store"},
    },
    "Retry-After": {
        "description": "Seconds to wait before trying again",
        "schema": {"type": "integer", "minimum": 1},
    },
    "Allow": {"description": "The methods that are allowed", "schema": {"type": "string"}},
}
TAGGED = ("ETag", "Cache-Control")
OF_A_REGION = Refusal(404, [errors.NotFoundError], "No such region, or nothing public of this number")
UNREADABLE = Refusal(400, [errors.InvalidInputError], "The body is no text that can be read as JSON")
EVERYWHERE = (
    Refusal(405, [errors.MethodNotAllowedError], "A method that this address does not know", "Allow"),
    Refusal(413, [errors.TooLargeError], "The request has too large a body"),
    Refusal(414, [errors.TooLargeError], "The address is too long"),
    Refusal(422, [errors.InvalidInputError], "A parameter does not fit, or is not known; errors name it"),
    Refusal(431, [errors.TooLargeError], "The request has too large headers"),
    Refusal(500, [errors.DomainError], "Our mistake"),
    Refusal(503, [errors.BusyError, errors.UnavailableError], "Not now; try again later", "Retry-After"),
)
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of answers that you have: if one is still good, there is no other answer than 304",
    "schema": {"type": "string"},
}
NOT_MODIFIED = "NotModified"


def describe(app: FastAPI) -> None:
    """Let an app say of its operations what is true of all: each is described once, as a component."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(generate())  # which FastAPI keeps as app.openapi_schema
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(description: dict[str, Any]) -> None:
    components = description["components"]
    for of_fastapi in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(of_fastapi, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    components["headers"] = {name: {**header, "required": True} for name, header in HEADERS.items()}
    components["responses"] = {
        NOT_MODIFIED: {"description": "What you have is still good", "headers": _headers(*TAGGED)},
        **{_name(refusal): _answer(refusal) for refusal in (OF_A_REGION, UNREADABLE, *EVERYWHERE)},
    }
    for operations in description["paths"].values():
        for method, operation in operations.items():
            _complete_operation(operation, is_reading=method == "get")


def _complete_operation(operation: dict[str, Any], *, is_reading: bool) -> None:
    answers = operation["responses"]
    parameters = operation.setdefault("parameters", [])
    for parameter in parameters:
        parameter["schema"] = _without_null(parameter["schema"])
    if any(parameter["name"] == "region" for parameter in parameters):
        answers["404"] = _reference("responses", _name(OF_A_REGION))
        if is_reading:
            answers["200"]["headers"] = _headers(*TAGGED)
            answers["304"] = _reference("responses", NOT_MODIFIED)
            parameters.append(IF_NONE_MATCH)
    if not is_reading:
        answers["200"]["headers"] = {"Cache-Control": _reference("headers", "NotKept")}
        answers["400"] = _reference("responses", _name(UNREADABLE))
    for refusal in EVERYWHERE:
        answers[str(refusal.status)] = _reference("responses", _name(refusal))
    operation["responses"] = dict(sorted(answers.items()))


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter that may be missing: a query can leave it out, but cannot say null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) != 1:
        return schema
    return {**choices[0], **{name: value for name, value in schema.items() if name != "anyOf"}}


def _name(refusal: Refusal) -> str:
    return f"Refusal{refusal.status}"


def _answer(refusal: Refusal) -> dict[str, Any]:
    types = [f"/problems/{kind.slug}" for kind in refusal.kinds]
    examples = {
        kind.slug: {"value": {"type": kind_type, "title": kind.title, "status": refusal.status}}
        for kind, kind_type in zip(refusal.kinds, types, strict=True)
    }
    exactly = {"properties": {"type": {"enum": types}, "status": {"const": refusal.status}}}
    schema = {"allOf": [_reference("schemas", "Problem"), exactly]}
    return {
        "description": refusal.description,
        "content": {"application/problem+json": {"schema": schema, "examples": examples}},
        **({"headers": _headers(refusal.header)} if refusal.header else {}),
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: _reference("headers", name) for name in names}


def _reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}
