"""Builds the search indexes anew, region after region, with progress; the service goes on answering."""

import argparse
import sys
from collections.abc import Sequence

from sqlmodel import Session
from tqdm import tqdm

from api.core.db import make_engine
from api.core.settings import settings
from api.regions import service as regions
from api.search.index import IndexBusyError
from api.search.refreshing import folder_of, rebuilt


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild the index of every region, or of those named; return how many could not be built."""
    parser = argparse.ArgumentParser(prog="make index", description="Die Suchindizes neu aufbauen.")
    parser.add_argument("regions", nargs="*", metavar="region", help="Kürzel von Regionen; ohne: alle")
    asked = parser.parse_args(arguments)
    chosen = settings()
    engine = make_engine(chosen.database_url, statement_seconds=600)
    with Session(engine) as session:
        found = [regions.get(session, slug) for slug in asked.regions] or regions.every(session)
    failed = 0
    for region in found:
        with tqdm(desc=region.name, unit=" Angebote", dynamic_ncols=True) as progress:
            try:
                rebuilt(engine, folder_of(engine, chosen.index_dir), region.id, progress.update)
            except IndexBusyError:
                failed += 1
                progress.write(
                    f"{region.name}: Ein anderer Prozess schreibt gerade. Bitte später noch einmal."
                )
    engine.dispose()
    return failed


if __name__ == "__main__":
    sys.exit(main())
