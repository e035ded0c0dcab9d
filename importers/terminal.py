"""What all commands share: a connection, and mistakes said in one German sentence."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError

from api.core.db import make_engine
from api.core.errors import DomainError
from api.core.settings import settings
from importers.errors import UnusableError
from importers.outage import explained

UNUSABLE = 2
INTERRUPTED = 130
# Drawing a county's spaces anew and measuring them against each other may take a while.
STATEMENT_SECONDS = 300


@contextmanager
def connected() -> Iterator[Engine]:
    """Yield an engine for the installation's database, or raise UnusableError if none is set."""
    try:
        url = settings().database_url
    except ValidationError as error:
        raise UnusableError(_settings_reason(error)) from error
    engine = make_engine(url, statement_seconds=STATEMENT_SECONDS)
    try:
        yield engine
    finally:
        engine.dispose()


def _settings_reason(error: ValidationError) -> str:
    if any("database_url" in mistake["loc"] for mistake in error.errors()):
        return "Es ist keine Datenbank eingestellt (LANDKARTE_DATABASE_URL)."
    return f"Die Einstellungen stimmen nicht: {error.errors()[0]['msg']}."


def run_command(command: Callable[[], int]) -> int:
    """Return the command's exit code; what stops it goes to stderr as one sentence, with code 2."""
    try:
        return command()
    except KeyboardInterrupt:
        sys.stderr.write("\nAbgebrochen. Von der angefangenen Datei ist nichts geschrieben.\n")
        return INTERRUPTED
    except UnusableError as error:
        sentence = str(error)
    except DomainError as error:
        sentence = error.detail
    except DataError:
        sentence = (
            "Die Datenbank nimmt einen Wert nicht an: eine zu große Zahl oder ein unzulässiges Zeichen."
        )
    except DBAPIError as error:
        sentence = explained(error)
    sys.stderr.write(f"{sentence}\n")
    return UNUSABLE
