"""Spatial questions about places: the right answer, and from an index."""

from sqlalchemy import text
from sqlmodel import Session

from api.core.geo import BBox, LonLat
from api.places import queries, service
from api.places.schemas import PlaceIn
from api.regions.models import Region
from tests.factories import act, box, make_division, make_place, make_space
from tests.plans import plan_inside, plans

Crowd = tuple[Session, Region]


def any_space(session: Session) -> int:
    return int(session.execute(text("SELECT max(id) FROM space")).scalar_one())


def test_near_finds_places_within_metres(session: Session, region: Region) -> None:
    close = make_place(session, region, 13.5, 52.5)
    make_place(session, region, 13.5, 52.51)  # about 1 113 metres to the north
    make_place(session, region)
    assert session.scalars(queries.near(LonLat(13.5, 52.5), 1000)).all() == [close.id]
    assert len(session.scalars(queries.near(LonLat(13.5, 52.5), 1200)).all()) == 2


def test_near_is_answered_from_the_index_on_geography(crowd: Crowd) -> None:
    session, _region = crowd
    near = queries.near(LonLat(13.5, 52.5), 1000)
    assert "ix_place_geography" in plans(session, lambda: session.execute(near))


def test_a_box_finds_places_inside_it_and_on_its_border(session: Session, region: Region) -> None:
    inside, border = make_place(session, region, 13.5, 52.5), make_place(session, region, 13.6, 52.6)
    make_place(session, region, 13.7, 52.5)
    found = session.scalars(queries.in_box(BBox(13.4, 52.4, 13.6, 52.6)))
    assert sorted(found) == sorted([inside.id, border.id])


def test_a_box_is_answered_from_the_index_on_geometry(crowd: Crowd) -> None:
    session, _region = crowd
    in_box = queries.in_box(BBox(13.4, 52.4, 13.45, 52.45))
    assert "ix_place_geom" in plans(session, lambda: session.execute(in_box))


def test_places_in_spaces_are_found(session: Session, region: Region) -> None:
    division = make_division(session, region)
    west = make_space(session, division, "1", box(13.0, 52.0, 13.5, 53.0))
    make_space(session, division, "2", box(13.5, 52.0, 14.0, 53.0))
    place = make_place(session, region, 13.2, 52.5)
    make_place(session, region, 13.7, 52.5)
    assert session.scalars(queries.in_spaces([west.id])).all() == [place.id]


def test_places_in_spaces_are_found_from_an_index(crowd: Crowd) -> None:
    session, _region = crowd
    in_space = queries.in_spaces([any_space(session)])
    assert "ix_place_space_space" in plans(session, lambda: session.execute(in_space))


def test_the_spaces_at_a_point_are_found(session: Session, region: Region) -> None:
    division = make_division(session, region)
    space = make_space(session, division, "1", box(13.0, 52.0, 13.5, 53.0))
    stmt = text("SELECT space_id FROM spaces_at(:region, ST_SetSRID(ST_MakePoint(:lon, 52.5), 4326))")
    assert session.scalars(stmt, {"region": region.id, "lon": 13.2}).all() == [space.id]
    assert session.scalars(stmt, {"region": region.id, "lon": 13.7}).all() == []


def test_the_spaces_at_a_point_are_found_from_the_index_on_outlines(crowd: Crowd) -> None:
    session, region = crowd
    point = "ST_SetSRID(ST_MakePoint(13.25, 52.25), 4326)"
    assert "ix_space_geom" in plan_inside(session, "spaces_at", region=str(region.id), point=point)


def test_the_places_in_a_new_space_are_found_from_the_index_on_points(crowd: Crowd) -> None:
    session, region = crowd
    new = f"(SELECT * FROM space WHERE id = {any_space(session)})"
    inside = plan_inside(session, "spaces_redrawn", 3, changed=new, regions=f"ARRAY[{region.id}]::bigint[]")
    assert "ix_place_geom" in inside


def test_overlaps_are_measured_from_the_index_on_outlines(crowd: Crowd) -> None:
    session, _region = crowd
    one = f"ARRAY[{any_space(session)}]::bigint[]"
    assert "ix_space_geom" in plan_inside(session, "measure_overlaps", 1, spaces=one)


def test_the_same_house_is_found_from_the_index_on_geography(crowd: Crowd) -> None:
    session, region = crowd
    wanted = PlaceIn(street="Weg 7", lon=13.5, lat=52.5)
    with session.begin_nested() as savepoint:
        asked = plans(session, lambda: service.at_address(session, act(region), wanted))
        savepoint.rollback()
    assert "ix_place_geography" in asked
