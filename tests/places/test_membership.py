"""Which spaces a place lies in: kept true by the database."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlmodel import Session, col

from api.places import service
from api.places.models import PlaceSpace
from api.regions.models import Region
from api.spaces.models import Space
from tests.factories import act, box, make_division, make_place, make_region, make_space


def keys(session: Session, place_id: int) -> list[str]:
    stmt = (
        select(col(Space.key))
        .join(PlaceSpace, col(PlaceSpace.space_id) == col(Space.id))
        .where(col(PlaceSpace.place_id) == place_id)
        .order_by(col(Space.key))
    )
    return list(session.scalars(stmt))


@pytest.fixture
def quarters(session: Session, region: Region) -> dict[str, Space]:
    """Two quarters side by side in one district, and a postcode area across both."""
    lor = make_division(session, region)
    north = make_space(session, lor, "1", box(13.0, 52.0, 13.4, 52.2), level=1)
    west = make_space(session, lor, "101", box(13.0, 52.0, 13.2, 52.2), parent_id=north.id)
    east = make_space(session, lor, "102", box(13.2, 52.0, 13.4, 52.2), parent_id=north.id)
    plz = make_division(
        session, region, slug="plz", name="Postleitzahlen", level_names=["PLZ"], resident_level=None
    )
    across = make_space(session, plz, "10369", box(13.1, 52.0, 13.3, 52.2), level=1)
    return {"north": north, "west": west, "east": east, "across": across}


def test_place_lies_in_one_space_of_each_division_and_level(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, region, 13.15, 52.1)
    assert keys(session, place.id) == ["lor:1", "lor:101", "plz:10369"]


def test_moving_a_place_over_a_border_moves_its_membership(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, region, 13.15, 52.1)
    service.change(session, act(region), place, {"lon": 13.35})
    assert keys(session, place.id) == ["lor:1", "lor:102"]


def test_redrawing_a_polygon_moves_the_places_in_it(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, region, 13.15, 52.1)
    quarters["west"].geom = box(13.0, 52.0, 13.1, 52.2)
    quarters["east"].geom = box(13.1, 52.0, 13.4, 52.2)
    session.flush()
    assert keys(session, place.id) == ["lor:1", "lor:102", "plz:10369"]


def test_a_point_on_a_border_belongs_to_exactly_one_space_of_each_level(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, region, 13.2, 52.1)
    assert keys(session, place.id) == ["lor:1", "lor:101", "plz:10369"]


def test_a_place_outside_the_finest_level_still_lies_in_the_coarser_one(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    quarters["east"].geom = box(13.3, 52.0, 13.4, 52.2)
    session.flush()
    place = make_place(session, region, 13.25, 52.1)
    assert keys(session, place.id) == ["lor:1", "plz:10369"]


def test_removing_a_space_leaves_its_places_in_the_parent(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, region, 13.35, 52.1)
    session.delete(quarters["east"])
    session.flush()
    assert keys(session, place.id) == ["lor:1"]


def test_a_hidden_address_lies_in_no_space(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, region, 13.15, 52.1)
    service.change(session, act(region), place, {"address_hidden": True})
    assert keys(session, place.id) == []


def test_the_spaces_of_another_region_do_not_count(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    place = make_place(session, make_region(session, is_default=False), 13.15, 52.1)
    assert keys(session, place.id) == []


def test_overlaps_are_measured_as_shares_of_area(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    share = session.execute(
        text("SELECT share FROM space_overlap WHERE space_id = :a AND other_id = :b"),
        {"a": quarters["west"].id, "b": quarters["across"].id},
    ).scalar_one()
    assert share == pytest.approx(0.5, abs=0.001)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lon=st.sampled_from([13.0, 13.1, 13.15, 13.2, 13.3, 13.4]) | st.floats(12.9, 13.5),
    lat=st.sampled_from([52.0, 52.1, 52.2]) | st.floats(51.9, 52.3),
)
def test_membership_is_what_the_geometry_says(
    session: Session, region: Region, lon: float, lat: float
) -> None:
    with session.begin_nested() as savepoint:
        division = make_division(session, region)
        names = {}
        for x in range(2):
            for y in range(2):
                code = f"{x}{y}"
                west, south = 13.0 + 0.2 * x, 52.0 + 0.1 * y
                names[code] = make_space(session, division, code, box(west, south, west + 0.2, south + 0.1))
        place = make_place(session, region, lon, lat)
        covering = session.scalars(
            select(col(Space.key))
            .where(func.ST_Covers(col(Space.geom), func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)))
            .where(col(Space.division_id) == division.id)
            .order_by(col(Space.code))
        ).all()
        assert keys(session, place.id) == list(covering[:1])
        savepoint.rollback()


def test_the_levels_above_follow_the_parents_even_where_their_outlines_disagree(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    quarters["north"].geom = box(13.0, 52.0, 13.3, 52.2)  # drawn too small: leaves out half of the east
    session.flush()
    place = make_place(session, region, 13.35, 52.1)
    assert keys(session, place.id) == ["lor:1", "lor:102"]


def test_giving_a_district_another_place_in_the_tree_reaches_all_places_below(
    session: Session, region: Region, quarters: dict[str, Space]
) -> None:
    quarters["north"].geom = box(13.0, 52.0, 13.3, 52.2)
    session.flush()
    place = make_place(session, region, 13.35, 52.1)
    quarters["north"].level = 3
    session.flush()
    levels = session.scalars(select(col(PlaceSpace.level)).where(col(PlaceSpace.place_id) == place.id)).all()
    assert sorted(levels) == [2, 3]
