"""Files of every format become numbered rows; whatever cannot be used is named."""

import json
from pathlib import Path
from typing import get_args

import pytest

from importers import readers
from importers.errors import UnusableError
from importers.file_table import FileTable, Format
from importers.readers import apart
from importers.readers.kinds import ENDINGS

ROWS = [{"id": "1", "name": "Café Größe"}, {"id": "2", "name": "Zweite"}]


def read(path: Path, **table: object) -> list[readers.Row]:
    return readers.read(path, FileTable.model_validate({"key": ["id"], **table}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_detects_encoding_and_delimiter_of_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(f"id{delimiter}name\n1{delimiter}Café Größe\n2{delimiter}Zweite\n", encoding=encoding)
    assert [row.values for row in read(path)] == ROWS
    assert [row.number for row in read(path)] == [2, 3]


def test_takes_the_delimiter_that_excel_writes_into_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("sep=;\nid;name\n1;a, b, c\n")
    assert read(path) == [readers.Row(3, {"id": "1", "name": "a, b, c"})]


def test_prefers_the_delimiter_to_commas_in_texts(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("id;name\n1;a, b, c\n2;d, e\n3;f\n")
    assert [row.values["name"] for row in read(path)] == ["a, b, c", "d, e", "f"]


def test_numbers_rows_by_the_line_they_begin_in_even_after_line_breaks_in_cells(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text('id,name\n1,"zwei\nZeilen"\n\n2,x\n')
    assert [(row.number, row.values["name"]) for row in read(path)] == [(2, "zwei\nZeilen"), (5, "x")]


def test_names_csv_rows_with_too_many_or_too_few_cells(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("id,name,ort\n1,a,b\n2,a\n3,a,b,c\n4,a,b,,\n")
    assert [(row.number, row.problem) for row in read(path)] == [
        (2, ""),
        (3, "2 statt 3 Zellen"),
        (4, "4 statt 3 Zellen"),
        (5, ""),
    ]


def test_tells_columns_of_the_same_name_apart(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("id,name,name,\n1,a,b,\n")
    assert read(path)[0].values == {"id": "1", "name": "a", "name (2)": "b"}


def test_finds_the_list_inside_a_json_document_and_flattens_its_records(tmp_path: Path) -> None:
    path = tmp_path / "liste.json"
    path.write_text(json.dumps({"a": {"b": [{"id": 1, "ort": {"plz": "10369"}}, "kein Objekt"]}}))
    rows = read(path, records="a.b")
    assert rows[0] == readers.Row(1, {"id": 1, "ort.plz": "10369"})
    assert rows[1].problem


def test_reads_points_and_areas_from_geojson(tmp_path: Path) -> None:
    path = tmp_path / "orte.geojson"
    area = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    point = {"type": "Point", "coordinates": [13.5, 52.5]}
    features = [
        {"type": "Feature", "id": "n1", "properties": {"name": "a"}, "geometry": point},
        {"type": "Feature", "properties": None, "geometry": area},
        {"type": "Feature", "properties": {"name": "c"}, "geometry": None},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert [row.values for row in read(path)] == [
        {"name": "a", "id": "n1", "lon": 13.5, "lat": 52.5},
        {"geometry": area},
        {"name": "c"},
    ]


def test_puts_topojson_arcs_together(tmp_path: Path) -> None:
    path = tmp_path / "flaechen.topojson"
    # Two squares side by side: arc 0 is their border, read forwards by one and backwards by the other.
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.5, 0.5], "translate": [10, 50]},
        "arcs": [[[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 2], [2, 0], [0, -2], [-2, 0]]],
        "objects": {
            "plz": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "properties": {"id": "1"}, "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "properties": {"id": "2"}, "arcs": [[[-3, -1]]]},
                    {"type": "Point", "properties": {"id": "3"}, "coordinates": [2, 4]},
                    {"type": "Polygon", "properties": {"id": "4"}, "arcs": [[9]]},
                ],
            }
        },
    }
    path.write_text(json.dumps(topology))
    one, two, three, broken = read(path)
    assert one.values["geometry"]["coordinates"] == [[[11, 50], [11, 51], [10, 51], [10, 50], [11, 50]]]
    # The border of the second is the one of the first, turned round.
    assert two.values["geometry"]["coordinates"] == [[[[11, 50], [12, 50], [12, 51], [11, 51], [11, 50]]]]
    assert (three.values["lon"], three.values["lat"]) == (11, 52)
    assert broken.problem


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xyz", b"", "Die Endung"),
        ("a.csv", b"", "keine Kopfzeile"),
        ("a.csv", b"id\0,name\n", "keine Textdatei"),
        ("a.csv", b"id,name\n1,\x81\n", "Zeile 2: Zeichen"),
        ("a.csv", b'id,name\n1,"x\n2,y\n', "Zeile 2: Hier öffnet sich ein Anführungszeichen"),
        ("a.csv", b'id,name\n1,"x\n2,"y"\n', "Zeile 2: Hier öffnet sich ein Anführungszeichen"),
        ("a.json", b'[{"id": ' + b"1" * 5000 + b"}]", "nicht so aufgebaut, wie eine JSON-Datei sein muss"),
        ("a.topojson", b'{"type": "Topology", "objects": [1]}', "wie eine TopoJSON-Datei sein muss"),
        ("a.topojson", b'{"type": "Topology", "objects": {"a": {}}}', "wie eine TopoJSON-Datei sein muss"),
        ("a.json", b"[{]", "Zeile 1, Spalte 3: kein"),
        ("a.json", b'{"x": [], "y": []}', "Listen gibt es unter: x, y."),
        ("a.json", b"[" * 200_000, "zu tief verschachtelt"),
        ("a.geojson", b"[]", "keine GeoJSON-FeatureCollection"),
        ("a.topojson", b"{}", "kein TopoJSON"),
    ],
)
def test_says_why_a_file_cannot_be_used(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnusableError, match=reason):
        read(path)


def test_a_cell_beyond_all_measure_spoils_only_its_row(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(f"id,name\n1,{'x' * 2_000_000}\n2,b\n")
    first, second = read(path)
    assert first == readers.Row(2, {"id": "1"}, "Die Zelle „name“ hat mehr als 131072 Zeichen")
    assert second == readers.Row(3, {"id": "2", "name": "b"})


def test_numbers_without_end_spoil_only_their_row(tmp_path: Path) -> None:
    path = tmp_path / "liste.json"
    path.write_text('[{"id": 1, "a": Infinity, "b": [-1e999]}, {"id": 2, "a": NaN}]')
    assert read(path) == [
        readers.Row(1, {"id": 1}, "unendlich große Zahl in: a, b"),
        readers.Row(2, {"id": 2, "a": None}),
    ]


def test_properties_that_are_no_object_spoil_only_their_feature(tmp_path: Path) -> None:
    path = tmp_path / "orte.geojson"
    path.write_text('{"features": [{"properties": ["a"]}, {"properties": {"id": 1}}]}')
    assert [(row.values, bool(row.problem)) for row in read(path)] == [({}, True), ({"id": 1}, False)]


def test_every_format_that_a_mapping_can_name_has_a_reader() -> None:
    assert set(readers.READERS) == set(get_args(Format))
    assert set(ENDINGS.values()) <= set(readers.READERS)


def test_a_large_file_is_read_in_a_process_of_its_own_with_the_same_rows(tmp_path: Path) -> None:
    row = {"id": "1", "name": "Café 😀" + "x" * 100_000, "leer": None, "liste": [1, 2.5, True]}
    path = tmp_path / "liste.json"
    path.write_text(json.dumps([row] * 60))
    assert path.stat().st_size > apart.LARGE
    assert [found.values for found in read(path)] == [row] * 60


def test_a_large_file_that_is_not_shaped_as_it_must_be_gets_the_same_sentence(tmp_path: Path) -> None:
    path = tmp_path / "liste.topojson"
    path.write_bytes(b'{"type": "Topology", "objects": [1], "x": "' + b"x" * apart.LARGE + b'"}')
    with pytest.raises(UnusableError, match="wie eine TopoJSON-Datei sein muss"):
        read(path)


def test_says_that_a_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="lässt sich nicht lesen"):
        read(tmp_path / "a.csv")
