"""Writes a first mapping for a list: `python -m importers.assistant FILE --region SLUG`."""

import argparse
import sys
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from api.regions.models import Region
from importers.assistant.draft import Draft
from importers.assistant.guess import draft
from importers.assistant.written import write
from importers.errors import UnusableError
from importers.strict import meant
from importers.terminal import connected, run_command


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if a mapping was written, 2 if nothing could be done."""
    asked = _parser().parse_args(arguments)
    return run_command(lambda: _guess(asked))


def _guess(asked: argparse.Namespace) -> int:
    if asked.out and asked.out.exists():
        raise UnusableError(f"{asked.out}: Die Datei gibt es schon. Bitte einen anderen Namen wählen.")
    known = sorted(asked.known.glob("**/*.toml")) if asked.known else []
    with connected() as engine, Session(engine) as session:
        found = draft(session, asked.file, _region(session, asked.region), known)
    text = write(found)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
        sys.stderr.write(f"{_summary(found)}\nGeschrieben: {asked.out}\n")
    else:
        sys.stdout.write(text)
        sys.stderr.write(f"{_summary(found)}\n")
    return 0


def _summary(found: Draft) -> str:
    lines = [f"{found.file}: {found.rows} Zeilen, {len(found.columns)} Spalten, {len(found.guesses)} Felder"]
    lines += [f"  {guess.field}: {guess.certainty} – {guess.reason}" for guess in found.guesses]
    lines += [f"! {warning}" for warning in found.warnings]
    return "\n".join(lines)


def _region(session: Session, slug: str) -> Region:
    region = session.scalars(select(Region).where(col(Region.slug) == slug)).first()
    if region is None:
        known = session.scalars(select(col(Region.slug))).all()
        raise UnusableError(f"Die Region „{slug}“ gibt es nicht.{meant(slug, known)}")
    return region


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m importers.assistant", description="Schlägt für eine Liste eine Zuordnung vor."
    )
    parser.add_argument("file", type=Path, metavar="DATEI", help="die Liste")
    parser.add_argument("--region", required=True, metavar="KÜRZEL", help="Region, in die sie soll")
    parser.add_argument("--out", type=Path, metavar="ZUORDNUNG.toml", help="sonst erscheint sie im Terminal")
    parser.add_argument(
        "--known", type=Path, metavar="ORDNER", help="dort liegen frühere Zuordnungen; passt eine, gilt sie"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
