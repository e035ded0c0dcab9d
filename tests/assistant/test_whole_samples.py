"""Every real file: the first guess, corrected by at most three lines, takes in each row or names why not."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from api.regions.models import Region
from importers.apply import import_file
from importers.assistant.draft import Draft, changed
from importers.assistant.guess import draft
from importers.assistant.written import write
from importers.mapping import read_mapping
from importers.run import prepare
from tests.assistant.conftest import DATA

SHARED = Path(os.environ.get("LANDKARTE_SHARED", Path(__file__).parents[3] / "shared/data"))
OFFERS, SAMPLES = "lichtenberg/offers", "samples"
EXAMPLES = f"{SAMPLES}/hsds/hsds-spec-3.2.3-examples"
# Who published a file nobody can guess.
SOURCE = {"publisher": "Amt", "licence": "CC0", "attribution": "Amt, CC0", "trust": "apply"}
FEW = 3


class Case(NamedTuple):
    """A file, its region, its rows, how many of them are taken, and what is corrected in the first guess."""

    name: str
    region: str
    rows: int
    taken: int
    lines: Mapping[str, Any] = MappingProxyType({})


CASES = [
    Case(f"{OFFERS}/freizeit-sport-jfe.json", "lichtenberg", 71, 71),
    Case(f"{OFFERS}/freizeit-sport-jfe.geo.json", "lichtenberg", 71, 71),
    Case(f"{OFFERS}/freizeit-sport-ja-jsa.json", "lichtenberg", 32, 32),
    Case(f"{OFFERS}/freizeit-sport-ja-jsa.geo.json", "lichtenberg", 32, 32),
    Case(f"{OFFERS}/buergerservice-familie-sbst.geo.json", "lichtenberg", 47, 47),
    Case(f"{OFFERS}/berlin-daycare-centers-2026-07-details.csv", "lichtenberg", 2893, 498),
    Case(f"{OFFERS}/berlin-daycare-centers-2026-07-details.csv", "berlin", 2893, 2893),
    Case(f"{SAMPLES}/xlsx/kultureinrichtungen_alle.xlsx", "berlin", 115, 115),
    Case(f"{SAMPLES}/osm-poi-months/2026-02-community-centers.csv", "berlin", 444, 439),
    Case(f"{SAMPLES}/osm-poi-months/2026-02-libraries.csv", "berlin", 131, 125),
    Case(f"{SAMPLES}/osm-poi-months/2026-02-sport-centers.csv", "berlin", 182, 180),
    Case(f"{SAMPLES}/osm-poi-months/2026-03-community-centers.csv", "berlin", 447, 442),
    Case(f"{SAMPLES}/osm-poi-months/2026-03-libraries.csv", "berlin", 132, 126),
    Case(f"{SAMPLES}/osm-poi-months/2026-03-sport-centers.csv", "berlin", 183, 181),
    Case(f"{SAMPLES}/osm-poi-months/2026-04-sport-centers.csv", "berlin", 185, 184),
    Case(f"{SAMPLES}/mymaps/codeforjapan_mapprint__2024-noto.kml", "japan", 40, 40),
    Case(f"{SAMPLES}/mymaps/codeforjapan_mapprint__water-supply.kml", "japan", 389, 345),
    Case(f"{EXAMPLES}/service_list.json", "berlin", 1, 1),
    Case(f"{EXAMPLES}/service_full.json", "berlin", 1, 1),
    Case(f"{EXAMPLES}/service_at_location_list.json", "berlin", 1, 1),
    Case(f"{EXAMPLES}/service_at_location_full.json", "berlin", 1, 1),
    Case(f"{EXAMPLES}/csv", "berlin", 1, 1),
    Case(f"{SAMPLES}/hsds/ohana-sample-csv/data/sample-csv", "kalifornien", 23, 21),
]

# One of each kind; the others are for the long proof.
USUAL = {1, 2, 4, 7, 8, 15, 18, 22}
# File → the mapping that we wrote for it, and fields that cannot be seen in the list.
MADE_BY_PEOPLE = {
    f"{OFFERS}/freizeit-sport-jfe.geo.json": ("jugend", {"summary"}),
    f"{OFFERS}/freizeit-sport-ja-jsa.geo.json": ("schulsozialarbeit", {"town"}),
    f"{OFFERS}/berlin-daycare-centers-2026-07-details.csv": ("kitas", {"summary"}),
    f"{SAMPLES}/osm-poi-months/2026-02-community-centers.csv": ("treffpunkte", {"place_name"}),
    f"{SAMPLES}/osm-poi-months/2026-04-sport-centers.csv": ("sport", {"place_name"}),
}

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real files are not here; LANDKARTE_SHARED names their folder"
)


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{Path(case.name).name}-{case.region}",
            marks=() if place in USUAL else pytest.mark.proof,
        )
        for place, case in enumerate(CASES)
    ],
)
def test_a_real_file_goes_in_with_few_corrections(case: Case, loaded: Engine, tmp_path: Path) -> None:
    guess = corrected(guessed(loaded, case), case.lines)
    path = tmp_path / "zuordnung.toml"
    path.write_text(write(guess), encoding="utf-8")
    report = import_file(loaded, prepare(SHARED / case.name, path), case.region, dry_run=True)
    counts = report.counts
    refused = {row.number for row in report.rows if row.what == "failed"}
    taken = sum(counts[what] for what in ("new", "changed", "unchanged", "linked", "proposed"))
    assert (report.total, taken) == (case.rows, case.taken)
    assert taken + counts["skipped"] + len(refused) == case.rows
    assert all(row.reason for row in report.rows if row.what == "failed")


@pytest.mark.parametrize("name", MADE_BY_PEOPLE)
def test_the_guess_is_what_people_wrote(name: str, loaded: Engine) -> None:
    """But for what they added to the list: texts of their own, and a name for the place where it has none."""
    people, without = MADE_BY_PEOPLE[name]
    wanted = read_mapping(DATA / f"lichtenberg/mappings/{people}.toml")
    guess = guessed(loaded, Case(name, "lichtenberg", 0, 0)).mapping
    assert {field: guess.fields.get(field, [""])[0] for field in wanted.fields if field not in without} == {
        field: specs[0] for field, specs in wanted.fields.items() if field not in without
    }
    assert guess.file.key == wanted.file.key


def test_no_file_needs_more_than_a_few_corrections() -> None:
    assert all(len(case.lines) <= FEW for case in CASES)


def test_every_real_file_is_named_here() -> None:
    named = tuple(str(SHARED / case.name) for case in CASES)
    for path in (*(SHARED / OFFERS).glob("*"), *(SHARED / SAMPLES).rglob("*")):
        is_list = path.is_file() and path.suffix != ".md" and not str(path).startswith(str(SHARED / EXAMPLES))
        assert not is_list or str(path).startswith(named), path


def guessed(engine: Engine, case: Case) -> Draft:
    """The assistant's first guess."""
    with Session(engine) as session:
        region = session.scalars(select(Region).where(col(Region.slug) == case.region)).one()
        return draft(session, SHARED / case.name, region)


def corrected(guess: Draft, lines: Mapping[str, Any]) -> Draft:
    """The guess with who published it, and with lines like {"fields.name": ["Titel"]} changed."""
    tables: dict[str, dict[str, Any]] = {"fields": {}, "defaults": {}, "file": {}}
    for line, value in lines.items():
        table, _, key = line.partition(".")
        tables[table][key] = value
    return changed(guess, source=SOURCE, **tables)
