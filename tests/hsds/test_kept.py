"""What was published elsewhere goes out again only as far as an import would have let it in."""

import copy
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from api.history import service as history
from api.offers.models import Contact
from api.regions.models import Region
from tests.factories import act, make_topic
from tests.hsds import exchange
from tests.hsds.asking import document

NUMBER = "7d0f3f5e-6f0c-4b0d-8e52-0a4c0a4c7a11"
SERVICE: dict[str, Any] = {
    "id": NUMBER,
    "name": "Rat am Markt",
    "status": "active",
    "description": "Rat für alle.",
    "url": "javascript:alert(1)",
    "email": "anna.mueller@praxis.example",
    "assurer_email": "bernd_schulz@praxis.example",
    "wait_time": "zwei Wochen",
    "phones": [{"number": "030 6666666"}],
    "contacts": [
        {"id": "c-1", "name": "Anna Müller", "phones": [{"number": "0170 1234567"}]},
        {"id": "c-2", "name": "Bernd Schulz", "title": "Sekretariat", "email": "sekretariat@rat.example"},
    ],
    "metadata": [{"id": "m-1", "field_name": "email", "previous_value": "carla.weber@rat.example"}],
    "locations": [{"address_1": "Schutzweg 8"}],
    "inventions": "Schutzweg 8",
    "organization": {
        "id": "9a1d3f5e-6f0c-4b0d-8e52-0a4c0a4c7a12",
        "name": "Rat e. V.",
        "website": "JavaScript:alert(2)",
        "locations": ["9a1d3f5e-6f0c-4b0d-8e52-0a4c0a4c7a13"],
        "services": [{"name": "Zuflucht", "description": "Schutzweg 8"}],
        "email": "carla.weber@rat.example",
    },
}
PRIVATE = ("anna.mueller", "bernd_schulz", "carla.weber", "0170", "Anna", "Schulz", "Schutzweg", "alert(")


@pytest.fixture
def taken(session: Session, region: Region, tmp_path: Path) -> None:
    """A service that says more than anybody may publish."""
    make_topic(session, "geld")
    file = exchange.write_lines(tmp_path / "rat.ndjson", [copy.deepcopy(SERVICE)])
    report = exchange.bring_in(session, region, file, exchange.mapping(defaults={"topics": ["geld"]}))
    assert report.counts["new"] == 1, list(report.lines(9))


@pytest.mark.usefixtures("taken")
def test_nothing_goes_out_that_could_not_have_come_in(reader: TestClient) -> None:
    found = document(reader, f"/services/{NUMBER}")
    text = reader.get("/hsds/services?full=true").text + reader.get("/hsds/organizations?full=true").text
    assert [secret for secret in PRIVATE if secret in text] == []
    assert found["wait_time"] == "zwei Wochen"  # we have no field for it
    assert [one["title"] for one in found["contacts"]] == ["Sekretariat"]


@pytest.mark.usefixtures("taken")
def test_what_has_no_identifier_is_given_one(session: Session, region: Region, tmp_path: Path) -> None:
    (service,) = exchange.taken_out(session, region)
    assert all(len(one["id"]) == len(NUMBER) for one in service["phones"])
    exchange.write_package(session, region, tmp_path / "tables.zip")
    with ZipFile(tmp_path / "tables.zip") as tables:
        text = "".join(tables.read(name).decode() for name in tables.namelist())
    assert "030 6666666" in text
    assert [secret for secret in PRIVATE if secret in text] == []


@pytest.mark.usefixtures("taken")
def test_who_hides_a_contact_hides_what_was_published_of_it(
    session: Session, region: Region, reader: TestClient
) -> None:
    for contact in session.scalars(select(Contact)):
        history.change(session, act(region), contact, {"is_public": False})
    text = reader.get("/hsds/services?full=true").text
    assert "Rat am Markt" in text
    assert [
        secret for secret in ("zwei Wochen", "sekretariat@", "030 6666666", NUMBER) if secret in text
    ] == []
