"""Coordinates in any notation are read rightly, or declared unsure: never silently as another place."""

import csv
from collections.abc import Callable, Sequence
from math import cos, floor, radians
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlmodel import Session, col

from api.core.geo import LonLat
from api.regions.models import Region
from importers import outline, readers
from importers.assistant.draft import Draft, changed
from importers.assistant.guess import draft
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.points import number, pair
from importers.readers.row import Row

Points = list[tuple[float, float]]
Writer = Callable[[Session, Points], list[tuple[str, str]]]
TOLERANCE = 3.0  # metres: what the sign-posted accuracy of the old systems allows
UNSURE = {"gauss 4", "gauss 5", "gauss 5 east"}  # two systems share their numbers in the east


def transformed(session: Session, points: Points, srid: int) -> Points:
    """The points in another system, by PostGIS: another program than the one that reads them."""
    asked = text(
        "SELECT ST_X(p), ST_Y(p)"
        " FROM unnest(CAST(:x AS float[]), CAST(:y AS float[])) WITH ORDINALITY AS t(x, y, n),"
        " ST_Transform(ST_SetSRID(ST_MakePoint(x, y), 4326), CAST(:srid AS int)) AS p ORDER BY n"
    )
    found = session.execute(asked, {"x": [x for x, _ in points], "y": [y for _, y in points], "srid": srid})
    return [(x, y) for x, y in found]


def in_system(srid: int, *, swapped: bool = False, shape: str = "{:.2f}") -> Writer:
    def write(session: Session, points: Points) -> list[tuple[str, str]]:
        found = [(shape.format(x), shape.format(y)) for x, y in transformed(session, points, srid)]
        return [(y, x) for x, y in found] if swapped else found

    return write


def in_degrees(shape: Callable[[float], str], *, swapped: bool = False) -> Writer:
    def write(_session: Session, points: Points) -> list[tuple[str, str]]:
        return [(shape(y), shape(x)) if swapped else (shape(x), shape(y)) for x, y in points]

    return write


def as_minutes(value: float) -> str:
    degrees, minutes = floor(value), floor(value % 1 * 60)
    return f"{degrees}° {minutes:02}′ {(value % 1 * 60 - minutes) * 60:05.2f}″"


def german(value: float) -> str:
    return f"{value:.6f}".replace(".", ",")


WAYS: dict[str, Writer] = {
    "degrees": in_degrees("{:.6f}".format),
    "decimal comma": in_degrees(german),
    "minutes": in_degrees(as_minutes),
    "swapped degrees": in_degrees("{:.6f}".format, swapped=True),
    "swapped minutes": in_degrees(as_minutes, swapped=True),
    "no point": in_degrees(lambda value: f"{value:.6f}".replace(".", "")),
    "utm 32": in_system(25832),
    "utm 33": in_system(25833),
    "utm 33 swapped": in_system(25833, swapped=True),
    "utm 33 with its zone": in_system(5650),
    "utm 32 with its zone": in_system(4647),
    "gauss 4": in_system(31468),
    "gauss 5": in_system(31469),
    "gauss 5 east": in_system(2399),
    "soldner": in_system(3068),
    "soldner swapped": in_system(3068, swapped=True),
    "mercator": in_system(3857),
    "mercator swapped": in_system(3857, swapped=True),
    "utm 33 whole": in_system(25833, shape="{:.0f}"),
    "another county": lambda _session, points: [(f"{x - 6:.6f}", f"{y - 1:.6f}") for x, y in points],
}


def inside(session: Session, region: Region, count: int, seed: int) -> Points:
    """Random points that lie in the region."""
    random = Random(seed)
    found: Points = []
    while len(found) < count:
        some = [(random.uniform(13.44, 13.57), random.uniform(52.47, 52.59)) for _ in range(count * 2)]
        beyond = outline.outside(session, region.id, [LonLat(*point) for point in some])
        found += [point for position, point in enumerate(some) if position not in beyond]
    return [(round(x, 6), round(y, 6)) for x, y in found[:count]]


def listed(path: Path, cells: Sequence[tuple[str, ...]], header: tuple[str, ...] = ("X", "Y")) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nr", "Name", "Straße", *header])
        for position, said in enumerate(cells, start=1):
            writer.writerow([position, f"Treffpunkt {position}", f"Beispielweg {position}", *said])
    return path


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    wide = cos(radians(one[1])) * 111_320
    return float((((one[0] - other[0]) * wide) ** 2 + ((one[1] - other[1]) * 111_320) ** 2) ** 0.5)


def read(path: Path, guess: Draft) -> list[Row]:
    return readers.read(path, guess.mapping.file)


def places(path: Path, guess: Draft) -> list[tuple[float, float]]:
    """Where the rows are, as the import will take them."""
    lon, lat = (guess.mapping.columns_of(field)[0] for field in ("lon", "lat"))
    found = [(number(row.values[lon]), number(row.values[lat])) for row in read(path, guess)]
    return [(x, y) for x, y in found if x is not None and y is not None]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(way=st.sampled_from(sorted(WAYS)), seed=st.integers(0, 10_000), count=st.integers(1, 12))
def test_places_are_read_rightly_or_not_at_all(
    way: str, seed: int, count: int, town: tuple[Session, Region], tmp_path: Path
) -> None:
    session, region = town
    points = inside(session, region, count, seed)
    path = listed(tmp_path / "liste.csv", WAYS[way](session, points))
    guess = draft(session, path, region)
    if way == "another county":
        assert "lon" not in guess.mapping.fields or guess.by_field["lon"].certainty == "unsicher"
        assert any("liegen nicht in der Region" in warning for warning in guess.warnings)
    elif "lon" in guess.mapping.fields:
        assert way not in UNSURE
        assert all(metres(*both) < TOLERANCE for both in zip(places(path, guess), points, strict=True))
    else:
        assert any("Koordinaten" in warning for warning in guess.warnings)


@pytest.mark.parametrize("way", sorted(WAYS.keys() - {"no point", "another county"}))
def test_a_dozen_points_are_enough_to_be_certain(
    way: str, town: tuple[Session, Region], tmp_path: Path
) -> None:
    session, region = town
    points = inside(session, region, 12, 7)
    path = listed(tmp_path / "liste.csv", WAYS[way](session, points))
    guess = draft(session, path, region)
    if way not in UNSURE:
        assert all(metres(*both) < TOLERANCE for both in zip(places(path, guess), points, strict=True))
        return
    assert "lon" not in guess.mapping.fields
    offered = [
        changed(guess, {"lon": ["lon"], "lat": ["lat"]}, file=proposal.file) for proposal in guess.proposals
    ]
    found = [places(path, one) for one in offered]
    assert len(found) == 2
    assert any(all(metres(*both) < TOLERANCE for both in zip(some, points, strict=True)) for some in found)


@pytest.mark.parametrize("srid", [31466, 31467, 25832])
def test_old_numbers_of_the_west_are_certain(srid: int, loaded: Engine, tmp_path: Path) -> None:
    with Session(loaded) as session:
        region = session.scalars(select(Region).where(col(Region.slug) == "westfalen")).one()
        points = [(7.4 + place / 40, 51.5 + place / 50) for place in range(12)]
        path = listed(tmp_path / "liste.csv", in_system(srid)(session, points))
        guess = draft(session, path, region)
    assert guess.mapping.file.crs == f"EPSG:{srid}"
    assert all(metres(*both) < TOLERANCE for both in zip(places(path, guess), points, strict=True))


def test_numbers_without_their_point_are_named(town: tuple[Session, Region], tmp_path: Path) -> None:
    session, region = town
    path = listed(tmp_path / "liste.csv", WAYS["no point"](session, inside(session, region, 12, 7)))
    guess = draft(session, path, region)
    assert "lon" not in guess.mapping.fields
    assert any("fehlt das Komma" in warning for warning in guess.warnings)


def test_zeros_are_named_and_their_rows_kept(town: tuple[Session, Region], tmp_path: Path) -> None:
    session, region = town
    cells = WAYS["utm 33"](session, inside(session, region, 12, 7))
    cells[3] = ("0", "0")
    path = listed(tmp_path / "liste.csv", cells)
    guess = draft(session, path, region)
    assert any(warning.startswith("Zeile 5: 0/0") for warning in guess.warnings)
    assert (read(path, guess)[3].values["lon"], len(read(path, guess))) == (0.0, 12)


def test_single_swapped_rows_are_named_and_mended(town: tuple[Session, Region], tmp_path: Path) -> None:
    session, region = town
    points = inside(session, region, 30, 7)
    cells = WAYS["degrees"](session, points)
    cells[4] = (cells[4][1], cells[4][0])
    path = listed(tmp_path / "liste.csv", cells)
    guess = draft(session, path, region)
    assert guess.mapping.file.axes == "mixed"
    assert any(warning.startswith("Zeile 6: Länge und Breite sind vertauscht") for warning in guess.warnings)
    assert all(metres(*both) < TOLERANCE for both in zip(places(path, guess), points, strict=True))


def test_swapped_rows_elsewhere_are_named_and_left(town: tuple[Session, Region], tmp_path: Path) -> None:
    session, region = town
    cells = WAYS["degrees"](session, inside(session, region, 30, 7))
    cells[4] = ("48.1", "11.5")
    guess = draft(session, listed(tmp_path / "liste.csv", cells), region)
    assert guess.mapping.file.axes is None
    assert any("wohl vertauscht" in warning for warning in guess.warnings)


@pytest.mark.parametrize(
    "shape", ["{y:.6f}, {x:.6f}", "{x:.6f};{y:.6f}", "POINT ({x:.6f} {y:.6f})", "{y:.5f} {x:.5f}"]
)
def test_both_coordinates_may_stand_in_one_column(
    shape: str, town: tuple[Session, Region], tmp_path: Path
) -> None:
    session, region = town
    points = inside(session, region, 12, 7)
    cells = [(shape.format(x=x, y=y),) for x, y in points]
    path = listed(tmp_path / "liste.csv", cells, ("Koordinaten",))
    guess = draft(session, path, region)
    assert all(metres(*both) < TOLERANCE for both in zip(places(path, guess), points, strict=True))


def test_a_list_that_reaches_beyond_the_region_is_asked_about(
    town: tuple[Session, Region], tmp_path: Path
) -> None:
    session, region = town
    points = [*inside(session, region, 5, 7), *((13.1 + place / 50, 52.4) for place in range(15))]
    guess = draft(session, listed(tmp_path / "liste.csv", WAYS["utm 33"](session, points)), region)
    assert "lon" not in guess.mapping.fields
    assert [proposal.file["crs"] for proposal in guess.proposals] == ["EPSG:25833"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("13,4", 13.4), ("392.345,12", 392345.12), ("5 819 123.4", 5819123.4), ("52° 30′ 36″ N", 52.51),
        ("13° 24' 0'' W", -13.4), ("1.234.567", 1234567.0), (13, 13.0), ("", None), ("Nord", None),
        (True, None),
    ],
)  # fmt: skip
def test_a_number_is_read_in_any_notation(cell: Any, value: float | None) -> None:
    assert number(cell) == pytest.approx(value)


def test_thousands_with_points_are_metres_where_metres_are_meant() -> None:
    assert pair(["392.345", "5.819.123"], in_metres=True) == (392345, 5819123)


def test_what_cannot_be_turned_stays_as_it_was_written(tmp_path: Path) -> None:
    path = listed(tmp_path / "liste.csv", [("392000", "5819000"), ("unbekannt", ""), ("1", "1e30")])
    rows = readers.read(path, FileTable(key=["Nr"], points=["X", "Y"], crs="EPSG:25833"))
    assert (rows[0].values["lon"], rows[0].values["X"]) == (pytest.approx(13.4086, abs=1e-4), "392000")
    assert [(row.values["lon"], row.values["lat"]) for row in rows[1:]] == [("unbekannt", ""), ("1", "1e30")]


def test_a_column_of_points_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = listed(tmp_path / "liste.csv", [("1", "2")])
    with pytest.raises(UnusableError, match="die Spalte „Z“ gibt es in der Datei nicht"):
        readers.read(path, FileTable(key=["Nr"], points=["X", "Z"]))
