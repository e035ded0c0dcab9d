"""Points on the map, against address, postcode and outline; and nothing at all about what is hidden."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from api.curation import service as curation
from api.curation import sheet
from api.doubts import service
from api.doubts.models import Kind, State
from api.regions.models import Region
from importers.checking.run import again
from tests.curation.sheets import by, place
from tests.doubts.doubtful import found, kinds, look, looked, rows, sound
from tests.factories import box, make_division, make_space
from tests.geocoding.sample import load_town
from tests.shelter import LAT, LON, POSTCODE, STREET, TOWN


@pytest.fixture
def town(session: Session, here: Region, tmp_path: Path) -> Region:
    """A region of one square with two postcodes and the table of its addresses."""
    here.slug = "hier"
    division = make_division(
        session, here, slug="plz", name="Postleitzahlen", level_names=["PLZ"], resident_level=1
    )
    make_space(session, division, "10365", box(13.4, 52.4, 13.515, 52.6), level=1)
    make_space(session, division, "10367", box(13.515, 52.4, 13.7, 52.6), level=1)
    load_town(session, tmp_path, here)
    return here


def spot(
    lon: float | None, lat: float | None, street: str = "Ahornallee 1", **changes: Any
) -> dict[str, Any]:
    point = None if lon is None else {"lon": lon, "lat": lat, "precision": None}
    return place(street=street, postcode="10365", town="Berlin", **{"point": point, **changes})


def test_a_point_at_its_house_is_no_doubt(session: Session, town: Region) -> None:
    sound(session, town, places={"new-1": spot(13.501, 52.5005)})
    assert looked(session, town) == {}


def test_a_point_far_from_its_house_is_asked_about_and_the_house_proposed(
    session: Session, town: Region
) -> None:
    sound(session, town, places={"new-1": spot(13.5, 52.51)})
    line = looked(session, town)[Kind.POINT_ADDRESS]
    assert line.proposed == {line.path: {"lon": 13.5, "lat": 52.5, "precision": "house"}}
    assert line.path.endswith("/point")
    assert "1,1 km" in line.sentence
    assert len(kinds(session, town)) == 1


def test_a_point_beyond_the_border_is_asked_about(session: Session, town: Region) -> None:
    sound(session, town, places={"new-1": spot(9.9, 53.5, street="Unbekannte Gasse 3")})
    assert list(looked(session, town)) == [Kind.POINT_OUTSIDE]


def test_a_place_without_a_point_is_asked_about_with_what_the_table_knows(
    session: Session, town: Region
) -> None:
    sound(session, town, places={"new-1": spot(None, None)})
    line = looked(session, town)[Kind.POINT_MISSING]
    assert line.proposed == {line.path: {"lon": 13.5, "lat": 52.5, "precision": "house"}}


def test_a_point_in_the_area_of_another_postcode_is_asked_about(session: Session, town: Region) -> None:
    sound(session, town, places={"new-1": spot(13.55, 52.5, street="Unbekannte Gasse 3")})
    line = looked(session, town)[Kind.POINT_POSTCODE]
    assert (line.path.endswith("/postcode"), line.proposed) == (True, {})


def test_close_to_the_border_of_two_postcodes_nothing_is_asked(session: Session, town: Region) -> None:
    sound(session, town, places={"new-1": spot(13.516, 52.5, street="Unbekannte Gasse 3")})
    assert looked(session, town) == {}


def test_where_the_house_is_right_the_postcode_is_proposed(session: Session, town: Region) -> None:
    sound(session, town, places={"new-1": spot(13.52, 52.51, street="Ribnitzer Straße 1")})
    line = looked(session, town)[Kind.POINT_POSTCODE]
    assert line.proposed == {line.path: "10367"}


def test_without_table_and_spaces_only_missing_points_are_asked_about(session: Session, here: Region) -> None:
    sound(session, here, places={"new-1": spot(2.0, 48.0), "new-2": spot(None, None, street="Weg 9")})
    assert list(looked(session, here)) == [Kind.POINT_MISSING]


def test_under_one_roof_each_offer_is_asked_as_each_is_corrected_alone(
    session: Session, town: Region
) -> None:
    far = {"new-1": spot(13.5, 52.51)}
    offers = [sound(session, town, places=far), sound(session, town, name="Zweites", places=far)]
    look(session, town)
    assert [line.offer_id for line in found(session, town)] == [offer.id for offer in offers]
    for line in found(session, town):
        changes = service.changes(line, sheet.of_offer(session, town.id, line.offer_id))
        curation.change_at_once(session, by(town), line.offer_id, changes)
        again(session, town, [line.offer_id])
        assert line.offer_id not in {left.offer_id for left in found(session, town)}
    assert found(session, town) == []


def test_nothing_is_said_of_a_hidden_address(session: Session, town: Region) -> None:
    shelter = spot(LON, LAT, street=STREET, address_hidden=True) | {"postcode": POSTCODE, "town": TOWN}
    sound(session, town, places={"new-1": shelter})
    sound(session, town, places={"new-1": spot(None, None, street="Gasse 1", address_hidden=True)})
    assert looked(session, town) == {}
    assert rows(session) == []


def test_whoever_hides_an_address_takes_its_doubts_along(session: Session, town: Region) -> None:
    offer = sound(session, town, places={"new-1": spot(13.5, 52.51)}, summary="")
    line = looked(session, town)[Kind.POINT_ADDRESS]
    path = line.path.replace("point", "address_hidden")
    hidden = {path: {"old": False, "new": True}}
    curation.change_at_once(session, by(town), offer.id, hidden)
    session.flush()
    said = json.dumps(rows(session), default=lambda _time: "")  # no time of day looks like a place
    assert "52.5" not in said
    assert kinds(session, town) == [Kind.SUMMARY_MISSING]


def test_what_is_settled_keeps_no_point(session: Session, town: Region) -> None:
    offer = sound(session, town, places={"new-1": spot(13.5, 52.51)})
    line = looked(session, town)[Kind.POINT_ADDRESS]
    changes = service.changes(line, sheet.of_offer(session, town.id, offer.id))
    curation.change_at_once(session, by(town), offer.id, changes)
    look(session, town)
    (row,) = rows(session)
    assert (row["state"], row["proposed"]) == (State.SETTLED, {})
