"""Our own checks of every answer, beside those of schemathesis, which loads this module as its hooks."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import httpx2
import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

LONGEST_REFUSAL: Final = 20_000
LONGEST_NAME: Final = 300
# Words of a stack trace or of what lies behind the API.
INNER_WORDS: Final = ("Traceback", ", line ", "site-packages", "sqlalchemy", "psycopg", "SELECT ")
REGION: Final = "lichtenberg"
# What a plan is asked with; see api.plans.schemas.
PLAN: Final = frozenset(
    (
        "worries",
        "ages",
        "languages",
        "wheelchair",
        "cost_free",
        "space",
        "near",
        "weekdays",
        "parts",
        "by_level",
    )
)
# What no schema can say: names are data, and some parameters need each other.
NAMES: Final = {"topic": "/topics", "audience": "/audiences", "space": "/spaces"}


@schemathesis.hook
def map_query(_ctx: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Ask of a region that there is, three times of four: of the others there is only one thing to learn."""
    region = (query or {}).get("region")
    if query and isinstance(region, str) and len(region) % 4 and len(region) <= 100 and "\x00" not in region:
        query["region"] = REGION
    return query


@schemathesis.check
def refusals_are_problems(_ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """Every refusal is a problem (RFC 9457) that names the parameter at fault and its page."""
    if response.status_code < 400:
        return
    kind = response.headers.get("content-type")
    assert kind == ["application/problem+json"], f"no problem but {kind}"
    assert response.headers.get("cache-control") == ["no-store"], "a refusal must not be kept"
    assert "etag" not in response.headers, "a refusal has no tag"
    assert len(response.content) < LONGEST_REFUSAL, "too long a refusal"
    problem = json.loads(response.content)
    assert problem["status"] == response.status_code, "another status in the body"
    assert problem["title"], "no title"
    assert has_page(origin(response), problem["type"]), f"no page at {problem['type']}"
    if response.status_code == 422:
        for field in fields(problem):
            assert is_parameter(field, response, case), f"{field} is no parameter"
    if response.status_code == 404 and "{" not in case.path:
        assert fields(problem) == ["region"], "not found, and nobody knows what"


@schemathesis.check
def answers_tell_no_secrets(_ctx: CheckContext, response: Response, _case: Case[Any]) -> None:
    """No answer shows what lies behind it; in a refusal no sign can be taken for HTML."""
    assert "server" not in response.headers, "the name of the server"
    if response.status_code >= 400:
        text = response.content.decode()
        inner = [word for word in INNER_WORDS if word in text]
        assert not inner, f"inner words: {inner}"
        assert "<" not in text, "signs of HTML"
        assert response.headers.get("x-content-type-options") == ["nosniff"], "browsers may guess the type"


@schemathesis.check
def refusals_have_a_reason(_ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """What fits the description is refused only for what a description cannot say."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 422:
        return
    said = asked(response)
    if case.method == "POST":
        # A topic or a space has to be one that there is, and a worry is a topic or words.
        assert {field.partition(".")[0] for field in fields(json.loads(response.content))} <= {
            "worries",
            "space",
        }
        return
    unexplained = [
        field
        for field in fields(json.loads(response.content))
        if not is_explained(field.partition(".")[0], said, origin(response))
    ]
    assert not unexplained, f"refused without a reason: {unexplained}"


def is_parameter(field: str, response: Response, case: Case[Any]) -> bool:
    """Whether a field is a parameter of the operation, one of its values, or something else that was said."""
    known = {parameter.name for parameter in case.operation.iter_parameters()}
    said = {name[:LONGEST_NAME] or "query" for name in asked(response)}
    name, _, number = field.partition(".")
    in_body = case.method == "POST" and (
        name in PLAN or not isinstance(case.body, dict) or name in case.body or field == "query"
    )
    return in_body or field in said or (name in known and (not number or number.isdigit()))


def is_explained(field: str, said: dict[str, list[str]], at: str) -> bool:
    """Whether a parameter can be refused although each parameter by itself has the right form."""
    if field in NAMES:
        return not set(said[field]) <= names(at, field)
    if field in {"metres", "sort"}:
        return "near" not in said
    if field == "organization":
        return int(said[field][-1]) not in providers(at)
    if field == "bbox":
        west, south, east, north = map(float, said["bbox"][-1].split(","))
        return west > east or south > north
    if field in {"when", "from", "to"}:
        days = [day_of(said[name][-1]) for name in ("when", "from", "to") if name in said]
        return None in days or field == "to"  # which can be before from, or too long after
    return False


def day_of(said: str) -> date | None:
    """The day that a text names, if there is such a day."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def fields(problem: dict[str, Any]) -> list[str]:
    """The parameters that a problem names; that it names some is checked."""
    assert problem.get("errors"), "no parameter is named"
    assert all(one["detail"] for one in problem["errors"]), "no explanation"
    return [one["field"] for one in problem["errors"]]


def asked(response: Response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(response.request.url)).query, keep_blank_values=True)


def origin(response: Response) -> str:
    parts = urlsplit(str(response.request.url))
    return f"{parts.scheme}://{parts.netloc}"


@cache
def has_page(at: str, address: str) -> bool:
    """Whether a problem's type leads to a page that explains it."""
    page = httpx2.get(f"{at}{address}", timeout=20)
    return page.status_code == 200 and page.headers["content-type"].startswith("text/html")


@cache
def names(at: str, parameter: str) -> frozenset[str]:
    """The names that a parameter knows."""
    found = httpx2.get(f"{at}/api/v1{NAMES[parameter]}", timeout=20).json()
    if parameter == "space":
        return frozenset(feature["id"] for feature in found["features"])
    return frozenset(slugs(found))


@cache
def providers(at: str) -> frozenset[int]:
    """The numbers of the providers that have published offers."""
    found = httpx2.get(f"{at}/api/v1/organizations?per_page=200", timeout=20).json()
    return frozenset(one["id"] for one in found["results"])


def slugs(topics: Iterable[dict[str, Any]]) -> Iterable[str]:
    for topic in topics:
        yield topic["slug"]
        yield from slugs(topic.get("children", []))
