"""A process that searches until it is ended: python -m tests.search.searcher follow FOLDER."""

import sys
from pathlib import Path

from sqlmodel import Session

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.db import make_engine
from api.core.settings import settings
from tests.search.town import Process, region_named


def follow(folder: Path) -> None:
    """Keep the index up to date, without a pause."""
    process = Process(make_engine(settings().database_url), folder)
    process.finds()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        with Session(process.engine) as session:
            process.shelves.at(region_named(session, "stadt"))


if __name__ == "__main__":
    follow(Path(sys.argv[2]))
