"""Points and boxes as parameters say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from api.core.geo import BBox, BBoxText, LonLat, LonLatText, box, point

LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


def test_longitude_comes_before_latitude() -> None:
    assert point("13.47,52.53") == LonLat(13.47, 52.53)
    assert box("13.4,52.5,13.5,52.6") == BBox(13.4, 52.5, 13.5, 52.6)


@pytest.mark.parametrize(
    "said",
    ["", ",", "13.47", "13.47,52.53,1", "a,b", "nan,52", "13,nan", "inf,52", "1e999,0", "0,90.1", "181,0"],
)
def test_refuses_what_is_no_point_on_earth(said: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        point(said)


@pytest.mark.parametrize("said", ["", "1,2,3", "1,2,3,4,5", "nan,0,1,1", "0,0,inf,1", "2,0,1,1", "0,2,1,1"])
def test_refuses_what_is_no_box_on_earth(said: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        box(said)


@given(LON, LAT)
def test_a_point_comes_back_from_its_text_to_the_centimetre(lon: float, lat: float) -> None:
    text = TypeAdapter(LonLatText).dump_python(LonLat(lon, lat))
    assert point(text) == LonLat(lon, lat)


@given(LON, LAT, LON, LAT)
def test_a_box_comes_back_from_its_text(a: float, b: float, c: float, d: float) -> None:
    wanted = BBox(min(a, c), min(b, d), max(a, c), max(b, d))
    assert box(TypeAdapter(BBoxText).dump_python(wanted)) == wanted


def test_a_short_number_stays_short() -> None:
    assert TypeAdapter(LonLatText).dump_python(LonLat(13.0, 52.5)) == "13,52.5"
