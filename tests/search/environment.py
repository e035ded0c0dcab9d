"""What a process of its own needs to know to work on a test's database."""

import os

from sqlalchemy import Engine


def environment(engine: Engine) -> dict[str, str]:
    """Return the variables of this process, with the database of an engine."""
    return {**os.environ, "LANDKARTE_DATABASE_URL": engine.url.render_as_string(hide_password=False)}
