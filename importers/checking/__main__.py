"""Looks over the offers of a region: `python -m importers.checking --region=kürzel`."""

import argparse
import sys

from api import models as _models  # noqa: F401 - knows every table
from api.core.errors import NotFoundError
from api.core.settings import settings
from importers.checking.asking import Asker
from importers.checking.manners import Manners
from importers.checking.run import SECONDS, check_region
from importers.errors import UnusableError
from importers.terminal import connected, run_command


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if all went well, 2 if nothing could be done."""
    asked = _parser().parse_args(arguments)
    return run_command(lambda: _check(asked))


def _check(asked: argparse.Namespace) -> int:
    with connected() as engine:
        contact = settings().link_contact
        asker = Asker(contact, Manners()) if contact else None
        try:
            checked = check_region(engine, asked.region, asker, asked.minutes * 60, dry_run=asked.dry_run)
        except NotFoundError as error:
            raise UnusableError(f"Die Region „{asked.region}“ gibt es nicht.") from error
    sys.stdout.write(f"{checked.text()}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m importers.checking",
        description="Prüft Angebote einer Region und legt Auffälligkeiten in die Warteschlange.",
    )
    parser.add_argument("--region", required=True, metavar="KÜRZEL", help="welche Region")
    parser.add_argument(
        "--dry-run", action="store_true", help="alles prüfen, nichts speichern, niemanden fragen"
    )
    parser.add_argument(
        "--minutes", type=float, default=SECONDS / 60, metavar="ZAHL", help="höchstens so lange Links fragen"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
