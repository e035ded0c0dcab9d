"""The rows of an import get points, and what a person or a source has said about a place stays."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from api.places import service as places
from api.places.models import Place, Precision
from api.regions.models import Region
from importers.changes import compare
from importers.geocoding import locate
from importers.record import Entry, Record
from tests.factories import act, make_place
from tests.geocoding.sample import load_town
from tests.importers.sample import make_lichtenberg

HOUSE = {"street": "Ahornallee 1", "postcode": "10365"}


@pytest.fixture
def here(session: Session, tmp_path: Path) -> Region:
    region = make_lichtenberg(session)
    load_town(session, tmp_path, region)
    return region


def entry(**values: Any) -> Entry:
    return Entry(1, "1", record=Record(name="Treff", **values))


def located(session: Session, region: Region, one: Entry) -> tuple[Any, ...]:
    locate(session, region, [one])
    assert one.record is not None
    return one.record.lon, one.record.lat, one.record.precision, [note.reason for note in one.notes]


def test_a_row_with_an_address_gets_its_point(session: Session, here: Region) -> None:
    assert located(session, here, entry(**HOUSE)) == (13.5, 52.5, Precision.HOUSE, [])


def test_what_is_less_than_the_house_is_noted(session: Session, here: Region) -> None:
    assert located(session, here, entry(street="Ahornallee", postcode="10365"))[2:] == (
        Precision.STREET,
        ["Es ist keine Hausnummer angegeben"],
    )


def test_a_row_that_cannot_be_placed_is_kept_and_says_why(session: Session, here: Region) -> None:
    assert located(session, here, entry(street="Unbekannte Gasse 1")) == (
        None,
        None,
        None,
        ["Die Straße steht nicht in der Adresstabelle"],
    )


@pytest.mark.parametrize(
    "values",
    [
        {"lon": 13.4, "lat": 52.4},  # the source knows better
        {"address_hidden": True},
    ],
)
def test_a_given_point_and_a_hidden_address_are_left_alone(
    session: Session, here: Region, values: dict[str, Any]
) -> None:
    one = entry(**HOUSE, **values)
    assert located(session, here, one) == (values.get("lon"), values.get("lat"), None, [])


def test_what_may_be_hidden_is_left_alone(session: Session, here: Region) -> None:
    one = entry(**HOUSE)
    one.hidden = True
    assert located(session, here, one)[0] is None


def test_without_a_table_nothing_is_said(session: Session) -> None:
    assert located(session, make_lichtenberg(session), entry(**HOUSE)) == (None, None, None, [])


def test_an_address_outside_of_the_region_gets_no_point(
    session: Session, here: Region, tmp_path: Path
) -> None:
    rows = "Ahornallee;1;;10365;Berlin;13,5;52,5\nFernweg;1;;12345;Weitweg;9,0;48,0\n"
    load_town(session, tmp_path, here, rows)
    assert located(session, here, entry(street="Fernweg 1", postcode="12345")) == (
        None,
        None,
        None,
        ["Die Adresse liegt außerhalb der Region"],
    )


def test_a_point_found_by_the_address_goes_with_the_address(session: Session, here: Region) -> None:
    place = make_place(session, here, 13.5, 52.5, precision="house", **HOUSE)
    changed = places.change(session, act(here), place, {"street": "Ahornallee 2"})
    assert changed == ["street", "lon", "lat", "precision"]
    assert (place.lon, place.precision) == (None, None)


def test_a_point_found_by_the_address_goes_when_the_address_is_hidden(session: Session, here: Region) -> None:
    place = make_place(session, here, 13.5, 52.5, precision="house", **HOUSE)
    places.change(session, act(here), place, {"address_hidden": True})
    assert place.lon is None


def test_a_point_that_somebody_gave_stays_when_the_address_changes(session: Session, here: Region) -> None:
    place = make_place(session, here, 13.5, 52.5, **HOUSE)
    assert places.change(session, act(here), place, {"street": "Ahornallee 2"}) == ["street"]
    assert place.lon == 13.5


def test_a_point_that_a_person_sets_is_no_longer_a_found_one(session: Session, here: Region) -> None:
    place = make_place(session, here, 13.5, 52.5, precision="street", **HOUSE)
    places.change(session, act(here), place, {"lon": 13.501, "lat": 52.5})
    assert (place.lon, place.precision) == (13.501, None)


def test_strangers_see_how_exact_a_point_is_but_nothing_of_a_hidden_one(
    session: Session, here: Region
) -> None:
    make_place(session, here, 13.5, 52.5, precision="street")
    make_place(session, here, 13.5, 52.5, precision="street", address_hidden=True)
    seen = session.execute(text("SELECT address_hidden, precision, lon FROM public_place ORDER BY id")).all()
    assert [tuple(row) for row in seen] == [(False, "street", 13.5), (True, None, None)]


POINT = {"lon": 13.5, "lat": 52.5, "precision": "street"}
NO_POINT = dict.fromkeys(POINT)


def test_an_import_replaces_a_found_point_by_a_better_one() -> None:
    plan = compare(
        {"street": "A 1", **POINT, "lon": 13.6, "precision": "house"}, {}, {"street": "A 1", **POINT}
    )
    assert plan.write == ["lon", "precision"]


def test_an_import_that_finds_nothing_any_more_leaves_the_point() -> None:
    plan = compare({"street": "A 1", **NO_POINT}, {"street": "A 1", **POINT}, {"street": "A 1", **POINT})
    assert (plan.write, plan.ask, plan.kept) == ([], [], [])
    assert plan.mapped == {"street": "A 1", **POINT}


def test_an_import_keeps_the_point_that_a_person_gave() -> None:
    given = {"lon": 13.4, "lat": 52.4, "precision": None}
    plan = compare({"street": "A 1", **POINT}, {"street": "A 1", **POINT}, {"street": "A 1", **given})
    assert (plan.write, set(plan.kept)) == ([], set(POINT))


def test_a_place_is_found_again_with_its_precision(session: Session, here: Region) -> None:
    make_place(session, here, 13.5, 52.5, precision="house", **HOUSE)
    session.expire_all()
    assert session.exec(select(Place)).one().precision == Precision.HOUSE
