"""Loads a table of addresses, or places what has no point: `python -m importers.geocoding`."""

import argparse
import sys
from pathlib import Path

from sqlmodel import Session

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.errors import NotFoundError
from api.core.settings import settings
from importers.errors import UnusableError
from importers.geocoding import table
from importers.geocoding.again import place_again
from importers.geocoding.load import load
from importers.terminal import connected, run_command

ACTOR = "geocoding"


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if all went well, 2 if nothing could be done."""
    asked = _parser().parse_args(arguments)
    return run_command(lambda: _again(asked) if asked.again else _load(asked))


def _load(asked: argparse.Namespace) -> int:
    if asked.file is None or asked.mapping is None:
        raise UnusableError("Bitte eine Datei und mit --mapping ihre Zuordnung nennen, oder --again.")
    mapping = table.read_mapping(asked.mapping)
    with connected() as engine, Session(engine) as session:
        loaded = load(session, asked.file, mapping, asked.actor, asked.region)
        if asked.dry_run:
            session.rollback()
        else:
            session.commit()
    hint = "Probelauf: Es wurde nichts gespeichert." if asked.dry_run else _hint(asked, mapping.source.region)
    sys.stdout.write(f"{loaded.text()}\n{hint}\n")
    return 0


def _again(asked: argparse.Namespace) -> int:
    if not asked.region:
        raise UnusableError("Bitte mit --region das Kürzel der Region nennen.")
    with connected() as engine:
        try:
            placed = place_again(engine, asked.region, settings(), asked.actor, dry_run=asked.dry_run)
        except NotFoundError as error:
            raise UnusableError(f"Die Region „{asked.region}“ gibt es nicht.") from error
    sys.stdout.write(f"{placed.text()}\n")
    return 0


def _hint(asked: argparse.Namespace, region: str) -> str:
    return f"Orte ohne Punkt jetzt suchen: make place region={asked.region or region}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m importers.geocoding",
        description="Lädt eine Adresstabelle oder sucht Punkte für Orte, die noch keinen haben.",
    )
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="DATEI", help="CSV, OSM oder ein anderes Format"
    )
    parser.add_argument("--mapping", type=Path, metavar="ADRESSEN.toml", help="Spalten → Felder")
    parser.add_argument("--region", metavar="KÜRZEL", help="andere Region als im Mapping")
    parser.add_argument("--again", action="store_true", help="Orte ohne Punkt noch einmal suchen")
    parser.add_argument("--dry-run", action="store_true", help="alles prüfen, nichts speichern")
    parser.add_argument("--actor", default=ACTOR, metavar="WER", help="steht in der Geschichte der Einträge")
    return parser


if __name__ == "__main__":
    sys.exit(main())
