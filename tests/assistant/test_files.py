"""Where in a file the list stands, and coordinates that formats bring along."""

import json
from pathlib import Path

import pytest
from sqlmodel import Session

from api.regions.models import Region
from importers import readers
from importers.assistant.guess import draft
from importers.readers.apart import LARGE
from tests.importers.hostile import files

Town = tuple[Session, Region]
PLACES = [(13.48 + place / 200, 52.50 + place / 300) for place in range(8)]


def lines(*cells: tuple[str, str]) -> str:
    """Rows of a sheet in OpenDocument."""
    one = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    said = ("".join(map(one.format, line)) for line in cells)
    return "".join(f"<table:table-row>{line}</table:table-row>" for line in said)


def collection(path: Path, points: list[tuple[float, float]], **more: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"Name": f"Treff {number}", **more},
            "geometry": {"type": "Point", "coordinates": point},
        }
        for number, point in enumerate(points)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_of_several_sheets_the_fullest_is_taken_and_the_others_named(town: Town, tmp_path: Path) -> None:
    short = lines(("Stand", "März"), ("Quelle", "Amt"))
    long = lines(("Name", "PLZ"), *((f"Treff {number}", f"1031{number}") for number in range(6)))
    path = tmp_path / "a.ods"
    path.write_bytes(files.open_document(f'{short}</table:table><table:table table:name="Zweites">{long}'))
    guess = draft(town[0], path, town[1])
    assert (guess.mapping.file.sheet, guess.rows) == (2, 6)
    assert "Auch auf anderen Blättern steht etwas (Blatt 1). Es wird nicht gelesen." in guess.warnings
    assert draft(town[0], path, town[1], table={"sheet": 2}).mapping.fields == guess.mapping.fields


def test_of_several_layers_the_fullest_is_taken_and_the_others_named(town: Town, tmp_path: Path) -> None:
    both = files.written("orte.shp", driver="ESRI Shapefile") | files.written(
        "wege.shp", driver="ESRI Shapefile"
    )
    path = tmp_path / "a.zip"
    path.write_bytes(files.archive({f"daten/{name}": said for name, said in both.items()}))
    guess = draft(town[0], path, town[1])
    assert (guess.mapping.file.object, guess.rows) == ("orte", 2)
    assert "Die Datei hat noch andere Layer: „wege“. Sie werden nicht gelesen." in guess.warnings


def test_swapped_axes_of_a_map_are_mended(town: Town, tmp_path: Path) -> None:
    path = collection(tmp_path / "a.geojson", [(y, x) for x, y in PLACES])
    guess = draft(town[0], path, town[1])
    assert (guess.mapping.file.points, guess.mapping.file.axes) == (["lon", "lat"], "swapped")
    rows = readers.read(path, guess.mapping.file)
    assert [(row.values["lon"], row.values["lat"]) for row in rows] == PLACES


def test_metres_in_a_map_without_a_system_are_mended(town: Town, tmp_path: Path) -> None:
    path = collection(tmp_path / "a.geojson", [(397_000 + step * 100, 5_818_000) for step in range(8)])
    guess = draft(town[0], path, town[1])
    assert guess.mapping.file.crs == "EPSG:25833"
    (first, *_) = readers.read(path, guess.mapping.file)
    assert (first.values["lon"], first.values["lat"]) == pytest.approx((13.4826, 52.5024), abs=1e-3)


def test_shapes_that_are_no_points_say_so(town: Town, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[13.5, 52.5], [13.6, 52.5]]}
    feature = {"type": "Feature", "properties": {"Name": "Weg"}, "geometry": line}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    unused = {one.column: one.reason for one in draft(town[0], path, town[1]).unused}
    assert unused["geometry"] == "Fläche oder Linie, kein Punkt"


@pytest.mark.proof
def test_the_list_in_a_large_document_is_found(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    rows = [{"id": number, "name": f"Treff {number}", "text": "x" * 1000} for number in range(LARGE // 1000)]
    path.write_text(json.dumps({"leer": [], "angebote": rows}))
    guess = draft(town[0], path, town[1])
    assert (guess.mapping.file.records, guess.is_sample) == ("angebote", True)
    assert any("die Vermutungen beruhen auf den ersten" in warning for warning in guess.warnings)


def test_what_a_source_has_cancelled_is_left_out(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name;status\nEins;active\nZwei;CANCELLED\n")
    (skip,) = draft(town[0], path, town[1]).mapping.skip
    assert (skip.column, skip.equals) == ("status", ["CANCELLED"])
