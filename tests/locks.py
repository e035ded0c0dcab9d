"""Waiting until one transaction waits for another."""

import threading

from sqlalchemy import Engine, text

WAITS = """
  SELECT count(*) FROM pg_locks waiting JOIN pg_locks known USING (pid)
  JOIN pg_database d ON d.oid = known.database AND d.datname = current_database()
  WHERE NOT waiting.granted
"""


def wait_for_lock(engine: Engine) -> None:
    """Return as soon as some transaction in the database waits for a lock, or fail after five seconds."""
    with engine.connect() as connection:
        for _try in range(500):
            if connection.scalar(text(WAITS)):
                return
            connection.rollback()
            threading.Event().wait(0.01)
    raise AssertionError("the second transaction did not wait for the first")
