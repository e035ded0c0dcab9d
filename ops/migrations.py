"""Asks whether a database has all migrations, without running any."""

from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from ops.progress import StepFailedError

ROOT: Final = Path(__file__).resolve().parents[1]


def is_migrated(url: str) -> bool:
    """Tell whether the database has the newest migration; raise StepFailedError if it is unreachable."""
    wanted = ScriptDirectory.from_config(Config(toml_file=ROOT / "pyproject.toml")).get_heads()
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads()) == set(wanted)
    except OperationalError as error:
        raise StepFailedError(f"Die Datenbank ist nicht erreichbar: {error.orig}") from error
    finally:
        engine.dispose()
