"""Lists with addresses and no coordinates: their offers come onto the map, and stay there as they should."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.places import service as places
from api.places.models import Place
from api.regions.models import Region
from importers.report import Report
from tests.factories import act
from tests.geocoding.sample import load_town
from tests.importers.sample import FIELDS, bring_in, make_lichtenberg, mapping, row

ROW = row("1", street="Ahornallee 1", postcode="10365")


@pytest.fixture
def here(session: Session, tmp_path: Path) -> Region:
    region = make_lichtenberg(session)
    load_town(session, tmp_path, region)
    return region


def point(session: Session) -> tuple[Any, ...]:
    place = session.exec(select(Place)).one()
    return place.lon, place.lat, place.precision


def notes(report: Report) -> list[str]:
    return [line.reason for line in report.rows if line.what == "note"]


def test_a_list_without_coordinates_comes_onto_the_map(session: Session, here: Region) -> None:
    report = bring_in(session, here, [ROW, row("2", street="Unbekannte Gasse 1")])
    assert (report.counts["new"], report.without_point) == (2, 1)
    found = session.execute(
        select(Place.street, Place.lon, Place.precision).order_by(col(Place.street))
    ).all()
    assert [tuple(place) for place in found] == [
        ("Ahornallee 1", 13.5, "house"),
        ("Unbekannte Gasse 1", None, None),
    ]
    assert notes(report) == ["Die Straße steht nicht in der Adresstabelle"]


def test_the_second_time_changes_nothing(session: Session, here: Region) -> None:
    bring_in(session, here, [ROW])
    report = bring_in(session, here, [ROW])
    assert (report.counts["unchanged"], report.batch_id) == (1, None)


def test_a_new_address_gets_a_new_point(session: Session, here: Region) -> None:
    bring_in(session, here, [ROW])
    bring_in(session, here, [ROW | {"street": "Ahornallee 12"}])
    assert point(session) == (13.5003, 52.5035, "street")
    bring_in(session, here, [ROW | {"street": "Unbekannte Gasse 1", "postcode": ""}])
    assert point(session) == (None, None, None)


def test_a_point_stays_when_its_table_is_gone(session: Session, here: Region) -> None:
    bring_in(session, here, [ROW])
    session.execute(text("DELETE FROM address_street"))
    bring_in(session, here, [ROW])
    assert point(session) == (13.5, 52.5, "house")


def test_a_table_that_comes_later_gives_the_point(session: Session, tmp_path: Path) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [ROW])
    assert point(session) == (None, None, None)
    load_town(session, tmp_path, region)
    report = bring_in(session, region, [ROW])
    assert (report.counts["changed"], point(session)) == (1, (13.5, 52.5, "house"))


def test_a_point_of_the_source_replaces_a_found_one(session: Session, here: Region) -> None:
    bring_in(session, here, [ROW])
    bring_in(session, here, [ROW | {"lon": "13,51", "lat": "52,51"}])
    assert point(session) == (13.51, 52.51, None)


def test_a_point_that_a_person_has_set_stays(session: Session, here: Region) -> None:
    bring_in(session, here, [ROW])
    place = session.exec(select(Place)).one()
    places.change(session, act(here), place, {"lon": 13.52, "lat": 52.52})
    report = bring_in(session, here, [ROW])
    assert (report.counts["kept"], point(session)) == (3, (13.52, 52.52, None))


def test_a_hidden_address_is_not_looked_up(session: Session, here: Region) -> None:
    report = bring_in(session, here, [ROW | {"address_hidden": "ja"}])
    assert (point(session), notes(report)) == ((None, None, None), [])


def test_a_list_may_say_itself_how_exact_its_points_are(session: Session, here: Region) -> None:
    told = mapping(fields=FIELDS | {"precision": "genau"})
    rows = [
        row("1", street="Ahornallee 1", lon="13,51", lat="52,51", genau="Straße"),
        row("2", street="Ahornallee", postcode="10365", genau="haus"),
    ]
    assert bring_in(session, here, rows, told).counts["new"] == 2
    found = session.execute(select(Place.lon, Place.precision).order_by(col(Place.lon))).all()
    assert [tuple(place) for place in found] == [(13.5002, "street"), (13.51, "street")]
