"""The grammar of a whole text: statements and what separates them; everything must be read."""

from typing import Final

from api.schedules.reading import closed, statements
from api.schedules.reading.clocks import conjunction
from api.schedules.reading.cursor import Cursor
from api.schedules.reading.doubts import Doubt
from api.schedules.reading.phrases import Besides, Bond, Heading, Line, More, Qualifier, Shut, Statement
from api.schedules.reading.tokens import Kind

_CLOSING: Final = {"(": ")", "[": "]", '"': '"', "„": "“", "“": "”"}
_MOST: Final = 100  # statements; comparing each with each stays cheap


def parse(cursor: Cursor) -> list[Statement]:
    """Return all statements; raise NotUnderstoodError at the first word that has no place."""
    found: list[Statement] = []
    while True:
        bond = _bond(cursor, is_first=not found)
        if cursor.at_end:
            return found
        if len(found) >= _MOST:
            raise cursor.doubt(Doubt.TOO_LONG)
        about = _after_colon(cursor) if found and isinstance(found[-1], Line) else None
        if about:
            found.append(about)
            continue
        in_brackets = _in_brackets(cursor, bond) if found else None
        if in_brackets:
            found += in_brackets
            continue
        statement = _statement(cursor, bond, found)
        if statement is None:
            raise cursor.doubt(Doubt.WORDS)
        found.append(statement)


def _bond(cursor: Cursor, *, is_first: bool) -> Bond:
    """Take what separates two statements; the strongest separator counts."""
    bond = Bond.STOP if is_first else Bond.ATTACHED
    is_new_line = is_first
    while not cursor.at_end:
        if is_new_line and cursor.sign("-•·*"):
            is_new_line = False
        elif cursor.take(Kind.BREAK):
            bond, is_new_line = min(bond, Bond.BREAK), True
        elif cursor.sign(";.!•·|"):
            bond = min(bond, Bond.STOP)
        elif not is_first and cursor.sign(",/-"):
            bond = min(bond, Bond.COMMA)
        elif cursor.sign({"||"}):
            return Bond.FALLBACK
        else:
            break
    return bond


def _in_brackets(cursor: Cursor, bond: Bond) -> list[Statement] | None:
    """Read qualifiers in brackets, or in quotation marks; they belong to the line before."""
    opening = cursor.sign(set(_CLOSING))
    if opening is None:
        return None
    bond = Bond.ATTACHED if bond in (Bond.ATTACHED, Bond.COMMA) else bond
    found: list[Statement] = []
    while not cursor.sign(_CLOSING[opening]):
        statement = _after_a_line(cursor, bond) or statements.remark(cursor, bond, is_in_brackets=True)
        if statement is None:
            raise cursor.doubt(Doubt.WORDS)
        found.append(statement)
        cursor.sign(",;")
    return found


def _after_colon(cursor: Cursor) -> Qualifier | None:
    """Read the „: Krabbelgruppe“ of „Mo 9–11 Uhr: Krabbelgruppe“."""
    start = cursor.position
    found = statements.remark(cursor, Bond.ATTACHED) if cursor.sign(":") else None
    if found is None:
        cursor.position = start
    return found


def _after_a_line(cursor: Cursor, bond: Bond) -> Besides | Shut | Qualifier | None:
    return statements.besides(cursor, bond) or closed.shut(cursor, bond) or statements.qualifier(cursor, bond)


def _statement(cursor: Cursor, bond: Bond, before: list[Statement]) -> Statement | None:
    """Read one statement: what is longest in grammar goes first."""
    at_start = not before
    has_lines = any(isinstance(statement, Line) for statement in before)
    found: Statement | None = closed.shut(cursor, bond) or statements.line(cursor, bond)
    if found is None and not has_lines:
        found = statements.heading(cursor, bond, at_start=at_start)
    found = found or statements.besides(cursor, bond) or _line_after_and(cursor, bond)
    if found is None and has_lines and isinstance(before[-1], Line | More):
        found = statements.more(cursor, bond)
    if found is None and bond != Bond.ATTACHED:
        found = statements.heading(cursor, bond, at_start=at_start)
    found = found or statements.qualifier(cursor, bond)
    if found is None and at_start:
        found = statements.line_backwards(cursor, bond)
    if found is None and before and not isinstance(before[-1], Heading):
        found = statements.remark(cursor, bond)
    return found


def _line_after_and(cursor: Cursor, bond: Bond) -> Line | None:
    start = cursor.position
    is_joined = conjunction(cursor) or cursor.sign("&+")
    found = statements.line(cursor, max(bond, Bond.COMMA)) if is_joined else None
    if found is None:
        cursor.position = start
    return found
