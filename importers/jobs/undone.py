"""Taking an import back, told in offers: what people see on the map, not rows of tables."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel, col

from api.core.tables import columns
from api.history.models import Action, ImportBatch, Origin, Revision
from api.history.undo import Kept, Reason, undo_batch
from api.offers.models import Contact, Offer, OfferAtPlace, OfferTranslation
from api.sources.models import SourceRecord

MOST_NAMED: Final = 200
REASONS: Final = {
    Reason.EDITED: "weil inzwischen jemand daran gearbeitet hat",
    Reason.NEEDED: "weil anderes davon abhängt",
}
PARTS: Final[dict[str, type[SQLModel]]] = {
    "offer_at_place": OfferAtPlace,
    "contact": Contact,
    "offer_translation": OfferTranslation,
    "source_record": SourceRecord,
}
# What people are told of, where it is no offer: one, several.
OTHERS: Final = {"place": ("Ort", "Orte"), "organization": ("Anbieter", "Anbieter")}


def taken_back(session: Session, batch_id: int, actor: str) -> list[str]:
    """Take an import back and return in German lines what became of its offers.

    Raises NotFoundError and ConflictError as api.history.undo does.
    """
    made = _made(session, batch_id)
    newest = session.scalar(select(func.max(col(Revision.id)))) or 0
    undone = undo_batch(session, batch_id, actor)
    region_id = session.get_one(ImportBatch, batch_id).region_id
    still = _there(session, made)
    kept = _kept_offers(session, undone.kept, still)
    again = _touched(session, region_id, newest) - made
    again = set(_there(session, again)) - kept.keys()
    lines = [_counted(len(made) - len(still), len(again), len(kept))]
    names = _there(session, kept)
    for offer_id, reason in list(kept.items())[:MOST_NAMED]:
        stays = "bleibt" if offer_id in made else "bleibt in Teilen, wie es ist"
        lines.append(f"„{names.get(offer_id, 'ohne Namen')}“ {stays}, {REASONS[reason]}.")
    if len(kept) > MOST_NAMED:
        lines.append(f"Und {len(kept) - MOST_NAMED} weitere Angebote.")
    return lines + _other_things(undone.kept)


def _counted(removed: int, again: int, kept: int) -> str:
    said = [f"{_offers_said(removed)} entfernt"] if removed else []
    said += [f"{_offers_said(again)} wieder wie vorher"] if again else []
    said += [f"{_offers_said(kept)} behalten"] if kept else []
    return f"{', '.join(said)}." if said else "An den Angeboten war nichts zurückzunehmen."


def _offers_said(number: int) -> str:
    return "1 Angebot" if number == 1 else f"{number} Angebote"


def _made(session: Session, batch_id: int) -> set[int]:
    stmt = select(col(Revision.entity_id)).where(
        col(Revision.batch_id) == batch_id,
        col(Revision.entity) == "offer",
        col(Revision.action) == Action.CREATE,
    )
    return set(session.scalars(stmt))


def _there(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Return the names of those of the offers that there are."""
    stmt = select(col(Offer.id), col(Offer.name)).where(col(Offer.id).in_(ids))
    return {offer.id: offer.name for offer in session.execute(stmt.order_by(col(Offer.id)))}


def _touched(session: Session, region_id: int, newest: int) -> set[int]:
    """Return the offers that an undo after a revision has changed, also in one of their parts."""
    undos = select(col(Revision.entity), col(Revision.entity_id)).where(
        col(Revision.region_id) == region_id,
        col(Revision.id) > newest,
        col(Revision.origin) == Origin.UNDO,
        col(Revision.action) == Action.CHANGE,
    )
    found: set[int] = set()
    parts: dict[str, set[int]] = {}
    for entity, entity_id in session.execute(undos):
        if entity == "offer":
            found.add(entity_id)
        else:
            parts.setdefault(entity, set()).add(entity_id)
    for entity, ids in parts.items():
        found |= set(_wholes(session, entity, ids).values())
    return found


def _kept_offers(session: Session, kept: list[Kept], still: Mapping[int, str]) -> dict[int, Reason]:
    """Return the offers that stay, or stay in part, with the reasons."""
    found = {one.entity_id: one.reason for one in kept if one.entity == "offer"}
    for entity in PARTS:
        reasons = {one.entity_id: one.reason for one in kept if one.entity == entity}
        for part_id, offer_id in _wholes(session, entity, reasons).items():
            found.setdefault(offer_id, reasons[part_id])
    for offer_id in still:
        found.setdefault(offer_id, Reason.EDITED)
    return dict(sorted(found.items()))


def _wholes(session: Session, entity: str, ids: Collection[int]) -> dict[int, int]:
    table = PARTS.get(entity)
    if table is None or not ids:
        return {}
    id_, offer_id = columns(table).id, columns(table).offer_id
    return {row.id: row.offer_id for row in session.execute(select(id_, offer_id).where(id_.in_(ids)))}


def _other_things(kept: list[Kept]) -> list[str]:
    """Count what else stays; without names, because a place may be hidden."""
    counts = Counter(one.entity for one in kept if one.entity in OTHERS)
    return [
        f"{number} {OTHERS[entity][number > 1]} {'bleiben' if number > 1 else 'bleibt'},"
        " weil anderes davon abhängt oder inzwischen jemand daran gearbeitet hat."
        for entity, number in counts.items()
    ]
