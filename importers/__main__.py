"""Imports one file: `python -m importers FILE --mapping MAPPING.toml`."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from importers import remote
from importers.apply import import_file
from importers.progress import watched
from importers.run import ACTOR, prepare
from importers.terminal import connected, run_command

SOME_FAILED = 1


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if all went well, 1 if some rows could not be taken, 2 if nothing could be done."""
    asked = _parser().parse_args(arguments)
    return run_command(lambda: _import(asked))


def _import(asked: argparse.Namespace) -> int:
    if remote.is_address(asked.file):
        with TemporaryDirectory() as folder:
            return _import_file(asked, remote.fetch(asked.file, Path(folder)))
    return _import_file(asked, Path(asked.file))


def _import_file(asked: argparse.Namespace, file: Path) -> int:
    job = prepare(file, asked.mapping, asked.actor)
    with connected() as engine, watched(file.name) as watch:
        report = import_file(engine, job, asked.region, dry_run=asked.dry_run, watch=watch)
    sys.stdout.write((report.json() if asked.report == "json" else report.text()) + "\n")
    return SOME_FAILED if report.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m importers", description="Übernimmt Angebote aus einer Datei, wie das Mapping es sagt."
    )
    parser.add_argument("file", metavar="DATEI", help="Tabelle, Karte, Kalender … oder ihre https-Adresse")
    parser.add_argument(
        "--mapping", type=Path, required=True, metavar="MAPPING.toml", help="Spalten → Felder"
    )
    parser.add_argument("--region", metavar="KÜRZEL", help="andere Region als im Mapping")
    parser.add_argument("--dry-run", action="store_true", help="alles prüfen, nichts speichern")
    parser.add_argument("--report", choices=["text", "json"], default="text", help="Form des Berichts")
    parser.add_argument("--actor", default=ACTOR, metavar="WER", help="steht in der Geschichte der Einträge")
    return parser


if __name__ == "__main__":
    sys.exit(main())
