"""What the standard asks for, by the check of others, by its schemas and by our own eyes."""

import json
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from tests.hsds.asking import LISTS, contents, document, lines
from tests.openness import check_that_nobody_may_write, check_that_strangers_may_read
from tests.published import SHARED, Registry, Validator

CHECK = SHARED / "checks" / "hsds_check.py"
SPEC = SHARED / "standards" / "hsds-3.1"
SCHEMAS = {
    "services": "compiled/service.json",
    "service_at_locations": "compiled/service_at_location.json",
    "organizations": "compiled/organization.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}

with_schemas = pytest.mark.skipif(
    not (CHECK.exists() and SPEC.exists()), reason="../shared/checks or its schemas of HSDS are missing"
)


@with_schemas
def test_the_published_check_finds_nothing(server: str) -> None:
    command = [sys.executable, "-m", "tests.published", str(CHECK), str(SPEC), f"{server}/hsds"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        "\n".join(line for line in done.stdout.splitlines() if "FAIL" in line) + done.stderr
    )
    assert "failures: 0" in done.stdout
    assert done.stdout.count("ok ") == 26


def retrieve(uri: str) -> SimpleNamespace:
    public = re.match(r"https://raw.githubusercontent.com/openreferral/specification/[^/]+/(.*)", uri)
    path = SPEC / public[1] if public else SPEC / "schema" / uri.rsplit("/", maxsplit=1)[-1]
    return SimpleNamespace(contents=json.loads(path.read_text()))


@with_schemas
@pytest.mark.parametrize("region", ["lichtenberg", "unna"])
@pytest.mark.parametrize("name", LISTS)
def test_every_entry_of_the_demo_fits_its_schema(demo_reader: TestClient, name: str, region: str) -> None:
    schema = json.loads((SPEC / "schema" / SCHEMAS[name]).read_text())
    validator = Validator(schema, Registry(retrieve), format_checker=True)
    full = "" if name.startswith("taxonom") else "&full=true"
    found = lines(demo_reader, f"/{name}?format=ndjson{full}&region={region}")
    assert found
    for one in found:
        mistakes = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(one)]
        assert mistakes == [], one["id"]


def test_the_way_in_says_version_terms_and_where_all_of_it_is(demo_reader: TestClient) -> None:
    found = document(demo_reader, "")
    assert found["version"] == "3.1"
    assert any("CC BY 4.0" in source["licence"] and source["attribution"] for source in found["sources"])
    described = demo_reader.get(found["openapi_url"]).json()
    assert described["openapi"].startswith("3.1")
    assert {
        f"/{name}/{{{part}}}"
        for name, part in (("services", "service_id"), ("organizations", "organization_id"))
    } <= set(described["paths"])
    assert demo_reader.get(found["datapackage_url"]).headers["content-type"] == "application/zip"


@pytest.mark.parametrize("name", LISTS)
def test_what_a_list_names_is_there_alone_and_the_same(demo_reader: TestClient, name: str) -> None:
    full = "" if name.startswith("taxonom") else "&full=true"
    for one in contents(demo_reader, f"/{name}?per_page=7&page=2{full}") or contents(demo_reader, f"/{name}"):
        alone = document(demo_reader, f"/{name}/{one['id']}")
        assert alone == one
        assert document(demo_reader, f"/{name}/{one['id'].upper()}") == one


def test_a_service_says_what_we_know(demo_reader: TestClient) -> None:
    found = {one["name"]: one for one in contents(demo_reader, "/services?per_page=500&full=true")}
    spoken = next(one for one in found.values() if len(one.get("languages", [])) > 1)
    assert {"name": "German", "code": "de"} in [
        {k: one[k] for k in ("name", "code")} for one in spoken["languages"]
    ]
    costs = [one["cost_options"][0] for one in found.values() if one.get("cost_options")]
    assert any(one.get("amount") == 0 and one["currency"] == "EUR" for one in costs)
    places = [at["location"] for one in found.values() for at in one.get("service_at_locations", ())]
    assert all(one["state_province"] == "Berlin" for place in places for one in place.get("addresses", ()))
    times = [
        line
        for one in found.values()
        for at in one.get("service_at_locations", ())
        for line in at.get("schedules", ())
        if "freq" in line
    ]
    assert times
    assert all(isinstance(line["timezone"], float | int) and line["byday"] for line in times)
    examples = [
        one
        for one in found.values()
        if any(term["taxonomy_term"]["code"] == "example:yes" for term in one["attributes"])
    ]
    assert 0 < len(examples) < len(found)


def test_pages_of_a_region_are_linked_at_its_own_host(demo_reader: TestClient) -> None:
    one = contents(demo_reader, "/services?region=unna&full=true")[0]
    assert one["additional_urls"][0]["url"].startswith("http://unna.localhost/angebot/")
    assert document(demo_reader, f"/services/{one['id']}?region=unna") == one
    # Another region knows nothing of it.
    assert demo_reader.get(f"/hsds/services/{one['id']}").status_code == 404


def test_what_is_public_may_be_read_by_strangers_pages_and_kept(demo_reader: TestClient) -> None:
    paths = ("", "/services", "/services?format=ndjson", "/datapackage.zip", "/taxonomies")
    check_that_strangers_may_read(demo_reader, (f"/hsds{path}" for path in paths))


def test_head_is_answered_and_writing_is_not(demo_reader: TestClient) -> None:
    check_that_nobody_may_write(demo_reader, "/hsds/services")
