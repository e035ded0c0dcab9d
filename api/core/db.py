"""Connections to PostgreSQL: always as the app role, one transaction for each request."""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

APP_ROLE = "landkarte_app"


def make_engine(url: str, statement_seconds: int = 20) -> Engine:
    """Return an engine whose connections act as the app role and give up on statements after some seconds."""
    engine = create_engine(
        url, pool_pre_ping=True, hide_parameters=True, pool_size=10, max_overflow=10, pool_timeout=10
    )

    @event.listens_for(engine, "connect")
    def _become_app(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401
        # Where only an owner's address is set, the app still works with no more rights than it needs.
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {APP_ROLE}")
        cursor.execute(f"SET statement_timeout = '{statement_seconds}s'")
        cursor.close()
        connection.commit()

    return engine
