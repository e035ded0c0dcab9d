"""The tables: what they hold is what the documents say, and frictionless takes them."""

import csv
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.hsds.tables import REFERS, TABLES
from tests.hsds.asking import contents

FRICTIONLESS = Path(__file__).parents[2] / ".venv-check" / "bin" / "frictionless"
REGIONS = ["lichtenberg", "unna"]


def archive(reader: TestClient, region: str) -> zipfile.ZipFile:
    answer = reader.get(f"/hsds/datapackage.zip?region={region}")
    assert answer.headers["content-disposition"] == f'attachment; filename="hsds-{region}.zip"'
    return zipfile.ZipFile(io.BytesIO(answer.content))


def table(found: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(found.read(TABLES[name].path).decode(), newline="")))


@pytest.mark.parametrize("region", REGIONS)
def test_rows_are_there_once_and_refer_to_rows_that_are_there(demo_reader: TestClient, region: str) -> None:
    with archive(demo_reader, region) as found:
        ids = {name: [row["id"] for row in table(found, name)] for name in TABLES}
        for name, wanted in TABLES.items():
            assert len(set(ids[name])) == len(ids[name])
            for row in table(found, name):
                assert all(row[column] for column in wanted.required), (name, row)
                assert all(row[column] in ids[REFERS[column]] for column in wanted.refers if row[column])


@pytest.mark.parametrize("region", REGIONS)
def test_the_tables_say_what_the_documents_say(demo_reader: TestClient, region: str) -> None:
    services = contents(demo_reader, f"/services?per_page=500&full=true&region={region}")
    with archive(demo_reader, region) as found:
        rows = {row["id"]: row for row in table(found, "services")}
        assert list(rows) == [one["id"] for one in services]
        at = {row["id"]: row for row in table(found, "service_at_locations")}
        for one in services:
            assert rows[one["id"]]["description"] == one.get("description", "")
            assert {at[place["id"]]["service_id"] for place in one.get("service_at_locations", ())} <= {
                one["id"]
            }
        linked = {(row["link_id"], row["taxonomy_term_id"]) for row in table(found, "attributes")}
        for one in services:
            assert {(one["id"], term["taxonomy_term"]["id"]) for term in one["attributes"]} <= linked
        described = json.loads(found.read("datapackage.json"))
        assert [part["path"] for part in described["resources"]] == [
            name for name in found.namelist() if name.endswith(".csv")
        ]
        assert described["licenses"]
        assert described["sources"]


def test_the_same_data_make_the_same_bytes(demo_reader: TestClient) -> None:
    first, second = (demo_reader.get("/hsds/datapackage.zip") for _ in range(2))
    assert first.content == second.content


@pytest.mark.parametrize("region", REGIONS)
def test_frictionless_accepts_it(demo_reader: TestClient, tmp_path: Path, region: str) -> None:
    with archive(demo_reader, region) as found:
        found.extractall(tmp_path)
    command = [str(FRICTIONLESS), "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    report: dict[str, Any] = json.loads(done.stdout)
    wrong = [error["message"] for task in report["tasks"] for error in task["errors"]]
    assert (report["valid"], wrong) == (True, [])
    assert len(report["tasks"]) == len(TABLES)
