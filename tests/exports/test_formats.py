"""Each format as other programs read it: calamine, GDAL, Python's own parsers."""

import csv
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from api.exports import kml, xlsx
from api.exports.cells import as_text
from api.exports.columns import COLUMNS, HEADERS, LAT, LON, Row
from api.exports.formats import FORMATS, Ending
from tests.exports import files
from tests.exports.files import AWKWARD

BLANK: dict[str, Any] = dict.fromkeys(HEADERS)


def row(number: int, **said: Any) -> Row:
    one = {
        **BLANK,
        "Schlüssel": f"A{number}-O1",
        "Angebot": f"A{number}",
        "Name": f"Angebot {number}",
        LON: 13.5,
        LAT: 52.25,
        "PLZ": "01067",
        "Alter von": 0,
        "Adresse verborgen": False,
        "Erfundenes Beispiel": True,
        "Zuletzt geprüft": date(2026, 3, 1),
        "Sprachen": ["de", "tr"],
        "Zeiten als Regeln": [{"first_date": "2026-03-02", "note": '"; =1'}],
    }
    assert said.keys() <= one.keys()
    return tuple((one | said).values())


ROWS = [
    row(1, Name="=1+1", Telefon="+49 30 123-45", Beschreibung="- Liste\n- mehr"),
    row(2, **{LON: None, LAT: None, "Name": "Ohne Punkt"}),
]


@pytest.mark.parametrize("ending", Ending)
def test_every_awkward_text_is_read_as_it_was(tmp_path: Path, ending: Ending) -> None:
    texts = [" ".join(text.split()) if ending is Ending.KML else text.strip() for text in AWKWARD]
    texts = [text.replace("\ufeff", "") for text in texts]
    if ending is Ending.ODS:  # in a cell it would be one more kind of blank
        texts = [text.replace("\t", " ") for text in texts]
    found = files.read(files.written(tmp_path, ending, [row(n, Beschreibung=t) for n, t in enumerate(texts)]))
    assert [one["Beschreibung"] for one in found] == texts


@pytest.mark.parametrize("ending", [Ending.XLSX, Ending.ODS])
def test_a_spreadsheet_has_texts_numbers_and_days_and_no_formula(tmp_path: Path, ending: Ending) -> None:
    path = files.written(tmp_path, ending, ROWS)
    book = CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["Angebote", "Hinweise"]
    header, first, _ = book.get_sheet_by_name("Angebote").to_python()
    said = dict(zip(header, first, strict=True))
    assert header == list(HEADERS)
    expected = {
        "Name": "=1+1",
        "Telefon": "+49 30 123-45",
        "PLZ": "01067",
        LON: 13.5,
        "Alter von": 0,
        "Zuletzt geprüft": date(2026, 3, 1),
        "Erfundenes Beispiel": "ja",
    }
    assert {name: said[name] for name in expected} == expected
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            content = archive.read(name).decode()
            assert not re.search(r"<f[ >]|table:formula|<!ENTITY|<!DOCTYPE", content)
            if name.endswith((".xml", ".rels")):
                ET.fromstring(content)


def test_an_ods_says_what_it_is_before_anything_else(tmp_path: Path) -> None:
    start = files.written(tmp_path, Ending.ODS, ROWS).read_bytes()[:100]
    # Stored, with its size, without anything between (OpenDocument 1.3 part 2, 3.3): as `file` looks for it.
    assert start[30:].startswith(b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet")
    assert start[6:10] == b"\0\0\0\0"


def test_a_cell_that_is_too_long_for_excel_says_so(tmp_path: Path) -> None:
    long = [{"note": "x" * xlsx.LONGEST}]
    path = files.written(tmp_path, Ending.XLSX, [row(1, **{"Zeiten als Regeln": long})])
    assert files.read(path)[0]["Zeiten als Regeln"] == xlsx.TOO_LONG


def test_a_csv_opens_in_a_german_spreadsheet(tmp_path: Path) -> None:
    path = files.written(tmp_path, Ending.CSV, ROWS)
    assert path.read_bytes().startswith(b'\xef\xbb\xbf"Schl')
    with path.open(encoding="utf-8-sig", newline="") as text:
        first, second = csv.DictReader(text, delimiter=";")
    assert (first[LON], first["Zuletzt geprüft"], first["Sprachen"]) == ("13,5", "2026-03-01", "de; tr")
    assert (first["Name"], first["Telefon"], first["Beschreibung"]) == (
        "'=1+1",
        "+49 30 123-45",
        "'- Liste\n'- mehr",
    )
    assert second[LON] == ""


def test_gdal_reads_geojson_with_its_types(tmp_path: Path) -> None:
    path = files.written(tmp_path, Ending.GEOJSON, ROWS)
    info = pyogrio.read_info(path)
    assert (info["features"], info["geometry_type"], info["crs"]) == (2, "Point", "EPSG:4326")
    document = json.loads(path.read_text())
    first, second = document["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [13.5, 52.25]}
    assert second["geometry"] is None
    assert first["properties"]["Sprachen"] == ["de", "tr"]
    assert (first["properties"]["Alter von"], first["properties"]["Beschreibung"]) == (0, "- Liste\n- mehr")
    assert "crs" not in document  # RFC 7946, 4


def test_gdal_reads_kml_with_its_layers(tmp_path: Path) -> None:
    path = files.written(tmp_path, Ending.KML, ROWS)
    assert [name for name, _ in pyogrio.list_layers(path)] == ["Angebote"]
    _, _, shapes, values = pyogrio.raw.read(path, columns=["Name", "Telefon", "PLZ"])
    assert [shape is not None for shape in shapes] == [True, False]
    assert ["=1+1" in column for column in (list(values[0]), list(values[1]))] == [True, False]
    text = path.read_text()
    assert re.findall(r"https?://[^\s<\"]+", text.replace(files.ORIGIN, "")) == [
        "http://www.opengis.net/kml/2.2"
    ]


def test_a_layer_has_no_more_entries_than_my_maps_takes(tmp_path: Path) -> None:
    path = files.written(tmp_path, Ending.KML, [row(n) for n in range(kml.IN_A_LAYER + 1)])
    layers = {name: pyogrio.read_info(path, layer=name)["features"] for name, _ in pyogrio.list_layers(path)}
    assert layers == {"Angebote": 2000, "Angebote, Teil 2": 1}


@pytest.mark.parametrize("ending", Ending)
def test_nothing_found_is_a_whole_file(tmp_path: Path, ending: Ending) -> None:
    path = files.written(tmp_path, ending, [])
    if ending is Ending.GEOJSON:
        assert json.loads(path.read_text())["features"] == []
    elif ending in {Ending.XLSX, Ending.ODS}:
        (header,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Angebote").to_python()
        assert header == list(HEADERS)
    elif ending is Ending.KML:
        ET.fromstring(path.read_text())
    else:
        assert path.read_text(encoding="utf-8-sig").count("\n") == 1


@pytest.mark.parametrize("ending", Ending)
def test_parts_go_out_before_all_rows_are_read(ending: Ending) -> None:
    taken = 0

    def many() -> Iterator[Row]:
        nonlocal taken
        for number in range(20_000):
            taken += 1
            yield row(number, Beschreibung=f"{number * 7919}" * 20)

    parts = FORMATS[ending].write(files.about(), many())
    assert next(parts)
    next(parts)
    assert taken < 10_000


def test_the_mappings_read_back_what_the_columns_say() -> None:
    for kind, points in (("tabelle", {}), ("karte", {"lon": "lon", "lat": "lat"})):
        told = tomllib.loads((files.MAPPINGS / f"landkarte-{kind}.toml").read_text())
        assert told["fields"] == {one.field: one.header for one in COLUMNS if one.field} | points


def test_headings_are_told_apart() -> None:
    assert len(set(HEADERS)) == len(HEADERS)
    assert as_text(None) == as_text(False) == ""
