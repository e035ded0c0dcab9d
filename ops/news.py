"""Writes to members of staff what is new in their searches and on their lists, if there is anything."""

import argparse
import sys
from collections.abc import Sequence

from sqlmodel import Session

from api.core.db import make_engine
from api.core.settings import Settings, settings
from api.regions import service as regions
from api.regions.models import Region
from api.search.shelves import WARM_SECONDS, Shelves
from api.watching import marks, news, searches, watchers
from ops import mailing
from web.mail import watching
from web.staff.watching_address import reader


def main(arguments: Sequence[str] | None = None) -> int:
    """Write to all who want it by now, each in a transaction of its own; return how many were not taken."""
    parser = argparse.ArgumentParser(prog="make news", description="Mitarbeitenden schreiben, was neu ist.")
    parser.add_argument("--dry-run", action="store_true", help="nur sagen, wie vielen geschrieben würde")
    asked = parser.parse_args(arguments)
    chosen = settings()
    if not asked.dry_run and not mailing.has_server(chosen):
        return 1
    engine = make_engine(chosen.database_url)
    shelves = Shelves(engine, chosen.index_dir)
    failed = 0
    with Session(engine, expire_on_commit=False) as session:
        for region in regions.every(session):
            failed += _write_to_all(session, region, chosen, shelves, dry_run=asked.dry_run)
        if not asked.dry_run:
            searches.forget(session)
            marks.forget(session)
            session.commit()
    shelves.close()
    engine.dispose()
    return failed


def _write_to_all(
    session: Session, region: Region, chosen: Settings, shelves: Shelves, *, dry_run: bool
) -> int:
    found = watchers.due(session, region)
    session.commit()
    if found:
        shelves.at(region, WARM_SECONDS)  # who searches in words would else be told tomorrow
    if found and not dry_run and not mailing.has_address(region):
        return len(found)
    done = [_write(session, region, chosen, shelves, one, dry_run=dry_run) for one in found]
    print(f"{region.name}: {sum(one is True for one in done)} Mails{' (nur gezeigt)' if dry_run else ''}")
    return sum(one is False for one in done)


def _write(
    session: Session, region: Region, chosen: Settings, shelves: Shelves, account_id: int, *, dry_run: bool
) -> bool | None:
    """Write to one account; None: there is nothing to tell. What was not taken is told by the next run."""
    prepared = news.prepare(session, region, account_id, reader(session, region), shelves)
    if prepared is None or dry_run:
        session.rollback()
        return None if prepared is None else True
    letter = watching.digest(session, region, mailing.address(region), prepared)
    return mailing.post(session, chosen, letter, f"account:{account_id}", shows_why=False)


if __name__ == "__main__":
    sys.exit(main())
