"""The demo regions: every file goes in, every row is accounted for, a second time changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Session, select

from api.core.build import ROOT
from api.history.models import ImportBatch
from importers import demo
from importers.apply import import_file
from importers.regions import read_region
from importers.run import prepare
from tests.importers.sample import tables

DATA = ROOT / "data"
IMPORTS = [
    pytest.param(path, step.file, step.mapping, id=f"{path.parent.name}/{step.file}")
    for path in sorted(DATA.glob("*/region.toml"))
    for step in read_region(path).imports
]


@pytest.fixture(scope="module")
def loaded(engine: Engine, owner_url: str) -> Iterator[Engine]:
    """The database with all demo regions; emptied afterwards."""
    demo.load_all(engine, DATA)
    yield engine
    owner = create_engine(owner_url)
    with owner.begin() as connection:
        connection.execute(text("TRUNCATE region, topic, audience CASCADE"))
    owner.dispose()


@pytest.mark.parametrize(("region_file", "file", "mapping"), IMPORTS)
def test_importing_a_demo_file_again_changes_nothing(
    loaded: Engine, region_file: Path, file: str, mapping: str
) -> None:
    before = tables(loaded)
    report = import_file(loaded, prepare(region_file.parent / file, region_file.parent / mapping))
    assert report.counts["unchanged"] + report.counts["skipped"] == report.total > 0
    assert report.batch_id is None
    assert tables(loaded) == before


def test_loading_all_regions_again_changes_nothing(
    loaded: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tables(loaded)
    assert demo.load_all(loaded, DATA) == 0
    assert tables(loaded) == before
    assert "ist schon da" in capsys.readouterr().out


def test_every_row_of_the_demo_is_taken_or_named(loaded: Engine) -> None:
    with Session(loaded) as session:
        for batch in session.exec(select(ImportBatch)):
            assert batch.counts["failed"] == 0
            named = [line for line in batch.report if line["what"] in ("skipped", "proposed", "linked")]
            assert len(named) == sum(batch.counts[what] for what in ("skipped", "proposed", "linked"))
