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
from ops.digest import NO_SERVER
from web.mail import sending, watching
from web.staff.watching_address import reader


def main(arguments: Sequence[str] | None = None) -> int:
    """Write to all who want it by now, each in a transaction of its own; return how many were not taken."""
    parser = argparse.ArgumentParser(prog="make news", description="Mitarbeitenden schreiben, was neu ist.")
    parser.add_argument("--dry-run", action="store_true", help="nur sagen, wie vielen geschrieben würde")
    asked = parser.parse_args(arguments)
    chosen = settings()
    if not chosen.smtp_host and not asked.dry_run:
        print(NO_SERVER, file=sys.stderr)
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
    if found and not region.hostnames and not dry_run:
        print(f"{region.name}: ohne Rechnernamen (hostnames) führt kein Link hierher.", file=sys.stderr)
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
    try:
        letter = watching.digest(session, region, f"https://{region.hostnames[0]}", prepared)
        sending.send(chosen, letter)
    except sending.NotSentError as error:
        session.rollback()
        # Its text may name the address.
        print(f"  account:{account_id}: {type(error.__cause__).__name__}", file=sys.stderr)
        return False
    session.commit()
    return True


if __name__ == "__main__":
    sys.exit(main())
