"""Maps of people and offices: My Maps, uMap, OpenStreetMap, layers of a GIS, and GeoJSON in other systems."""

import json
from pathlib import Path
from typing import Any

import osmium
import pytest

from importers import readers
from importers.errors import UnusableError
from importers.file_table import FileTable
from tests.importers.hostile import files

POINT = "<Point><coordinates> 13.5,52.5,0 </coordinates></Point>"


def read(path: Path, content: bytes, **table: object) -> list[readers.Row]:
    path.write_bytes(content)
    return readers.read(path, FileTable.model_validate({"key": ["id"], **table}))


@pytest.fixture
def kml(tmp_path: Path) -> Any:
    """A function that reads the only entry of a KML."""

    def of(inside: str) -> dict[str, Any]:
        (row,) = read(tmp_path / "karte.kml", files.places(f"<Placemark>{inside}</Placemark>"))
        assert not row.problem
        return row.values

    return of


def test_names_the_layers_of_my_maps_and_keeps_entries_with_an_address_alone(tmp_path: Path) -> None:
    folders = (
        f"<Folder><name>Beratung</name><Placemark><name>a</name>{POINT}</Placemark><Folder><name>Stadt</name>"
        "<Placemark><name>b</name><address>Weg 1, 10369 Berlin</address></Placemark></Folder></Folder>"
    )
    first, second = read(tmp_path / "karte.kml", files.places(folders))
    assert (first.values["Ordner"], first.values["lon"], first.values["lat"]) == ("Beratung", 13.5, 52.5)
    assert (second.values["Ordner"], second.values["Adresse"]) == ("Beratung / Stadt", "Weg 1, 10369 Berlin")
    assert "lon" not in second.values


def test_a_table_in_my_maps_becomes_columns_and_is_not_said_twice(kml: Any) -> None:
    found = kml(
        "<name>Treff</name>"
        "<description><![CDATA[Name: Treff<br>Träger: Verein<br>Für alle<br>Tel: ]]></description>"
        '<ExtendedData><Data name="Name"><value>Treff</value></Data>'
        '<Data name="Träger"><value>Verein</value></Data>'
        f'<Data name="Tel"><value/></Data></ExtendedData>{POINT}'
    )
    assert (found["Name"], found["Träger"], found["Tel"], found["Beschreibung"]) == (
        "Treff", "Verein", "", "Für alle"
    )  # fmt: skip


def test_reads_data_of_a_schema_and_columns_called_like_ours(kml: Any) -> None:
    found = kml(
        '<name>a</name><ExtendedData><SchemaData><SimpleData name="plz">01067</SimpleData>'
        '<SimpleData name="Name">b</SimpleData></SchemaData></ExtendedData>'
    )
    assert (found["plz"], found["Name"], found["Name (2)"]) == ("01067", "a", "b")


@pytest.mark.parametrize(
    ("shape", "geometry"),
    [
        (
            "<LineString><coordinates>1,2 3,4</coordinates></LineString>",
            {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        ),
        (
            (
                "<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0,5 1,0,5 1,1,5 0,0,5"
                "</coordinates></LinearRing></outerBoundaryIs></Polygon>"
            ),
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        ),
        (
            f"<MultiGeometry>{POINT}<Point><coordinates>1, 2</coordinates></Point></MultiGeometry>",
            {"type": "MultiPoint", "coordinates": [[13.5, 52.5], [1, 2]]},
        ),
    ],
)
def test_lines_and_areas_come_as_their_geometry(kml: Any, shape: str, geometry: dict[str, Any]) -> None:
    assert kml(shape)["geometry"] == geometry


def test_one_point_in_a_group_is_a_point(kml: Any) -> None:
    assert kml(f"<MultiGeometry>{POINT}</MultiGeometry>")["lon"] == 13.5


@pytest.mark.parametrize(
    "space",
    [
        "http://earth.google.com/kml/2.0",
        "http://earth.google.com/kml/2.1",
        "http://www.opengis.net/kml/2.2",
        "",
    ],
)
def test_reads_kml_of_every_age_and_packed(tmp_path: Path, space: str) -> None:
    text = f'<kml xmlns="{space}"><Placemark><name>a</name>{POINT}<gx:x/></Placemark></kml>'
    (plain,) = read(tmp_path / "karte.kml", text.encode())
    packed = files.archive({"doc.kml": text, "images/icon.png": "x"})
    assert read(tmp_path / "karte.kmz", packed) == [plain]


def test_reads_the_layers_of_a_umap(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"name": "a", "_umap_options": {"color": "red"}},
        "geometry": {"type": "Point", "coordinates": [13.5, 52.5]},
    }
    layers = [
        {"type": "FeatureCollection", "features": [feature], "_umap_options": {"name": "Treffs"}},
        {"type": "FeatureCollection", "features": [feature], "_storage": {"name": "Alt"}},
    ]
    content = json.dumps({"type": "umap", "properties": {}, "layers": layers}).encode()
    rows = read(tmp_path / "karte.umap", content)
    assert [row.values for row in rows] == [
        {"name": "a", "lon": 13.5, "lat": 52.5, "Ebene": "Treffs"},
        {"name": "a", "lon": 13.5, "lat": 52.5, "Ebene": "Alt"},
    ]


OSM = (
    '<node id="1" lat="52.5" lon="13.5"><tag k="name" v="Café"/><tag k="amenity" v="cafe"/></node>'
    '<node id="2" lat="52.4" lon="13.4"/><node id="3" lat="52.6" lon="13.4"/>'
    '<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="1"/><tag k="amenity" v="library"/></way>'
    '<relation id="9"><member type="way" ref="7" role="outer"/><tag k="name" v="Haus"/></relation>'
)


def test_reads_from_openstreetmap_what_has_a_name(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.osm", files.osm(OSM))
    assert [row.values for row in rows] == [
        {"name": "Café", "amenity": "cafe", "id": "node/1", "lon": 13.5, "lat": 52.5},
        {"name": "Haus", "id": "relation/9"},
    ]


def test_reads_the_same_from_pbf(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.osm", files.osm(OSM))
    path = tmp_path / "a.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for thing in osmium.FileProcessor(str(tmp_path / "a.osm")):
            writer.add(thing)
    assert read(path, path.read_bytes()) == rows


@pytest.mark.parametrize("tags", [["amenity=library"], ["amenity=library", "shop"]])
def test_reads_from_openstreetmap_what_has_the_wanted_tags(tmp_path: Path, tags: list[str]) -> None:
    rows = read(tmp_path / "a.osm", files.osm(OSM), tags=tags)
    assert [row.values for row in rows] == [{"amenity": "library", "id": "way/7", "lon": 13.45, "lat": 52.5}]


def test_layers_come_in_degrees(tmp_path: Path) -> None:
    rows = read(tmp_path / "a.gpkg", files.geopackage())
    assert [row.number for row in rows] == [1, 2]
    assert rows[0].values == {"id": "1", "name": "Café", "lon": 13.4082754, "lat": 52.5193953}
    assert read(tmp_path / "a.zip", files.shapefile()) == rows


def test_a_system_that_the_file_does_not_name_is_taken_from_the_mapping(tmp_path: Path) -> None:
    without = files.shapefile(changes={"a.prj": None})
    rows = read(tmp_path / "a.zip", without, crs="EPSG:25833")
    assert rows == read(tmp_path / "b.zip", files.shapefile())


def test_geojson_of_another_system_comes_in_degrees(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [392_000, 5_820_000]}
    ring = [[392_000, 5_820_000], [392_100, 5_820_000], [392_100, 5_820_100], [392_000, 5_820_000]]
    shapes = [point, None, {"type": "Polygon", "coordinates": [ring]}]
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"id": "1"}, "geometry": shape} for shape in shapes],
    }
    old = document | {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}}
    rows = read(tmp_path / "a.geojson", json.dumps(old).encode())
    assert rows[0].values == {"id": "1", "lon": 13.4082754, "lat": 52.5193953}
    assert rows[1].values == {"id": "1"}
    assert rows[2].values["geometry"]["coordinates"][0][0] == [13.4082754, 52.5193953]
    assert read(tmp_path / "b.geojson", json.dumps(document).encode(), crs="EPSG:25833") == rows


def test_a_place_outside_of_its_system_spoils_only_its_row(tmp_path: Path) -> None:
    places: list[Any] = [[392_000, 5_820_000], [1e30, 1e30], ["a", "b"], [392_100, 5_820_100]]
    shapes = [{"type": "Point", "coordinates": place} for place in places]
    rows = read(
        tmp_path / "a.geojson", files.features(*({"geometry": shape} for shape in shapes)), crs="EPSG:25833"
    )
    assert [bool(row.problem) for row in rows] == [False, True, True, False]


def test_a_layer_has_to_be_named_where_there_are_several(tmp_path: Path) -> None:
    first = files.written("orte.shp", driver="ESRI Shapefile")
    second = files.written("wege.shp", driver="ESRI Shapefile")
    content = files.archive({f"daten/{name}": said for name, said in (first | second).items()})
    with pytest.raises(UnusableError, match="die Datei enthält: orte, wege"):
        read(tmp_path / "a.zip", content)
    assert len(read(tmp_path / "a.zip", content, object="wege")) == 2
