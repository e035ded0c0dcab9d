"""The short list of situations that a network agrees on, so that a coach can say for what a list was made."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.errors import FieldError, InvalidInputError
from api.uptake.models import CaseType

MOST: Final = 12  # with more, each would be chosen too rarely to be shown
LONGEST: Final = 60


class Wanted(NamedTuple):
    """A case type as a form has it; number: 0 is a new one, an empty label ends one."""

    number: int
    label: str


def every(session: Session, region_id: int) -> list[CaseType]:
    """Return the case types that can be chosen, in their order."""
    stmt = select(CaseType).where(col(CaseType.region_id) == region_id, ~col(CaseType.is_retired))
    return list(session.scalars(stmt.order_by(col(CaseType.position), col(CaseType.id))))


def labels(session: Session, region_id: int) -> dict[int, str]:
    """Return the names of all case types, also of those that cannot be chosen any more."""
    rows = session.scalars(select(CaseType).where(col(CaseType.region_id) == region_id))
    return {row.id: row.label for row in rows}


def save(session: Session, region_id: int, wanted: Sequence[Wanted]) -> None:
    """Make this the list; one that is left out ends, one that comes back by its name goes on.

    Raises InvalidInputError that names the lines, counted from 0, that cannot be.
    """
    said = [one._replace(label=" ".join(one.label.split())) for one in wanted]
    _check(said)
    stmt = select(CaseType).where(col(CaseType.region_id) == region_id).with_for_update()
    rows = list(session.scalars(stmt.order_by(col(CaseType.id))))
    by_number = {row.id: row for row in rows}
    by_label = {row.label: row for row in rows}
    kept: list[CaseType] = []
    for one in (one for one in said if one.label):
        row = by_label.get(one.label) or by_number.get(one.number)
        if row is None or row in kept:
            row = CaseType(region_id=region_id, label=one.label, position=0)
            session.add(row)
        row.label, row.position, row.is_retired = one.label, len(kept), False
        kept.append(row)
    for row in rows:
        row.is_retired = row not in kept
    session.flush()


def _check(said: Sequence[Wanted]) -> None:
    errors = []
    for position, one in enumerate(said):
        if len(one.label) > LONGEST:
            errors.append(FieldError(str(position), f"Bitte schreiben Sie höchstens {LONGEST} Zeichen."))
        elif one.label and one.label in {other.label for other in said[:position]}:
            errors.append(FieldError(str(position), "Diesen Falltyp gibt es schon."))
    if len([one for one in said if one.label]) > MOST:
        errors.append(FieldError(str(len(said) - 1), f"Es gehen höchstens {MOST} Falltypen."))
    if errors:
        raise InvalidInputError(errors=errors)
