"""Hostile and broken files: each gets a clear sentence or rows that name what is wrong, within bounds."""

from pathlib import Path

import pytest

from tests.importers.hostile import files
from tests.importers.hostile.bounded import read
from tests.importers.hostile.files import KML, MIB, PLACE, Make

ROWS = "id,name\n1,a\n"
# File, what is in it, and how the sentence goes on that it gets.
REFUSED: list[tuple[str, Make, str]] = [
    # Archives
    ("bombe.kmz", lambda: files.archive({"doc.kml": b"\0" * 60 * MIB}), "viel zu groß"),
    ("bombe.xlsx", lambda: files.sheet("", **{"xl/media/x.bin": "0" * 60 * MIB}), "viel zu groß"),
    ("zwei-gigabyte.kmz", files.lying, "viel zu groß"),
    ("untertrieben.kmz", files.belittling, "beschädigt"),
    ("viele.zip", files.many_members, "mehr als 2000 Dateien"),
    ("verzeichnis.zip", files.huge_directory, "mehr als 2000 Dateien"),
    ("hinauf.kmz", lambda: files.archive({"../../doc.kml": PLACE}), "an einen fremden Ort"),
    ("wurzel.kmz", lambda: files.archive({"/etc/doc.kml": PLACE}), "an einen fremden Ort"),
    ("laufwerk.zip", lambda: files.archive({"C:\\a.shp": PLACE}), "an einen fremden Ort"),
    ("schachtel.zip", lambda: files.archive({"a.zip": files.tidy_sheet()}), "noch ein Archiv"),
    ("schachtel.kmz", lambda: files.archive({"a.kml": PLACE, "b.kmz": PLACE}), "noch ein Archiv"),
    ("geheim.kmz", files.encrypted, "hat ein Passwort"),
    ("leer.zip", lambda: files.archive({}), "keine Liste"),
    ("fremd.zip", lambda: files.archive({"urlaub.jpg": "x"}), "keine Liste"),
    ("gepackt.csv", files.packed(ROWS.encode), "mit gzip gepackt"),
    # Spreadsheets
    ("halb.xlsx", files.cut(files.tidy_sheet), "beschädigt"),
    ("mitte.xlsx", files.in_the_middle(files.tidy_sheet, b"\xff" * 40), "beschädigt"),
    ("ecke.xlsx", files.far_away, "zu viel Speicher"),
    (
        "wiederholt.ods",
        lambda: files.open_document(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell'
            ' table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "beschädigt",
    ),
    ("leer.xlsx", lambda: files.sheet(""), "Alle Blätter sind leer"),
    ("halb.ods", files.cut(lambda: files.open_document("<table:table-row/>")), "beschädigt"),
    ("webseite.xls", lambda: b"<html><table><tr><td>id</td></tr></table></html>", "eine Webseite"),
    ("alt.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "beschädigt"),
    # XML
    ("lachen.kml", files.bomb, "DOCTYPE"),
    (
        "datei.kml",
        lambda: b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>',
        "DOCTYPE",
    ),
    ("netz.kml", lambda: b'<!DOCTYPE kml SYSTEM "http://localhost/x.dtd"><kml/>', "DOCTYPE"),
    ("tief.kml", lambda: KML.format(files.deep("Folder", 50_000)).encode(), "zu tief verschachtelt"),
    ("halb.kml", files.cut(lambda: files.places(PLACE)), "beschädigt oder nicht vollständig"),
    ("kodierung.kml", lambda: KML.format("<name>Café</name>").encode("cp1252"), "beschädigt"),
    ("leer.kml", files.places, "keine Einträge"),
    ("verweis.kml", lambda: files.places("<NetworkLink/>"), "verweist nur auf eine Karte im Netz"),
    ("lachen.osm", lambda: files.bomb().replace(b"kml", b"osm"), "beschädigt"),
    ("halb.osm", files.cut(lambda: files.osm('<node id="1" lat="1" lon="1"/>' * 9)), "beschädigt"),
    ("falsch.pbf", lambda: b"\0\0\0\x0d\n\tOSMHeader\x18\xff\xff\xff\x7f", "beschädigt"),
    # Geographic data
    ("halb.gpkg", files.cut(files.geopackage), "Layer lässt sich nicht lesen"),
    ("mitte.gpkg", files.in_the_middle(files.geopackage, b"\xff" * 30_000), "Layer lässt sich nicht lesen"),
    ("datenbank.gpkg", lambda: b"SQLite format 3\0" + b"\0" * 600, "weder ein GeoPackage"),
    ("ohne-prj.zip", lambda: files.shapefile(changes={"a.prj": None}), "in welchem Koordinatensystem"),
    ("ohne-dbf.zip", lambda: files.shapefile(changes={"a.dbf": None}), "fehlt die Datei a.dbf"),
    ("verkleidet.zip", lambda: files.shapefile(changes={"a.shp": b"<OGRVRTDataSource/>"}), "kein Shapefile"),
    ("allein.shp", lambda: b"\x00\x00\x27\x0a" + b"\0" * 96, "nur ein Teil eines Shapefiles"),
    ("system.geojson", lambda: b'{"type": "FeatureCollection", "crs": {"properties": {"name": "EPSG:99999"}},'
     b' "features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}', "kennen wir nicht"),
    # Text
    ("tief.json", lambda: b"[" * MIB, "zu tief verschachtelt"),
    ("tief.geojson", lambda: b'{"a":' * MIB, "zu tief verschachtelt"),
    ("ziffern.json", files.endless_number, "wie eine JSON-Datei sein muss"),
    ("halb.json", lambda: b'[{"id": "1"}, {"id"', "kein gültiges JSON"),
    ("halb.umap", lambda: b'{"type": "umap", "layers": [{', "kein gültiges JSON"),
    ("halb.ndjson", lambda: b'{"id": "1", "status": "active"}\n{"id":', "Zeile 2: kein gültiges JSON"),
    ("halb.ics", lambda: b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", "Kalender"),
    ("leer.ics", lambda: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "keine Termine"),
    ("null.csv", lambda: b"id,name\n1,\0\n", "keine Textdatei"),
    ("zeichen.csv", lambda: b"id,name\n1,\x81\n", "Zeile 2: Zeichen"),
    ("offen.csv", lambda: b'id,name\n1,"a\n' + b"2,b\n" * 1_000, "Anführungszeichen"),
    ("spalten.csv", lambda: b"a," * 3_000 + b"b", "mehr als 2000 Spalten"),
    ("zeilen.csv", lambda: b"id\n" + b"1\n" * 260_000, "mehr als 250000 Zeilen"),
    ("brief.csv", lambda: b"%PDF-1.7\n", "ein PDF"),
    ("bild.csv", lambda: b"\x89PNG\r\n\x1a\n", "ein Bild"),
    ("was.dat", lambda: b"\x01\x02\x03", "Endung"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "reason"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_a_file_that_cannot_be_used_gets_a_sentence_with_its_name(
    tmp_path: Path, name: str, make: Make, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    said = read(path)
    assert isinstance(said, str), said
    assert said.startswith(name)
    assert reason in said


def test_a_file_beyond_all_measure_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "riesig.csv"
    with path.open("wb") as file:
        file.truncate(3 * 1024 * MIB)  # a hole, which takes no room
    assert "zu groß (3072 MB, erlaubt sind 100 MB)" in read(path)


# File, what is in it, and for each of its rows what is wrong.
TAKEN: list[tuple[str, Make, list[str]]] = [
    ("liste.txt", files.tidy_sheet, [""]),  # by its content, whatever it is called
    ("liste.csv", files.geopackage, ["", ""]),
    ("liste.zip", files.shapefile, ["", ""]),
    ("liste.json", lambda: files.features({"type": "Feature"}, 7), ["", "kein GeoJSON-Feature"]),
    ("ohne-endung", lambda: files.places(PLACE), [""]),
    ("bom.kml", lambda: b"\xef\xbb\xbf" + files.places(PLACE), [""]),
    ("utf-16.csv", lambda: ROWS.encode("utf-16"), [""]),
    ("bom.csv", lambda: b"\xef\xbb\xbf" + ROWS.encode(), [""]),
    ("riesige-zelle.csv", lambda: b"id,name\n1," + b"x" * 3 * MIB + b"\n2,b\n", ["mehr als 131072", ""]),
    ("riesige-zelle.xlsx", lambda: files.sheet(files.row(1, "id") + files.row(2, "x" * MIB)), ["mehr als"]),
    ("riesig.kml", lambda: files.places(PLACE.replace("Treff", "x" * MIB)), ["mehr als 131072"]),
    ("keins.ndjson", lambda: b"[1, 2]\n3\n", ["kein Objekt", "kein Objekt"]),
    ("halbe-zeichen.json", files.unpaired, [""]),
    ("unendlich.json", lambda: b'[{"id": 1, "a": Infinity}, {"id": 2}]', ["unendlich", ""]),
    (
        "koordinaten.kml",
        lambda: files.places(PLACE, PLACE.replace("13.5,52.5", "x,y"), PLACE.replace("13.5,52.5", "")),
        ["", "Koordinaten", "Koordinaten"],
    ),
    ("nichts.geojson", lambda: files.features({"geometry": {"type": "Point"}}, 7), ["Länge", "kein GeoJSON"]),
    ("ohne-knoten.osm", lambda: files.osm('<way id="1"><nd ref="5"/><tag k="name" v="a"/></way>'), [""]),
    ("ohne-beginn.ics", lambda: files.calendar(b"UID:1\n"), ["Beginn"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "problems"), TAKEN, ids=[name for name, _, _ in TAKEN])
def test_what_is_wrong_with_a_row_spoils_only_that_row(
    tmp_path: Path, name: str, make: Make, problems: list[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    found = read(path)
    assert isinstance(found, list), found
    assert len(found) == len(problems)
    for row, problem in zip(found, problems, strict=True):
        assert problem in row.problem
        assert bool(problem) == bool(row.problem)


def test_a_script_in_a_description_is_not_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "skript.kml"
    said = "<![CDATA[Offen<script>alert(1)</script><br>für <b onclick=x>alle</b><img src=x onerror=y>]]>"
    path.write_bytes(files.places(PLACE.replace("<Point>", f"<description>{said}</description><Point>")))
    found = read(path)
    assert isinstance(found, list)
    assert found[0].values["Beschreibung"] == "Offen\nfür alle"


def test_formulas_are_what_they_last_came_to_and_never_computed(tmp_path: Path) -> None:
    path = tmp_path / "formel.xlsx"
    formulas = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str">'
        '<f>HYPERLINK("http://localhost/","Klick")</f><v>Klick</v></c></row>'
    )
    path.write_bytes(files.sheet(files.row(1, "id", "name") + formulas))
    found = read(path)
    assert isinstance(found, list)
    assert [row.values for row in found] == [{"id": 2, "name": "Klick"}]


def test_formulas_in_csv_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "formel.csv"
    path.write_text("id,name\n1,=cmd|' /C calc'!A0\n2,+49 30 123\n")
    found = read(path)
    assert isinstance(found, list)
    assert [row.values["name"] for row in found] == ["=cmd|' /C calc'!A0", "+49 30 123"]


def test_there_are_at_least_forty_of_them() -> None:
    assert len(REFUSED) + len(TAKEN) >= 40
