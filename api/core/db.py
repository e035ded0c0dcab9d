"""Connections to PostgreSQL: always as the app role, one transaction for each request."""

from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

APP_ROLE = "landkarte_app"
IDLE_SECONDS = 120


def make_engine(url: str, statement_seconds: int = 10) -> Engine:
    """Return an engine whose connections act as the app role and give up on statements after some seconds."""
    engine = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=10,
        max_overflow=10,
        pool_timeout=5,
        connect_args={"connect_timeout": 3, "tcp_user_timeout": 15_000},
    )

    @event.listens_for(engine, "connect")
    def _become_app(connection: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401
        # Where only an owner's address is set, the app still works with no more rights than it needs.
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {APP_ROLE}")
        cursor.execute(f"SET statement_timeout = '{statement_seconds}s'")
        # To compile a statement takes longer than any of ours runs.
        cursor.execute("SET jit = off")
        # A process that hangs must not keep others from the rows it has locked.
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{max(IDLE_SECONDS, statement_seconds)}s'")
        cursor.close()
        connection.commit()

    return engine


def make_pool(engine: Engine) -> AsyncConnectionPool[AsyncConnection]:
    """Return a small pool, not yet open, for single short questions to the database of an engine.

    When the database is gone, who asks waits two seconds; once it is back, the next one is answered.
    """

    async def become_app(connection: AsyncConnection) -> None:
        await connection.execute(f"SET ROLE {APP_ROLE}")
        await connection.execute("SET statement_timeout = '2s'")

    return AsyncConnectionPool(
        engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        kwargs={"autocommit": True, "connect_timeout": 2},
        configure=become_app,
        min_size=1,
        max_size=4,
        timeout=2,
        reconnect_timeout=1,  # rather a new attempt with the next question than a longer and longer pause
        open=False,
    )
