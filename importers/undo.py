"""Takes an import back: `python -m importers.undo BATCH`."""

import argparse
import sys

from sqlmodel import Session

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.errors import ConflictError, NotFoundError
from api.curation import bulk, merging_undo
from api.history.models import ImportBatch, Origin
from api.history.service import Act
from api.history.undo import Kept, Reason, Undone, undo_batch
from importers.errors import UnusableError
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
        try:
            undone = _taken_back(session, batch, actor)
        except NotFoundError as error:
            raise UnusableError(f"Einen Import mit der Nummer {batch} gibt es nicht.") from error
        except ConflictError as error:
            raise UnusableError(f"Import {batch} ist schon zurückgenommen.") from error
    sys.stdout.write(described(batch, undone) + "\n")
    return 0


def _taken_back(session: Session, batch: int, actor: str) -> Undone:
    """Take an import back, or the merge of two offers or several decisions, which are batches as well."""
    if bulk.is_bulk(session, batch):
        act = Act(session.get_one(ImportBatch, batch).region_id, actor, Origin.COMMAND)
        return bulk.undo(session, act, batch)
    pair = merging_undo.pair_of_batch(session, batch)
    if pair is None:
        return undo_batch(session, batch, actor)
    region_id = session.get_one(ImportBatch, batch).region_id
    return merging_undo.undo_merge(session, Act(region_id, actor, Origin.COMMAND), pair)


def described(batch: int, undone: Undone) -> str:
    """Return what an undo did, in German."""
    counts = f"{undone.removed} Einträge entfernt, {undone.restored} wiederhergestellt"
    lines = [f"Import {batch} zurückgenommen: {counts}."]
    if undone.kept:
        lines += ["Geblieben ist, was seither geändert wurde:", *(f"  {_said(kept)}" for kept in undone.kept)]
    return "\n".join(lines)


NAMES = {
    "offer": "Angebot",
    "offer_at_place": "Angebot am Ort",
    "contact": "Kontakt",
    "offer_translation": "Übersetzung",
    "offer_referral": "Angaben für Fachkräfte",
    "place": "Ort",
    "organization": "Anbieter",
    "source": "Quelle",
    "source_record": "Zeile der Quelle",
}
REASONS = {
    Reason.EDITED: "inzwischen bearbeitet",
    Reason.NEEDED: "wird noch gebraucht",
}


def _said(kept: Kept) -> str:
    name = f" „{kept.name}“" if kept.name else ""
    part = f", {kept.field}" if kept.field else ""
    return f"{NAMES.get(kept.entity, kept.entity)} {kept.entity_id}{name}{part}: {REASONS[kept.reason]}"


if __name__ == "__main__":
    sys.exit(main())
