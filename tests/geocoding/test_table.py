"""Tables of addresses: any CSV by a small mapping, and OpenStreetMap; what is no address is counted."""

from pathlib import Path

import pytest

from importers.errors import UnusableError
from importers.geocoding.table import AddressMapping, Counted, House, houses, read_mapping
from tests.geocoding.sample import FIELDS, SOURCE, mapping, table_of

OSM = """<osm version="0.6">
  <node id="1" lat="52.5" lon="13.5">
    <tag k="addr:street" v="Ahornallee"/><tag k="addr:housenumber" v="3a"/>
    <tag k="addr:postcode" v="10365"/><tag k="addr:city" v="Berlin"/>
  </node>
  <node id="2" lat="52.6" lon="13.6"><tag k="name" v="Kein Haus"/></node>
  <node id="3" lat="52.7" lon="13.7">
    <tag k="addr:place" v="Siedlung"/><tag k="addr:housenumber" v="4"/>
  </node>
</osm>"""


def read(path: Path, told: AddressMapping) -> tuple[list[House], Counted]:
    counted = Counted()
    return list(houses(path, told, counted)), counted


def test_reads_columns_by_their_names(tmp_path: Path) -> None:
    found, counted = read(table_of(tmp_path, "Ahornallee;3;A;10365;Berlin;13,5;52,5\n"), mapping())
    assert found == [House("Ahornallee", "ahornallee", 3, "a", "10365", "Berlin", "berlin", 13.5, 52.5)]
    assert (counted.rows, counted.unusable.total()) == (1, 0)


def test_reads_columns_by_their_numbers_where_there_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "ohne.txt"
    path.write_text("N|7|x|Straße 12|10365|13.5|52.5\n".replace("|", "\t"), encoding="cp1252")
    told = mapping(
        file={"header": False, "delimiter": "\t", "encoding": "cp1252"},
        fields={"number": 2, "street": 4, "postcode": 5, "x": 6, "y": 7},
    )
    assert read(path, told)[0] == [House("Straße 12", "str12", 7, "", "10365", "", "", 13.5, 52.5)]


def test_takes_street_and_number_from_one_cell(tmp_path: Path) -> None:
    told = mapping(fields={name: FIELDS[name] for name in ("street", "x", "y")})
    found, _ = read(table_of(tmp_path, "Ahornallee 3-5a;;;;;13,5;52,5\n"), told)
    assert [(house.street, house.number, house.suffix) for house in found] == [
        ("Ahornallee", 3, ""),
        ("Ahornallee", 5, "a"),
    ]


def test_counts_what_is_no_address_by_its_reason(tmp_path: Path) -> None:
    rows = "Weg;;;;;13,5;52,5\n;3;;;;13,5;52,5\nWeg;3;;1036;;13,5;52,5\nWeg;3;;;;west;52,5\n"
    found, counted = read(table_of(tmp_path, rows), mapping())
    assert (found, counted.rows) == ([], 4)
    assert counted.unusable == {
        "keine Hausnummer": 1,
        "keine Straße": 1,
        "keine Postleitzahl aus fünf Ziffern": 1,
        "keine Zahl": 1,
    }


def test_reads_openstreetmap_without_any_fields(tmp_path: Path) -> None:
    path = tmp_path / "karte.osm"
    path.write_text(OSM, encoding="utf-8")
    found, _ = read(path, mapping(file={"format": "osm"}, fields={}))
    assert found == [
        House("Ahornallee", "ahornallee", 3, "a", "10365", "Berlin", "berlin", 13.5, 52.5),
        House("Siedlung", "siedlung", 4, "", "", "", "", 13.7, 52.7),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fields": FIELDS | {"number": "hausnr"}}, "[fields] number – die Spalte „hausnr“ gibt es nicht"),
        ({"file": {"header": False}}, "ohne Kopfzeile (header = false) muss hier eine Zahl stehen"),
    ],
)
def test_names_a_column_that_is_not_there(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(UnusableError, match=said.replace("[", r"\[").replace("(", r"\(").replace(")", r"\)")):
        read(table_of(tmp_path), mapping(**changes))


def test_a_mapping_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "adressen.toml"
    lines = [f'{name} = "{value}"' for name, value in SOURCE.items()]
    path.write_text("\n".join(["[source]", *lines, "[fields]", 'street = "strasse"']), encoding="utf-8")
    with pytest.raises(UnusableError, match="braucht bei diesem Format auch x, y"):
        read_mapping(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match=r"fehlt\.csv: Die Datei lässt sich nicht lesen"):
        read(tmp_path / "fehlt.csv", mapping())
