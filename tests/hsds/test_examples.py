"""The official examples of HSDS 3.2.3: import and export give the original, but for what is named here."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from api.history import service as history
from api.hsds.terms import TAXONOMIES, of_taxonomy, taxonomy_id
from api.offers.models import Contact, Offer
from api.places.models import Place
from api.regions.models import Region
from tests.factories import act, make_topic
from tests.hsds.asking import contents, document
from tests.hsds.exchange import bring_in, mapping
from tests.published import SHARED

EXAMPLES = SHARED / "data" / "samples" / "hsds" / "hsds-spec-3.2.3-examples"
SERVICE = "/services/ac148810-d857-441c-9679-408f346de14b"
PLACE = "/service_at_locations/e94c9f38-1e8f-4564-91d4-d53501ab1765"
ORGANIZATION = "/organizations/d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"

# Everything that is not as it was, and why.
LEFT_OUT = {
    ("contacts", "name"): "names of people are not kept",
    ("addresses", "attention"): "names of people are not kept",
    ("", "metadata"): "says what stood there before, which may have been hidden for a reason",
    ("", "last_modified"): "says when our entry was changed, which modified_after goes by",
}
OURS = frozenset(map(taxonomy_id, TAXONOMIES))  # our topics and marks stand behind the terms of the source

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="../shared/data/samples/hsds is missing")


def same(found: Any, inside: str = "") -> Any:
    """What has to be equal."""
    if isinstance(found, list):
        kept = [one for one in found if not _is_ours(one)]
        return [same(one, inside) for one in kept]
    if not isinstance(found, dict):
        return found
    leave = {name for (where, name) in LEFT_OUT if where in ("", inside)}
    said = {name: same(value, name) for name, value in found.items() if name not in leave}
    return {name: value for name, value in said.items() if value != []}


def _is_ours(one: Any) -> bool:
    term = one.get("taxonomy_term") if isinstance(one, dict) else None
    return isinstance(term, dict) and of_taxonomy(term) in OURS


def original(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return found


@pytest.fixture
def take(session: Session, region: Region) -> Callable[[str], None]:
    """Imports an example by the mapping of docs/how-to, but for its point: that lies at 100° north."""
    make_topic(session, "geld")

    def taken(name: str) -> None:
        told = mapping(defaults={"topics": ["geld"]})
        told["fields"] = {
            field: column for field, column in told["fields"].items() if field not in ("lon", "lat")
        }
        report = bring_in(session, region, EXAMPLES / name, told)
        assert report.counts["new"] == 1, list(report.lines(9))

    return taken


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("service_full.json", SERVICE),
        ("service_full.json", "/services?full=true"),
        ("service_at_location_full.json", PLACE),
        ("service_at_location_full.json", "/service_at_locations?full=true"),
        ("service_list.json", "/services"),
        ("service_at_location_list.json", "/service_at_locations"),
    ],
)
def test_an_example_comes_back_as_it_went(
    reader: TestClient, take: Callable[[str], None], file: str, path: str
) -> None:
    take(file)
    wanted = original(file)
    wanted = wanted["contents"][0] if "contents" in wanted else wanted
    found = contents(reader, path)[0] if path.count("/") == 1 else document(reader, path)
    assert same(found) == same(wanted)


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("organization_full.json", f"{ORGANIZATION}?full_service=true"),
        ("organization_list.json", "/organizations"),
        ("taxonomy.json", "/taxonomies/5c4d79d7-cc55-470e-9f1f-8cad074e4892"),
        ("taxonomy_term.json", "/taxonomy_terms/3f7b145d-84af-42d7-8fae-eaca714b02b2"),
        ("taxonomy_term_list.json", "/taxonomy_terms?taxonomy_id=5c4d79d7-cc55-470e-9f1f-8cad074e4892"),
    ],
)
def test_what_an_example_names_is_there_alone(
    reader: TestClient, take: Callable[[str], None], file: str, path: str
) -> None:
    take("service_full.json")
    wanted = original(file)
    wanted = wanted["contents"][0] if "contents" in wanted else wanted
    found = document(reader, path)
    assert same(found["contents"][0] if "contents" in found else found) == same(wanted)


def test_the_tables_say_the_same_as_the_document(reader: TestClient, take: Callable[[str], None]) -> None:
    take("csv")
    found, wanted = (same(one) for one in (document(reader, SERVICE), original("service_full.json")))
    # The tables of the example are not those of its documents: attributes and changes belong to entries that
    # are not there, and a phone, a contact and hours stand at more entries than in the documents.
    differ = {
        "phones",
        "contacts",
        "schedules",
        "attributes",
        "organization",
        "service_at_locations",
        "metadata",
    }
    assert {name: found.get(name) for name in wanted.keys() - differ} == {
        name: value for name, value in wanted.items() if name not in differ
    }
    assert found["phones"][0]["number"] == wanted["phones"][0]["number"]
    assert found["organization"]["tax_status"] == wanted["organization"]["tax_status"]


def test_no_name_of_a_person_is_kept_anywhere(
    session: Session, reader: TestClient, take: Callable[[str], None]
) -> None:
    take("service_full.json")
    for path in (SERVICE, PLACE, f"{ORGANIZATION}?full_service=true"):
        assert "Persona" not in reader.get(f"/hsds{path}").text


def test_what_was_changed_here_is_laid_over(
    session: Session, region: Region, reader: TestClient, take: Callable[[str], None]
) -> None:
    take("service_full.json")
    offer, place, contact = (session.scalars(select(table)).one() for table in (Offer, Place, Contact))
    history.change(session, act(region), offer, {"name": "Beratung", "max_age": None, "cost_note": "Nichts"})
    history.change(session, act(region), place, {"town": "Berlin"})
    found = document(reader, SERVICE)
    assert (found["name"], found["fees_description"], found["minimum_age"]) == ("Beratung", "Nichts", 12)
    assert "maximum_age" not in found
    location = found["service_at_locations"][0]["location"]
    assert (location["addresses"][0]["city"], location["transportation"][:6]) == ("Berlin", "MyCity")
    assert found["wait_time"] == "wait_time"
    history.change(session, act(region), contact, {"is_public": False})
    assert "+44 1234" not in reader.get(f"/hsds{SERVICE}").text


def test_a_place_that_is_hidden_here_leaves_nothing_behind(
    session: Session, region: Region, reader: TestClient, take: Callable[[str], None]
) -> None:
    take("service_full.json")
    history.change(session, act(region), session.scalars(select(Place)).one(), {"address_hidden": True})
    found = contents(reader, "/services?full=true")[0]
    text = json.dumps(found) + reader.get("/hsds/organizations?full=true").text
    for secret in ("Main Street", "ABC 1234", "3a19ff88", "ac148810", "10092008082"):
        assert secret not in text, secret
    assert reader.get(f"/hsds{SERVICE}").status_code == 404
