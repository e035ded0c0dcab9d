"""The real house coordinates of Lichtenberg: no part of the project, so these tests need them at hand."""

import csv
import json
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from sqlmodel import Session

from api.regions.models import Region
from importers.geocoding import lookup
from importers.geocoding.addresses import Address, parse
from importers.geocoding.load import load
from importers.geocoding.lookup import Answer, Point
from tests.geocoding.sample import mapping
from tests.importers.sample import make_lichtenberg

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("LANDKARTE_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILE = SHARED / "lichtenberg" / "addresses" / "HKO_Lichtenberg_Geographisch_140416.txt"
OFFERS = ROOT / "data" / "lichtenberg" / "offers"
COLUMNS = {"number": 10, "suffix": 11, "x": 12, "y": 13, "street": 14, "postcode": 15, "town": 16}
Placed = tuple[Address, Point]

pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="Die Hauskoordinaten dürfen nicht im Projekt liegen; hier fehlen sie."
)


@pytest.fixture
def here(session: Session) -> Region:
    region = make_lichtenberg(session)
    told = mapping(file={"header": False}, fields=COLUMNS)
    loaded = load(session, FILE, told, "test", region.slug)
    assert (loaded.rows, loaded.houses, loaded.unusable.total()) == (19_726, 19_726, 0)
    return region


def _rows() -> Iterator[tuple[str, str, str, str, str]]:
    for name in ("kitas", "treffpunkte", "sport", "bibliotheken"):
        with (OFFERS / f"{name}.csv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield name, row["street"], row["zip_code"], row["lon"], row["lat"]
    for name in ("jugend", "schulsozialarbeit"):
        for row in json.loads((OFFERS / f"{name}.json").read_text(encoding="utf-8")):
            yield name, row["strasse"], row["plz"], row["lng"], row["lat"]


def _known(*names: str) -> list[Placed]:
    return [
        (parse(street, postcode, "Berlin"), Point(float(lon), float(lat)))
        for name, street, postcode, lon, lat in _rows()
        if name in names and street and lon and lat
    ]


def _found(session: Session, region: Region, known: list[Placed]) -> dict[str, list[float]]:
    answers: list[Answer] = lookup.find(session, region.id, [address for address, _ in known])
    metres: dict[str, list[float]] = {"house": [], "street": [], "postcode": [], "none": []}
    for (_, there), answer in zip(known, answers, strict=True):
        far = lookup.metres(answer.point, there) if answer.point else 0.0
        metres[str(answer.precision or "none")].append(far)
    return metres


def test_finds_the_houses_of_day_care_centres(session: Session, here: Region) -> None:
    known = _known("kitas")
    metres = _found(session, here, known)
    assert len(metres["house"]) / len(known) >= 0.91
    assert median(metres["house"]) < 5
    assert max(metres["house"]) < 150
    assert max(metres["street"]) < 250
    assert metres["none"] == []


def test_finds_the_houses_of_openstreetmap(session: Session, here: Region) -> None:
    known = _known("treffpunkte", "sport", "bibliotheken")
    metres = _found(session, here, known)
    assert len(metres["house"]) / len(known) >= 0.95
    assert median(metres["house"]) < 25
    assert max(metres["house"]) < 250


def test_finds_the_houses_of_the_lists_of_2014(session: Session, here: Region) -> None:
    known = _known("jugend", "schulsozialarbeit")
    metres = _found(session, here, known)
    assert len(metres["house"]) == len(known)
    assert median(metres["house"]) < 5
