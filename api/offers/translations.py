"""The texts of offers in other languages: each beside the German text from which it was made.

A translation is outdated when its German text has changed since. It is shown all the same, with a word about
it: an old sentence that somebody can read helps more than a new one that they cannot.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Session, col

from api.core.languages import DEFAULT, LANGUAGES
from api.core.tables import columns
from api.history import service as history
from api.offers.models import Offer, OfferTranslation

LOCALES: Final = tuple(code for code in LANGUAGES if code != DEFAULT)
FIELDS: Final = ("name", "summary", "description", "hours_text", "cost_note", "access_note")
# What lists show.
BRIEF: Final = ("name", "summary", "hours_text")


class TranslatedText(BaseModel):
    """A text of an offer in another language."""

    text: str
    is_outdated: bool  # the German text has changed since


Said = dict[str, str]  # "text", and "of": the German text from which it was made
# By language and field: {"en": {"summary": …}}; only texts that there are.
Translations = dict[str, dict[str, TranslatedText]]


def in_short() -> ScalarSelect[Any]:
    """Return what lists show of the translations of each offer of a statement, as JSON for told()."""
    known = columns(OfferTranslation)
    names = ("locale", *BRIEF, "made_from")
    row = func.json_build_object(*(part for name in names for part in (name, known[name])))
    return (
        select(func.json_agg(aggregate_order_by(row, known.locale)))
        .where(known.offer_id == col(Offer.id))
        .correlate(Offer)
        .scalar_subquery()
    )


def told(rows: Iterable[Mapping[str, Any]], german: Mapping[Any, Any], fields: Iterable[str]) -> Translations:
    """Return the texts of an offer for everybody to read; rows: of OfferTranslation, german: of Offer."""
    found: Translations = {}
    for row in rows:
        texts = {
            name: TranslatedText(text=row[name], is_outdated=row["made_from"].get(name) != german[name])
            for name in fields
            if row[name]
        }
        if texts:
            found[row["locale"]] = texts
    return found


def of_offer(session: Session, offer_id: int) -> Translations:
    """Return all texts of an offer, for everybody to read."""
    rows = session.scalars(
        select(OfferTranslation)
        .where(col(OfferTranslation.offer_id) == offer_id)
        .order_by(col(OfferTranslation.locale))
    ).all()
    if not rows:
        return {}
    german = select(*(columns(Offer)[name] for name in FIELDS)).where(col(Offer.id) == offer_id)
    return told([row.model_dump() for row in rows], session.execute(german).mappings().one(), FIELDS)


def as_written(session: Session, offer_id: int) -> dict[tuple[str, str], Said | None]:
    """Return every text of an offer that there could be, by language and field, for editing."""
    rows = session.scalars(select(OfferTranslation).where(col(OfferTranslation.offer_id) == offer_id))
    there = {row.locale: row for row in rows}
    return {(code, name): _said(there.get(code), name) for code in LOCALES for name in FIELDS}


def write(
    session: Session, act: history.Act, offer_id: int, said: Mapping[tuple[str, str], Said | None]
) -> None:
    """Write texts of an offer by language and field; None takes one away, and the last one its row."""
    for code in dict.fromkeys(code for code, _name in said):
        own = {name: value for (one, name), value in said.items() if one == code}
        row = session.scalars(
            select(OfferTranslation).where(
                col(OfferTranslation.offer_id) == offer_id, col(OfferTranslation.locale) == code
            )
        ).first()
        made_from = dict(row.made_from) if row else {}
        for name, value in own.items():
            made_from.pop(name, None)
            if value:
                made_from[name] = value["of"]
        values: dict[str, Any] = {name: value["text"] if value else "" for name, value in own.items()}
        values["made_from"] = made_from
        if row is None:
            if made_from:
                history.create(session, act, OfferTranslation(offer_id=offer_id, locale=code, **values))
        elif made_from:
            history.change(session, act, row, values)
        else:
            history.delete(session, act, row)


def _said(row: OfferTranslation | None, name: str) -> Said | None:
    text = getattr(row, name) if row else ""
    return {"text": text, "of": row.made_from.get(name, "")} if row and text else None
