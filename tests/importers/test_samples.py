"""Real files of other places, as they were published: all of each is read, and nothing has a problem."""

import os
from pathlib import Path

import pytest

from importers import readers
from importers.file_table import FileTable

SAMPLES = Path(os.environ.get("LANDKARTE_SAMPLES", Path(__file__).parents[3] / "shared/data/samples"))
EXAMPLES = "hsds/hsds-spec-3.2.3-examples"
ROWS = {
    "mymaps/codeforjapan_mapprint__2024-noto.kml": 40,
    "mymaps/codeforjapan_mapprint__water-supply.kml": 389,
    "xlsx/kultureinrichtungen_alle.xlsx": 115,
    "osm-poi-months/2026-02-community-centers.csv": 444,
    "osm-poi-months/2026-02-libraries.csv": 131,
    "osm-poi-months/2026-02-sport-centers.csv": 182,
    "osm-poi-months/2026-03-community-centers.csv": 447,
    "osm-poi-months/2026-03-libraries.csv": 132,
    "osm-poi-months/2026-03-sport-centers.csv": 183,
    "osm-poi-months/2026-04-sport-centers.csv": 185,
    f"{EXAMPLES}/service_list.json": 1,
    f"{EXAMPLES}/service_full.json": 1,
    f"{EXAMPLES}/service_at_location_list.json": 1,
    f"{EXAMPLES}/service_at_location_full.json": 1,
    f"{EXAMPLES}/csv": 1,
    "hsds/ohana-sample-csv/data/sample-csv": 23,
}
FORMATS = {f"{EXAMPLES}/service_full.json": "hsds", f"{EXAMPLES}/service_at_location_full.json": "hsds"}

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the samples are not here; LANDKARTE_SAMPLES names their folder"
)


@pytest.mark.parametrize("name", ROWS)
def test_all_of_a_sample_is_read(name: str) -> None:
    table = FileTable.model_validate({"key": ["id"], "format": FORMATS.get(name)})
    rows = readers.read(SAMPLES / name, table)
    assert len(rows) == ROWS[name]
    assert not [row for row in rows if row.problem]


def test_entries_of_my_maps_without_a_place_are_kept() -> None:
    path = SAMPLES / "mymaps/codeforjapan_mapprint__water-supply.kml"
    rows = readers.read(path, FileTable(key=["Name"]))
    placed = [row for row in rows if "lon" in row.values or "geometry" in row.values]
    assert (len(placed), len(rows) - len(placed)) == (345, 44)
    assert not any("<" in row.values["Beschreibung"] for row in rows)


def test_every_sample_is_named_here() -> None:
    read = tuple(ROWS)
    for path in SAMPLES.rglob("*"):
        name = str(path.relative_to(SAMPLES))
        # What explains the samples, and examples of HSDS that are no list of services.
        if path.is_file() and path.suffix != ".md" and not name.startswith(EXAMPLES):
            assert name.startswith(read), name
