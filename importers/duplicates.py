"""Looks for offers of a region that may be one: `python -m importers.duplicates --region=KÜRZEL`.

People decide about them; what was decided is not asked about again (docs/adr/0035-merge.md).
"""

import argparse
import sys
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.errors import NotFoundError
from api.curation import duplicates
from api.curation.duplicates import Alike, Noted
from api.curation.duplicates_kinds import Likeness
from api.curation.sheet import hold
from api.offers.models import Status
from api.regions import service as regions
from api.regions.models import Region
from importers.errors import UnusableError
from importers.matching import Candidate, pairs
from importers.matching.facts import Known
from importers.terminal import connected, run_command


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if all regions that are meant were looked through, 2 if not."""
    parser = argparse.ArgumentParser(
        prog="python -m importers.duplicates",
        description="Sucht Angebote, die doppelt auf der Karte stehen. Entschieden wird von Menschen.",
    )
    parser.add_argument("--region", metavar="KÜRZEL", help="nur diese Region; sonst alle")
    asked = parser.parse_args(arguments)
    return run_command(lambda: _look(asked.region))


def _look(slug: str | None) -> int:
    with connected() as engine:
        with Session(engine) as session:
            every = list(session.scalars(select(col(Region.slug)).order_by(col(Region.slug))))
        for one in [slug] if slug else every:
            with Session(engine) as session, session.begin():
                try:
                    region = regions.get(session, one)
                except NotFoundError as error:
                    raise UnusableError(f"Die Region „{one}“ gibt es nicht.") from error
                sys.stdout.write(described(region.name, look(session, region.id)) + "\n")
    return 0


def look(session: Session, region_id: int) -> Noted:
    """Compare all offers of a region with each other and note which may be one."""
    hold(session, region_id)
    return duplicates.note_found(session, region_id, _alike(session, region_id))


def described(region: str, noted: Noted) -> str:
    """Return what a search has found, in German."""
    changes = f"{noted.new} neu, {noted.again} wieder, {noted.closed} erledigt"
    waits = "1 Paar wartet" if noted.waiting == 1 else f"{noted.waiting} Paare warten"
    return f"{region}: {waits} auf eine Entscheidung ({changes})."


def _alike(session: Session, region_id: int) -> Iterator[Alike]:
    for one, other in pairs(session, region_id):
        if Status.ARCHIVED not in (one.status, other.status):
            yield _said(one, other)


def _said(one: Known, other: Candidate) -> Alike:
    reasons = [reason.sentence for reason in other.evidence.reasons if reason.sentence]
    verdict = Likeness(other.verdict.value)
    return Alike((one.offer_id, other.offer_id), verdict, other.evidence.score, reasons)


if __name__ == "__main__":
    sys.exit(main())
