"""Identifiers of HSDS that merged offers had: ours, and those that they were published with."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.history import service as history
from api.hsds import ids
from api.hsds.ids import Kind
from api.offers.models import Contact, Offer
from api.regions.models import Region
from tests.factories import act, make_offer, make_topic
from tests.hsds import exchange
from tests.hsds.test_kept import NUMBER, SERVICE
from tests.merging.world import merged
from tests.reading import reading


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    with reading(engine, session, "/hsds") as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def both(session: Session, region: Region, tmp_path: Path) -> tuple[Offer, Offer]:
    """An offer of our own, and one that was published elsewhere as HSDS."""
    make_topic(session, "geld")
    file = exchange.write_lines(tmp_path / "rat.ndjson", [copy.deepcopy(SERVICE)])
    exchange.bring_in(session, region, file, exchange.mapping(defaults={"topics": ["geld"]}))
    published = session.exec(select(Offer)).one()
    return make_offer(session, region, name="Rat am Markt"), published


def test_a_service_leads_on_by_the_identifier_it_was_published_with(
    session: Session, region: Region, both: tuple[Offer, Offer], reader: TestClient
) -> None:
    assert reader.get(f"/hsds/services/{NUMBER}").status_code == 200
    merged(session, region, *both)
    there = f"/hsds/services/{ids.of(region.slug, Kind.SERVICE, both[0].id)}"
    for old in (NUMBER, ids.of(region.slug, Kind.SERVICE, both[1].id)):
        answer = reader.get(f"/hsds/services/{old}?region={region.slug}")
        assert (answer.status_code, answer.headers["location"]) == (301, f"{there}?region={region.slug}")
    assert reader.get(there).status_code == 200


def test_what_has_a_private_contact_does_not_answer_to_where_it_came_from(
    session: Session, region: Region, both: tuple[Offer, Offer], reader: TestClient
) -> None:
    merged(session, region, *both)
    for contact in session.exec(select(Contact)).all():
        history.change(session, act(region), contact, {"is_public": False})
    assert reader.get(f"/hsds/services/{NUMBER}").status_code == 404


@pytest.mark.parametrize("said", ["x", "17", "00000000-0000-4000-8000-000000000000"])
def test_what_nobody_has_ever_had_is_not_found(
    session: Session, region: Region, both: tuple[Offer, Offer], reader: TestClient, said: str
) -> None:
    merged(session, region, *both)
    assert reader.get(f"/hsds/services/{said}").status_code == 404
