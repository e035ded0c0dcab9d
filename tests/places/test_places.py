"""Places: one house is one place, whatever list it comes from."""

from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session

from api.places import service
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.regions.models import Region
from tests.factories import act, make_region

HOUSE = {
    "name": "Nachbarschaftshaus",
    "street": "Straße der Beispiele 5",
    "postcode": "10369",
    "town": "Berlin",
    "lon": 13.5,
    "lat": 52.5,
}


def enter(session: Session, region: Region, **changes: Any) -> Place:
    return service.at_address(session, act(region), PlaceIn(**{**HOUSE, **changes}))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"street": "strasse der Beispiele  5"},
        {"street": "Str. der Beispiele 5"},
        {"name": "NACHBARSCHAFTSHAUS"},
        {"lon": 13.5002},  # about 14 metres away
    ],
)
def test_the_same_house_is_one_place(session: Session, region: Region, changes: dict[str, Any]) -> None:
    assert enter(session, region).id == enter(session, region, **changes).id


@pytest.mark.parametrize(
    "changes",
    [
        {"street": "Straße der Beispiele 6"},
        {"name": "Turnhalle"},
        {"postcode": "10365"},
        {"town": "Unna"},
        {"lon": 13.502},  # about 135 metres away
        {"lon": None, "lat": None},
        {"wheelchair": "yes"},
        {"address_hidden": True},
    ],
)
def test_another_house_is_another_place(session: Session, region: Region, changes: dict[str, Any]) -> None:
    assert enter(session, region).id != enter(session, region, **changes).id


def test_nothing_says_that_two_unknown_addresses_are_one(session: Session, region: Region) -> None:
    nowhere: dict[str, Any] = {"street": None, "postcode": None, "lon": None, "lat": None}
    assert enter(session, region, **nowhere).id != enter(session, region, **nowhere).id


def test_another_region_has_places_of_its_own(session: Session, region: Region) -> None:
    elsewhere = make_region(session, is_default=False)
    assert enter(session, region).id != enter(session, elsewhere).id


@pytest.mark.parametrize(
    "changes",
    [
        {"lon": None},
        {"lat": None},
        {"lon": 181},
        {"lat": -91},
        {"lon": float("nan")},
        {"postcode": "1036"},
        {"postcode": "103690"},
        {"wheelchair": "maybe"},
        {"name": "x" * 201},
    ],
)
def test_refuses_what_cannot_be_a_place(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PlaceIn(**{**HOUSE, **changes})


def test_a_change_is_checked_like_a_new_place(session: Session, region: Region) -> None:
    place = enter(session, region)
    with pytest.raises(ValidationError):
        service.change(session, act(region), place, {"lon": None})
    assert service.change(session, act(region), place, {"lon": 13.6, "town": "Berlin"}) == ["lon"]
