"""Statements that are written once: SQLAlchemy needs as long to write one as PostgreSQL to run it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ClauseElement, CursorResult
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlmodel import Session

_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Ready:
    """A statement as psycopg takes it, with the values that it was written with."""

    def __init__(self, statement: ClauseElement) -> None:
        """Write the statement; its named parameters are said when it runs, with their types cast in it."""
        written = statement.compile(dialect=_DIALECT)
        self._text = str(written)
        self._values = dict(written.params)

    def run(
        self, session: Session, values: Mapping[str, Any], plain: Mapping[str, float] | None = None
    ) -> CursorResult[Any]:
        """Run it with these values.

        plain: numbers that stand in the statement itself, because how to look depends on how large they are.
        """
        text = self._text
        for name, number in (plain or {}).items():
            text = text.replace(f"%({name})s", repr(number))
        return session.connection().exec_driver_sql(text, {**self._values, **values})
