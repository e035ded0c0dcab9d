"""Divisions side by side, neighbours and overlaps."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.errors import InvalidInputError, NotFoundError
from api.regions.models import Region
from api.spaces import service
from tests import plans
from tests.factories import box, make_division, make_region, make_space


@pytest.fixture(autouse=True)
def _city(session: Session, region: Region) -> None:
    """Four quarters in a row, the first three in one district, and postcodes across their borders."""
    lor = make_division(session, region, valid_from_on=date(2020, 1, 1))
    district = make_space(session, lor, "1", box(13.0, 52.0, 13.3, 52.1), level=1, name="Nord")
    for number, name in enumerate(["Anger", "Bach", "Chaussee", "Dorf"]):
        west = 13.0 + 0.1 * number
        parent = district.id if number < 3 else None
        outline = box(west, 52.0, west + 0.1, 52.1)
        make_space(session, lor, f"10{number}", outline, name=name, slug=name.lower(), parent_id=parent)
    plz = make_division(session, region, slug="plz", name="PLZ", level_names=["PLZ"], resident_level=None)
    make_space(session, plz, "10365", box(13.0, 52.0, 13.15, 52.1), level=1)
    make_space(session, plz, "10367", box(13.15, 52.0, 13.4, 52.1), level=1)


def shares(session: Session, key: str) -> dict[str, float]:
    rows = session.execute(
        text(
            "SELECT b.key, share FROM space_overlap JOIN space a ON a.id = space_id"
            " JOIN space b ON b.id = other_id WHERE a.key = :key"
        ),
        {"key": key},
    )
    return {row[0]: round(row[1], 3) for row in rows}


def test_divisions_are_listed_with_their_levels(client: TestClient) -> None:
    lor, plz = client.get("/divisions").json()
    assert [(level["level"], level["name"], level["spaces"]) for level in lor["levels"]] == [
        (1, "Prognoseraum", 1),
        (2, "Bezirksregion", 4),
    ]
    assert (lor["resident_level"], lor["valid_from_on"]) == (2, "2020-01-01")
    assert (plz["slug"], plz["resident_level"]) == ("plz", None)


def test_residents_know_the_spaces_of_one_level(session: Session, region: Region) -> None:
    assert [space.name for space in service.resident_spaces(session, region)] == [
        "Anger",
        "Bach",
        "Chaussee",
        "Dorf",
    ]
    assert service.resident_space(session, region, "bach").key == "lor:101"


def test_a_space_of_another_level_has_no_page(session: Session, region: Region) -> None:
    with pytest.raises(NotFoundError):
        service.resident_space(session, region, "viertel-10365")


def test_neighbours_touch_and_are_of_the_same_level(session: Session, region: Region) -> None:
    assert [space.name for space in service.neighbours(session, region, "lor:101")] == ["Anger", "Chaussee"]
    assert service.neighbours(session, region, "lor:1") == []


def test_neighbours_are_found_from_the_index_on_outlines(session: Session, region: Region) -> None:
    plans.divide(session, make_division(session, region, slug="raster", resident_level=None), 30)
    asked = plans.plans(session, lambda: service.neighbours(session, region, "raster:55"))
    assert "ix_space_geom" in asked


def test_overlapping_spaces_belong_to_other_divisions(session: Session, region: Region) -> None:
    assert [space.key for space in service.overlapping(session, region, "lor:101")] == [
        "plz:10365",
        "plz:10367",
    ]
    assert [space.key for space in service.overlapping(session, region, "plz:10365")] == [
        "lor:1",
        "lor:100",
        "lor:101",
    ]


def test_shares_say_how_much_of_a_space_lies_in_another(session: Session) -> None:
    assert shares(session, "lor:101") == {"lor:1": 1, "lor:101": 1, "plz:10365": 0.5, "plz:10367": 0.5}
    assert shares(session, "plz:10365") == {
        "lor:1": 1,
        "lor:100": 0.667,
        "lor:101": 0.333,
        "plz:10365": 1,
    }


def test_neighbours_that_only_touch_do_not_overlap(session: Session) -> None:
    assert "lor:100" not in shares(session, "lor:101")


def test_a_sliver_is_no_overlap(session: Session, region: Region) -> None:
    kieze = make_division(session, region, slug="kiez", level_names=["Kiez"], resident_level=None)
    make_space(session, kieze, "a", box(13.0, 52.0, 13.1005, 52.1), level=1)
    assert "lor:101" not in shares(session, "kiez:a")
    make_space(session, kieze, "b", box(13.0, 52.0, 13.102, 52.1), level=1)
    assert "lor:101" in shares(session, "kiez:b")


def test_redrawing_a_space_measures_its_overlaps_anew(session: Session, region: Region) -> None:
    session.execute(
        text("UPDATE space SET geom = ST_GeomFromEWKT(:geom) WHERE key = 'plz:10365'"),
        {"geom": box(13.0, 52.0, 13.1, 52.1)},
    )
    assert shares(session, "lor:101") == {"lor:1": 1, "lor:101": 1, "plz:10367": 0.5}
    assert shares(session, "plz:10365") == {"lor:1": 1, "lor:100": 1, "plz:10365": 1}


def test_spaces_of_another_region_are_unknown_and_measured_apart(session: Session, region: Region) -> None:
    elsewhere = make_region(session, is_default=False)
    make_space(session, make_division(session, elsewhere), "999", box(13.0, 52.0, 13.4, 52.1))
    assert shares(session, "lor:999") == {"lor:999": 1}
    with pytest.raises(InvalidInputError):
        service.by_keys(session, region, ["lor:999"])


def test_an_unknown_key_is_named(session: Session, region: Region) -> None:
    with pytest.raises(InvalidInputError) as caught:
        service.by_keys(session, region, ["lor:101", "lor:000"])
    assert caught.value.errors[0].field == "space"
    assert "lor:000" in caught.value.errors[0].detail


def test_keys_of_spaces_that_are_gone_are_passed_over(session: Session, region: Region) -> None:
    assert [space.key for space in service.known(session, region, ["lor:101", "lor:gone"])] == ["lor:101"]
