"""Hidden addresses are in no document, list, line or table; drafts and private contacts are not either."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.hsds import ids
from api.hsds.ids import Kind
from api.offers.models import Status
from tests.factories import make_offer, make_place, make_region
from tests.hsds.asking import LISTS, contents, document
from tests.shelter import POSTCODE, TOWN, make_hidden
from web.main import create_app

SECRETS = ("Verborgene", TOWN, POSTCODE, "13.123", "52.076", "030 99999", "Entwurf")


@pytest.fixture
def shelter(database: Engine) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """Who reads of an offer at a hidden place and an open one; and the identifiers of what is hidden."""
    with Session(database, expire_on_commit=False) as session:
        region = make_region(session)
        hidden = make_hidden(session, region)
        offer = make_offer(
            session,
            region,
            [hidden, make_place(session, region, 13.05, 52.05)],
            name="Zuflucht",
            organization="Verein",
            contact={"phone": "030 99999", "is_public": False},
        )
        make_offer(session, region, name="Entwurf", status=Status.DRAFT)
        session.commit()
        numbers = {
            "services": ids.of(region.slug, Kind.SERVICE, offer.id),
            "organizations": ids.of(region.slug, Kind.ORGANIZATION, offer.organization_id or 0),
        }
    with TestClient(create_app(database), base_url="http://localhost") as client:
        yield client, numbers


def test_no_representation_says_where_it_is(shelter: tuple[TestClient, dict[str, str]]) -> None:
    reader, numbers = shelter
    at_places = [one["id"] for one in contents(reader, "/service_at_locations")]
    assert len(at_places) == 2
    asked = [
        "/",
        f"/services/{numbers['services']}",
        f"/organizations/{numbers['organizations']}?full_service=true",
    ]
    asked += [f"/service_at_locations/{number}" for number in at_places]
    for name in LISTS:
        full = [""] if name.startswith("taxonom") else ["", "&full=true"]
        asked += [f"/{name}?format={form}{how}" for form in ("json", "ndjson") for how in full]
    asked += [
        "/services?search=zuflucht&full=true",
        "/services?minimal=true",
        "/organizations?full=true&full_service=true",
    ]
    for path in asked:
        answer = reader.get(f"/hsds{path}")
        assert answer.status_code == 200, answer.text
        for secret in SECRETS:
            assert secret not in answer.text, (path, secret)
    with zipfile.ZipFile(io.BytesIO(reader.get("/hsds/datapackage.zip").content)) as archive:
        for name in archive.namelist():
            said = archive.read(name).decode()
            for secret in SECRETS:
                assert secret not in said, (name, secret)
    # It is there, without its address.
    location = next(
        at["location"]
        for at in document(reader, f"/services/{numbers['services']}")["service_at_locations"]
        if at["location"].get("name") == "Frauenhaus"
    )
    assert {"latitude", "longitude", "addresses"}.isdisjoint(location)
    assert [one["taxonomy_term"]["code"] for one in location["attributes"]] == ["address:hidden"]


def test_no_question_finds_it_by_its_address(shelter: tuple[TestClient, dict[str, str]]) -> None:
    reader, _numbers = shelter
    for query in (
        f"postcode={POSTCODE}",
        f"postcode={POSTCODE}&proximity=100000",
        "postcode=10369&proximity=100000",
    ):
        names = [one["location"].get("name") for one in contents(reader, f"/service_at_locations?{query}")]
        assert "Frauenhaus" not in names, query
