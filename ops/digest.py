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
from web.mail import letters, sending

NO_SERVER = "Kein Mailserver: LANDKARTE_SMTP_HOST ist leer."


def main(arguments: Sequence[str] | None = None) -> int:
    """Write to all who are due, each in a transaction of its own; return how many mails were not taken."""
    parser = argparse.ArgumentParser(prog="make digest", description="Anbietern schreiben.")
    parser.add_argument("--dry-run", action="store_true", help="nur sagen, wem geschrieben würde")
    asked = parser.parse_args(arguments)
    chosen = settings()
    if not chosen.smtp_host and not asked.dry_run:
        print(NO_SERVER, file=sys.stderr)
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
    if not region.hostnames and known and not dry_run:
        print(f"{region.name}: ohne Rechnernamen (hostnames) führt kein Link hierher.", file=sys.stderr)
        return len(known)
    if dry_run:
        print("\n".join(f"  {one.name} <{one.email or 'keine Mailadresse'}>" for one in found))
        return 0
    return sum(not _write(session, region, chosen, one) for one in known)


def _write(session: Session, region: Region, chosen: Settings, recipient: Recipient) -> bool:
    """Write to one organization; a mail that was not taken leaves nothing: the next run tries again."""
    prepared = freshness_digest.prepare(session, region, recipient, chosen.digest_weeks)
    if prepared is None:
        session.rollback()
        return True
    try:
        sending.send(chosen, letters.digest(region, f"https://{region.hostnames[0]}", prepared))
    except sending.NotSentError as error:
        session.rollback()
        print(f"  {recipient.name} <{recipient.email}>: {error}", file=sys.stderr)
        return False
    session.commit()
    return True


if __name__ == "__main__":
    sys.exit(main())
