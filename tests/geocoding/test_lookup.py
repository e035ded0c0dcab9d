"""Looking addresses up: the house, else its street, else its postcode, and never a guess between two."""

from pathlib import Path

import pytest
from sqlmodel import Session

from api.places.models import Precision
from api.regions.models import Region
from importers.geocoding import lookup
from importers.geocoding.addresses import parse
from importers.geocoding.lookup import Answer, Point
from tests.factories import box, make_division, make_space
from tests.geocoding.sample import load_town
from tests.importers.sample import make_lichtenberg


@pytest.fixture
def here(session: Session, tmp_path: Path) -> Region:
    region = make_lichtenberg(session)
    load_town(session, tmp_path, region)
    return region


def find(session: Session, region: Region, *address: str) -> Answer:
    return lookup.find(session, region.id, [parse(*address)])[0]


@pytest.mark.parametrize(
    ("address", "point"),
    [
        ("Ahornallee 1, 10365 Berlin", (13.5, 52.5)),
        ("Ahorn-Allee 1", (13.5, 52.5)),
        ("Ahornallee 3a, 10365 Berlin", (13.5002, 52.502)),
        ("Ahornallee 3, 10365", (13.5002, 52.502)),  # the letter was left out
        ("Ahornallee 13-15, 10365", (13.5003, 52.5035)),  # a house between both ends
        ("Str. d. Beispiele 9", (13.523, 52.513)),
        ("Dorfstr. 5, 10365", (13.51, 52.5)),
        ("Straße 12 Nr. 3, 10369", (13.531, 52.521)),
    ],
)
def test_finds_the_house(session: Session, here: Region, address: str, point: tuple[float, float]) -> None:
    assert find(session, here, address) == Answer(Point(*point), Precision.HOUSE)


@pytest.mark.parametrize(
    ("address", "point", "remark"),
    [
        ("Ahornallee 12, 10365", (13.5003, 52.5035), "Die Hausnummer steht nicht in der Adresstabelle"),
        ("Ahornallee, 10365 Berlin", (13.5002, 52.502), "Es ist keine Hausnummer angegeben"),
    ],
)
def test_finds_the_street(
    session: Session, here: Region, address: str, point: tuple[float, float], remark: str
) -> None:
    assert find(session, here, address) == Answer(Point(*point), Precision.STREET, remark)


def test_finds_the_middle_of_a_postcode(session: Session, here: Region) -> None:
    found = find(session, here, "Unbekannte Gasse 5, 10369 Berlin")
    assert (found.point, found.precision) == (Point(13.529, 52.519), Precision.POSTCODE)
    assert found.remark == "Die Straße steht nicht in der Adresstabelle; nur die Postleitzahl ist bekannt"


def test_takes_a_postcode_that_no_address_has_from_its_polygon(session: Session, here: Region) -> None:
    plz = make_division(session, here, slug="plz", resident_level=None)
    make_space(session, plz, "10999", box(13.40, 52.40, 13.42, 52.42))
    found = find(session, here, "Unbekannte Gasse 5, 10999 Berlin")
    assert (found.point, found.precision) == (Point(13.41, 52.41), Precision.POSTCODE)


def test_reads_a_misspelt_street_and_says_so(session: Session, here: Region) -> None:
    found = find(session, here, "Ribbnitzer Str. 1, 10367 Berlin")
    assert (found.point, found.precision) == (Point(13.52, 52.51), Precision.HOUSE)
    assert found.remark == "Straße gelesen als „Ribnitzer Straße“"


@pytest.mark.parametrize(
    "address",
    [
        "Straße 14 Nr. 3, 10369 Berlin",  # another number is another street
        "Ahornweg 1, 10365 Berlin",
        "Neue Ribnitzer Straße 1, 10367 Berlin",
        "Ribbnitzer Str. 1",  # misspelt, and nothing says where
    ],
)
def test_does_not_take_another_street_for_a_misspelt_one(
    session: Session, here: Region, address: str
) -> None:
    assert find(session, here, address).precision in (None, Precision.POSTCODE)


def test_passes_over_the_name_of_a_house(session: Session, here: Region) -> None:
    assert find(session, here, "Nachbarschaftshaus Ribnitzer Straße 1").point == Point(13.52, 52.51)


def test_does_not_choose_between_streets_of_one_name(session: Session, here: Region) -> None:
    found = find(session, here, "Dorfstraße 5, Berlin")
    assert found == Answer(remark="Diese Straße gibt es mehrmals; Postleitzahl oder Ort fehlen")


def test_a_wrong_postcode_nearby_is_forgiven_and_said(session: Session, here: Region) -> None:
    found = find(session, here, "Ahornallee 1, 10367 Berlin")
    assert (found.point, found.precision) == (Point(13.5, 52.5), Precision.HOUSE)
    assert found.remark == "Die Postleitzahl ist nach der Adresstabelle eine andere"


@pytest.mark.parametrize(
    "address",
    [
        "Ahornallee 1, 10318 Berlin",  # the postcode is known, far away
        "Ahornallee 1, 80331 München",
        "Ahornallee 1, München",
        "Postfach 7",
    ],
)
def test_finds_nothing_where_the_address_is_not_of_here(session: Session, here: Region, address: str) -> None:
    assert find(session, here, address).point is None


def test_many_addresses_take_no_more_statements_than_one(session: Session, here: Region) -> None:
    many = [parse(f"Ahornallee {number}", "10365") for number in range(1, 1_001)]
    answers = lookup.find(session, here.id, many)
    assert [str(answer.precision) for answer in answers].count("house") == 4
    assert all(answer.point for answer in answers)
