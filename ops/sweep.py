"""Archives what nobody has looked at for very long, and forgets expired lists; called once a day."""

import argparse
import sys
from collections.abc import Sequence

from sqlmodel import Session

from api.core.db import make_engine
from api.core.settings import settings
from api.curation import freshness_links
from api.curation.freshness_sweep import WARNED_DAYS, sweep
from api.referrals import service as referrals
from api.regions import service as regions

OFF = "Archivieren ist aus. Mit LANDKARTE_ARCHIVE_MONTHS sagen Sie, nach wie vielen Monaten es beginnt."


def main(arguments: Sequence[str] | None = None) -> int:
    """Sweep all regions, each in a transaction of its own; return 0."""
    parser = argparse.ArgumentParser(prog="make sweep", description="Ankündigen und archivieren.")
    parser.add_argument("--dry-run", action="store_true", help="nur sagen, was geschähe")
    asked = parser.parse_args(arguments)
    months = settings().archive_months
    if not months:
        print(OFF)
    engine = make_engine(settings().database_url, statement_seconds=600)
    with Session(engine, expire_on_commit=False) as session:
        for region in regions.every(session):
            done = sweep(session, region, months, dry_run=asked.dry_run)
            if not asked.dry_run:
                referrals.forget_expired(session, region)
            session.commit()
            print(
                f"{region.name}: {len(done.warned)} neu angekündigt (frühestens in {WARNED_DAYS} Tagen),"
                f" {len(done.archived)} archiviert, {len(done.cleared)} nicht mehr angekündigt"
            )
        if not asked.dry_run:
            freshness_links.forget(session)
            session.commit()
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
