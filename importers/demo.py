"""Loads all that is under data/: `python -m importers.demo`; a second time it changes nothing."""

import argparse
import sys
from pathlib import Path

from sqlalchemy import Engine, exists, select
from sqlmodel import Session, col

from api.core.build import ROOT
from api.history.models import ImportBatch
from api.regions.models import Region
from api.sources.models import Source
from importers import referrals, regions, taxonomy
from importers.apply import import_file
from importers.mapping import read_mapping
from importers.progress import watched
from importers.run import fingerprint, prepare
from importers.terminal import connected, run_command


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if everything is loaded, 1 if some rows could not be taken, 2 if a file is unusable."""
    parser = argparse.ArgumentParser(
        prog="python -m importers.demo", description="Lädt die Regionen unter data/."
    )
    parser.add_argument("--data", type=Path, default=ROOT / "data", metavar="ORDNER")
    asked = parser.parse_args(arguments)
    return run_command(lambda: _load_all(asked.data))


def _load_all(data: Path) -> int:
    with connected() as engine:
        return load_all(engine, data)


def load_all(engine: Engine, data: Path) -> int:
    """Load the vocabulary and every data/*/region.toml; each file is a transaction of its own."""
    with Session(engine) as session, session.begin():
        _tell(taxonomy.load(session, data / "taxonomy"))
    failed = False
    for path in sorted(data.glob("*/region.toml")):
        failed |= load_region(engine, path)
    return int(failed)


def load_region(engine: Engine, path: Path) -> bool:
    """Load one region with its spaces and offers; return whether rows could not be taken."""
    told = regions.read_region(path)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        region, remarks = regions.load(session, path, told)
    _tell(remarks)
    files = [(path.parent / step.file, path.parent / step.mapping) for step in told.imports]
    missing = [(file, mapping) for file, mapping in files if not _is_there(engine, region, file, mapping)]
    if not missing:
        _tell([f"{region.name}: alles ist schon da."])
    failed = [_import(engine, region, file, mapping) for file, mapping in missing]
    with Session(engine) as session, session.begin():
        _tell(referrals.load(session, region, told.referrals, path))
    return any(failed)


def _import(engine: Engine, region: Region, file: Path, mapping_path: Path) -> bool:
    job = prepare(file, mapping_path)
    title = job.mapping.source.title
    with watched(title) as watch:
        report = import_file(engine, job, region.slug, watch=watch)
    _tell([f"{region.name}: {title} – {report.summary()}"])
    _tell(
        [
            f"  Zeile {row.number} ({row.key}): {row.field} {row.reason}"
            for row in report.rows
            if row.what == "failed"
        ]
    )
    return report.failed


def _is_there(engine: Engine, region: Region, file: Path, mapping_path: Path) -> bool:
    """Return whether just this was imported before; what somebody has taken back stays taken back."""
    mapping = read_mapping(mapping_path)
    mark = fingerprint(file, mapping)
    source = select(col(Source.id)).where(
        col(Source.region_id) == region.id, col(Source.slug) == mapping.source.slug
    )
    before = exists().where(col(ImportBatch.fingerprint) == mark, col(ImportBatch.source_id).in_(source))
    with Session(engine) as session:
        return bool(session.scalar(select(before)))


def _tell(lines: list[str]) -> None:
    for said in lines:
        sys.stdout.write(f"{said}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
