"""The same list month after month: what the import calls new, changed and gone is what differs."""

import csv
import os
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from api.regions.models import Region
from api.sources.models import Source, SourceRecord
from importers.apply import import_file
from importers.assistant.draft import changed
from importers.assistant.guess import draft
from importers.assistant.written import write
from importers.report import Report
from importers.run import prepare
from tests.factories import box, make_division, make_region, make_space, make_topic

MONTHS = (
    Path(os.environ.get("LANDKARTE_SHARED", Path(__file__).parents[3] / "shared/data"))
    / "samples/osm-poi-months"
)
SOURCE = {
    "publisher": "OSM",
    "licence": "ODbL",
    "attribution": "© OpenStreetMap-Mitwirkende",
    "trust": "apply",
}
# What a row says to us; the number of an area is not taken.
SAID = ("name", "street", "zip_code", "lat", "lon")

pytestmark = pytest.mark.skipif(
    not MONTHS.is_dir(), reason="the monthly lists are not here; LANDKARTE_SHARED names their folder"
)


class Month(NamedTuple):
    """What a month's file says, read without any of our code: key → cells, for rows that have a name."""

    path: Path
    rows: dict[str, dict[str, str]]
    unnamed: int


def month(path: Path) -> Month:
    with path.open(encoding="utf-8", newline="") as file:
        every = list(csv.DictReader(file))
    rows = {row["id"]: {name: row[name].strip() for name in SAID} for row in every if row["name"].strip()}
    return Month(path, rows, len(every) - len(rows))


@pytest.fixture
def berlin(database: Engine) -> Engine:
    """A fresh region around Berlin, without any offers."""
    with Session(database) as session, session.begin():
        region = make_region(session, slug="berlin", is_default=False)
        make_space(session, make_division(session, region), "1", box(12.9, 52.2, 13.95, 52.8))
        for slug in ("bibliothek", "sport", "nachbarschaft"):
            make_topic(session, slug)
    return database


def bring(engine: Engine, path: Path, known: list[Path], folder: Path) -> tuple[Report, Path]:
    """Import a month: guessed the first time, from then on with the mapping of the month before."""
    with Session(engine) as session:
        region = session.scalars(select(Region).where(col(Region.slug) == "berlin")).one()
        guess = draft(session, path, region, known)
    if known:
        assert any("wieder benutzt" in warning for warning in guess.warnings)
    year, number = map(int, path.stem.split("-")[:2])
    guess = changed(guess, source={**SOURCE, "date": date(year, number, 1)})
    mapping = folder / f"{path.stem}.toml"
    mapping.write_text(write(guess), encoding="utf-8")
    return import_file(engine, prepare(path, mapping)), mapping


@pytest.mark.parametrize(
    "kind",
    [
        "libraries",
        pytest.param("community-centers", marks=pytest.mark.proof),
        pytest.param("sport-centers", marks=pytest.mark.proof),
    ],
)
def test_each_month_gives_the_true_changes(kind: str, berlin: Engine, tmp_path: Path) -> None:
    before: Month | None = None
    known: list[Path] = []
    waiting: set[str] = set()
    for path in sorted(MONTHS.glob(f"*-{kind}.csv")):
        now = month(path)
        report, mapping = bring(berlin, path, known, tmp_path)
        known = [mapping]
        counts, old = report.counts, before.rows if before else {}
        added = now.rows.keys() - old.keys()
        both = now.rows.keys() & old.keys()
        differing = {key for key in both if now.rows[key] != old[key]}
        assert report.total == len(now.rows) + now.unnamed
        assert counts["failed"] == now.unnamed
        assert keys(report, "gone") == old.keys() - now.rows.keys()
        # A new row may be an offer that is there already, or look like one.
        assert counts["new"] + counts["linked"] + counts["proposed"] == len(
            added | (differing & asked(report))
        )
        assert keys(report, "linked") | keys(report, "proposed") <= added | differing
        assert keys(report, "changed") == differing - asked(report)
        assert counts["changed"] == len(differing - asked(report))
        waiting |= keys(report, "proposed")
        assert now.rows.keys() - recorded(berlin) <= waiting
        before = now


def test_the_lists_are_not_all_alike() -> None:
    """Otherwise the test above would prove nothing."""
    first, second = (month(MONTHS / f"2026-0{number}-community-centers.csv").rows for number in (2, 3))
    assert second.keys() - first.keys()
    assert first.keys() - second.keys()
    assert any(first[key] != second[key] for key in first.keys() & second.keys())


def keys(report: Report, what: str) -> set[str]:
    return {row.key for row in report.rows if row.what == what}


def asked(report: Report) -> set[str]:
    """Rows that are known, and whose change a person is asked about."""
    return keys(report, "proposed")


def recorded(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(col(SourceRecord.key)).join(Source)))
