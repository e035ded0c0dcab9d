"""Writes to providers whose entries should be looked at: one mail for all of them, and rarely."""

import argparse
import sys
from collections.abc import Sequence

from sqlmodel import Session

from api.core.db import make_engine
from api.core.settings import Settings, settings
from api.curation import freshness_digest
from api.curation.freshness_digest import Recipient
from api.regions import service as regions
from api.regions.models import Region
from ops import mailing
from web.mail import letters


def main(arguments: Sequence[str] | None = None) -> int:
    """Write to all who are due, each in a transaction of its own; return how many mails were not taken."""
    parser = argparse.ArgumentParser(prog="make digest", description="Anbietern schreiben.")
    parser.add_argument("--dry-run", action="store_true", help="nur sagen, wem geschrieben würde")
    asked = parser.parse_args(arguments)
    chosen = settings()
    if not asked.dry_run and not mailing.has_server(chosen):
        return 1
    engine = make_engine(chosen.database_url)
    failed = 0
    with Session(engine, expire_on_commit=False) as session:
        for region in regions.every(session):
            failed += _write_to_all(session, region, chosen, dry_run=asked.dry_run)
    engine.dispose()
    return failed


def _write_to_all(session: Session, region: Region, chosen: Settings, *, dry_run: bool) -> int:
    found = freshness_digest.recipients(session, region, chosen.digest_weeks)
    session.commit()
    known = [one for one in found if one.email]
    print(f"{region.name}: {len(known)} Mails, {len(found) - len(known)} Anbieter ohne Mailadresse")
    if known and not dry_run and not mailing.has_address(region):
        return len(known)
    if dry_run:
        print("\n".join(f"  {one.name} <{one.email or 'keine Mailadresse'}>" for one in found))
        return 0
    return sum(not _write(session, region, chosen, one) for one in known)


def _write(session: Session, region: Region, chosen: Settings, recipient: Recipient) -> bool:
    """Write to one organization; return False for a mail that was not taken."""
    prepared = freshness_digest.prepare(session, region, recipient, chosen.digest_weeks)
    if prepared is None:
        session.rollback()
        return True
    letter = letters.digest(region, mailing.address(region), prepared)
    return mailing.post(session, chosen, letter, f"{recipient.name} <{recipient.email}>", shows_why=True)


if __name__ == "__main__":
    sys.exit(main())
