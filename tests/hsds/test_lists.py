"""Lists: pages, filters that combine with AND against SQL as oracle, changes since, lines, refusals."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import Session, col
from starlette.testclient import TestClient

from api.core import clock
from api.history import service as history
from api.hsds import ids
from api.hsds.ids import Kind
from api.offers.models import Contact, Status
from api.places import service as places
from api.regions.models import Region
from tests.factories import (
    act,
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_space,
    make_topic,
)
from tests.hsds.asking import LISTS, code_id, contents, document, lines, names

PUBLISHED = "region_id = (SELECT id FROM region WHERE slug = 'lichtenberg') AND status = 'published'"

AT_PLACE = "SELECT a.offer_id FROM offer_at_place a JOIN place p ON p.id = a.place_id"


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("per_page", [7, 500])
def test_pages_hold_everything_once(demo_reader: TestClient, name: str, per_page: int) -> None:
    seen: list[str] = []
    for number in range(1, 100):
        page = document(demo_reader, f"/{name}?page={number}&per_page={per_page}")
        assert page["page_number"] == number
        assert page["size"] == len(page["contents"]) <= per_page
        assert page["empty"] is False
        assert page["first_page"] is (number == 1)
        assert page["total_pages"] == -(-page["total_items"] // per_page)
        seen += [one["id"] for one in page["contents"]]
        if page["last_page"]:
            break
    assert len(seen) == len(set(seen)) == page["total_items"]
    beyond = document(demo_reader, f"/{name}?page={number + 1}&per_page={per_page}")
    assert (beyond["contents"], beyond["empty"], beyond["last_page"]) == ([], True, True)
    assert beyond["total_items"] == page["total_items"]
    assert [one["id"] for one in lines(demo_reader, f"/{name}?format=ndjson&per_page=1")] == seen


@pytest.fixture(scope="module")
def oracle(demo: Engine) -> Iterator[Session]:
    """A session that asks the tables of the demo themselves."""
    with Session(demo) as session:
        yield session


# Terms and what they mean in the table of offers.
CONDITIONS = {
    "topic:geld": "topics && ARRAY(SELECT c.slug::text FROM topic c LEFT JOIN topic p ON p.id = c.parent_id"
    " WHERE 'geld' IN (c.slug, p.slug))",
    "topic:schulsozialarbeit": "'schulsozialarbeit' = ANY(topics)",
    "audience:kinder": "'kinder' = ANY(audiences)",
    "cost:free": "cost = 'free'",
    "access:appointment": "access = 'appointment'",
    "level:4": "resource_level = 4",
    "example:yes": "is_example",
    "reach:outreach": "outreach",
    "address:hidden": f"id IN ({AT_PLACE} WHERE p.address_hidden)",
    "wheelchair:yes": f"id IN ({AT_PLACE} WHERE p.wheelchair = 'yes')",
}


@pytest.mark.parametrize("code", CONDITIONS)
def test_a_term_finds_what_bears_it(demo_reader: TestClient, oracle: Session, code: str) -> None:
    term, offers_with_it = code_id(demo_reader, code), f"FROM offer WHERE {PUBLISHED} AND {CONDITIONS[code]}"
    wanted = oracle.scalars(text(f"SELECT id {offers_with_it} ORDER BY id")).all()
    assert wanted or code == "address:hidden"
    found = contents(demo_reader, f"/services?per_page=500&taxonomy_term_id={term}")
    assert [one["id"] for one in found] == [ids.of("lichtenberg", Kind.SERVICE, one) for one in wanted]
    counts = {
        "service_at_locations": "SELECT count(*) FROM offer_at_place"
        f" WHERE offer_id IN (SELECT id {offers_with_it})",
        "organizations": f"SELECT count(DISTINCT organization_id) {offers_with_it}",
    }
    for name, count in counts.items():
        page = document(demo_reader, f"/{name}?taxonomy_term_id={term}")
        assert page["total_items"] == oracle.scalar(text(count)), name


def test_filters_combine_with_and(demo_reader: TestClient, oracle: Session) -> None:
    free, whole = code_id(demo_reader, "cost:free"), contents(demo_reader, "/services?per_page=500&full=true")
    provider = next(
        one["organization"]["id"] for one in whole if one.get("organization") and one.get("cost_options")
    )
    topics = next(
        one["id"] for one in contents(demo_reader, "/taxonomies") if one["name"].startswith("Themen")
    )
    found = contents(
        demo_reader, f"/services?taxonomy_term_id={free}&organization_id={provider}&taxonomy_id={topics}"
    )
    meant = ids.meant("lichtenberg", provider)
    assert meant is not None
    wanted = oracle.scalars(
        text(
            f"SELECT name FROM offer WHERE {PUBLISHED} AND cost = 'free'"
            f" AND organization_id = {meant.number} ORDER BY id"
        )
    ).all()
    assert [one["name"] for one in found] == list(wanted) != []


@pytest.mark.parametrize("name", ["taxonomy_term_id", "taxonomy_id", "organization_id"])
def test_an_unknown_identifier_finds_nothing(demo_reader: TestClient, name: str) -> None:
    page = document(demo_reader, f"/services?{name}=00000000-0000-0000-0000-000000000000")
    assert (page["total_items"], page["total_pages"], page["empty"]) == (0, 1, True)


def test_a_search_finds_as_the_search_of_the_pages_does(demo_reader: TestClient) -> None:
    said = demo_reader.get("/api/v1/search?q=schuldnerberatung&per_page=50").json()
    wanted = [ids.of("lichtenberg", Kind.SERVICE, one["offer"]["id"]) for one in said["results"]]
    assert [one["id"] for one in contents(demo_reader, "/services?search=schuldnerberatung")] == wanted != []
    assert contents(demo_reader, "/organizations?search=CARITAS")
    assert [one["code"] for one in contents(demo_reader, "/taxonomy_terms?search=kostenlos")] == []
    assert "cost:free" in [one["code"] for one in contents(demo_reader, "/taxonomy_terms?search=free")]


def test_terms_are_found_by_taxonomy_and_parent(demo_reader: TestClient) -> None:
    whole = contents(demo_reader, "/taxonomy_terms?per_page=500")
    parent = next(one for one in whole if one["code"] == "topic:behoerden")
    assert [one["code"] for one in contents(demo_reader, f"/taxonomy_terms?parent_id={parent['id']}")] == [
        "topic:begleitung"
    ]
    top = contents(
        demo_reader, f"/taxonomy_terms?per_page=500&top_only=true&taxonomy_id={parent['taxonomy_id']}"
    )
    assert parent in top
    assert all("parent_id" not in one and one["taxonomy_id"] == parent["taxonomy_id"] for one in top)


def test_minimal_is_everything_on_one_page(demo_reader: TestClient) -> None:
    page = document(demo_reader, "/services?minimal=true&per_page=5")
    assert page["size"] == page["total_items"] == len(page["contents"]) > 300
    assert page["total_pages"] == 1
    assert all(set(one) == {"id", "modified_date"} for one in page["contents"])


def test_organizations_have_their_services_short_or_whole(demo_reader: TestClient) -> None:
    one = contents(demo_reader, "/organizations?full=true&per_page=1")[0]
    assert all(set(service) == {"id", "name", "status"} for service in one["services"])
    whole = document(demo_reader, f"/organizations/{one['id']}?full_service=true")
    for short, service in zip(one["services"], whole["services"], strict=True):
        alone = document(demo_reader, f"/services/{short['id']}")
        assert {**service, "organization": alone["organization"]} == alone


def changed(reader: TestClient, since: datetime) -> list[str]:
    """The names of services that were changed since then."""
    inner(reader).state.known.clear()  # as a commit would have it
    return names(reader, f"/services?modified_after={since.isoformat().replace('+', '%2B')}")


def inner(reader: TestClient) -> Any:
    """The app that is mounted at /hsds."""
    app: Any = reader.app
    return next(route for route in app.routes if getattr(route, "path", "") == "/hsds").app


def test_all_that_belongs_to_a_service_changes_it(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch, reader: TestClient
) -> None:
    place = make_place(session, region)
    make_offer(session, region, place, name="Erstes")
    offer = make_offer(
        session, region, make_place(session, region), name="Zweites", contact={"phone": "030 2"}
    )
    contact = session.scalars(select(Contact).where(col(Contact.offer_id) == offer.id)).one()
    alone = f"/services/{ids.of(region.slug, Kind.SERVICE, offer.id)}"
    begin = clock.now()

    def in_hours(hours: int) -> datetime:
        when = begin + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda: when)
        return when

    first = in_hours(1)
    assert changed(reader, first) == []
    places.change(session, act(region), place, {"name": "Haus"})
    assert changed(reader, first) == ["Erstes"]
    second = in_hours(2)
    history.change(session, act(region), contact, {"phone": "030 3"})
    assert (changed(reader, second), changed(reader, first)) == (["Zweites"], ["Erstes", "Zweites"])
    assert document(reader, alone)["last_modified"] == second.isoformat(timespec="milliseconds")
    third = in_hours(3)
    history.delete(session, act(region), contact)
    assert changed(reader, third) == ["Zweites"]
    assert document(reader, alone)["last_modified"] == third.isoformat(timespec="milliseconds")


def test_a_postcode_is_that_of_the_place_or_near_its_middle(
    session: Session, region: Region, reader: TestClient
) -> None:
    plz = make_division(session, region, slug="plz", name="PLZ", level_names=["PLZ"], resident_level=None)
    make_space(session, plz, "10365", box(13.0, 52.0, 13.1, 52.1), level=1)
    here = make_place(session, region, 13.05, 52.05, postcode="10365")
    near = make_place(session, region, 13.06, 52.05, postcode="99999")
    far = make_place(session, region, 13.5, 52.5, postcode="10365")
    for name, place in {"hier": here, "nah": near, "fern": far}.items():
        make_offer(session, region, place, name=name)

    def found(query: str) -> list[str]:
        return [one["service"]["name"] for one in contents(reader, f"/service_at_locations?{query}")]

    assert found("postcode=10365") == ["hier", "fern"]
    assert found("postcode=10365&proximity=1000") == ["hier", "nah"]
    assert found("postcode=10365&proximity=10") == ["hier"]
    # Without an area the places with this postcode have a middle, too.
    assert found("postcode=99999&proximity=1") == ["nah"]
    assert found("postcode=00000&proximity=1000") == []


def test_only_what_is_public_is_there(session: Session, region: Region, reader: TestClient) -> None:
    make_topic(session, "geld")
    make_audience(session, "kinder")
    draft = make_offer(
        session,
        region,
        make_place(session, region),
        status=Status.DRAFT,
        organization="Ungenannt",
        topics=["geld"],
    )
    for name in ("services", "service_at_locations", "organizations"):
        assert document(reader, f"/{name}")["total_items"] == 0
    number = ids.of(region.slug, Kind.SERVICE, draft.id)
    assert reader.get(f"/hsds/services/{number}").status_code == 404
    assert draft.organization_id is not None
    number = ids.of(region.slug, Kind.ORGANIZATION, draft.organization_id)
    assert reader.get(f"/hsds/organizations/{number}").status_code == 404


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("said", ["1", "ab%00c", "00000000-0000-0000-0000-000000000000", "%F0%9F%98%80"])
def test_what_is_not_there_is_404(demo_reader: TestClient, name: str, said: str) -> None:
    answer = demo_reader.get(f"/hsds/{name}/{said}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/services?per_page=abc", "per_page"),
        ("/services?per_page=0", "per_page"),
        ("/services?per_page=501", "per_page"),
        ("/services?page=0", "page"),
        ("/services?page=99999999999", "page"),
        ("/services?format=xml", "format"),
        ("/services?full=vielleicht", "full"),
        ("/services?modified_after=gestern", "modified_after"),
        ("/services?modified_after=20260101", "modified_after"),
        ("/services?organization_id=17", "organization_id"),
        ("/services?taxonomy_term_id=geld", "taxonomy_term_id"),
        ("/services?search=a%00b", "search"),
        ("/services?postcode=10365", "postcode"),
        ("/services?page=1&page=2", "page"),
        ("/services?region=gibtsnicht", None),
        ("/service_at_locations?proximity=500", "proximity"),
        ("/service_at_locations?postcode=10365&proximity=-1", "proximity"),
        ("/service_at_locations?postcode=10365&proximity=weit", "proximity"),
        ("/service_at_locations?minimal=true", "minimal"),
        ("/organizations?modified_after=2026-01-01", "modified_after"),
        ("/organizations?full_service=x", "full_service"),
        ("/taxonomies?full=true", "full"),
        ("/taxonomy_terms?parent_id=1", "parent_id"),
        ("/taxonomy_terms?top_only=x", "top_only"),
        ("/datapackage.zip?format=csv", "format"),
        ("/services/00000000-0000-0000-0000-000000000000?full=true", "full"),
    ],
)
def test_what_is_asked_wrongly_is_refused_and_named(
    demo_reader: TestClient, path: str, field: str | None
) -> None:
    answer = demo_reader.get(f"/hsds{path}")
    assert answer.status_code == (422 if field else 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert field is None or answer.json()["errors"][0]["field"] == field
