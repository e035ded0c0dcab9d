"""Takes an import back: `python -m importers.undo BATCH`."""

import argparse
import sys

from sqlmodel import Session

from api.history.undo import Undone, undo_batch
from importers import entries as _entries  # noqa: F401 - knows every table that has a history
from importers.terminal import connected, run_command


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if the import was taken back, 2 if not."""
    parser = argparse.ArgumentParser(
        prog="python -m importers.undo",
        description="Nimmt einen Import zurück. Was Menschen seither geändert haben, bleibt.",
    )
    parser.add_argument("batch", type=int, metavar="IMPORT", help="Nummer aus dem Bericht des Imports")
    parser.add_argument("--actor", default="undo", metavar="WER", help="steht in der Geschichte der Einträge")
    asked = parser.parse_args(arguments)
    return run_command(lambda: _undo(asked.batch, asked.actor))


def _undo(batch: int, actor: str) -> int:
    with connected() as engine, Session(engine) as session, session.begin():
        undone = undo_batch(session, batch, actor)
    sys.stdout.write(described(batch, undone) + "\n")
    return 0


def described(batch: int, undone: Undone) -> str:
    """Return what an undo did, in German."""
    counts = f"{undone.removed} Einträge entfernt, {undone.restored} wiederhergestellt"
    lines = [f"Import {batch} zurückgenommen: {counts}."]
    if undone.kept:
        lines += ["Geblieben ist, was seither geändert wurde:", *(f"  {kept}" for kept in undone.kept)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
