"""All checks of some offers, of one after a change, and of a whole region."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from api.doubts import words
from api.doubts.models import Kind
from api.doubts.settling import Settled, forget, settle
from api.offers.models import Offer
from api.regions import service as regions
from api.regions.models import Region
from importers.checking import asking_round, contacts, content, hours, links, points
from importers.checking.asking import Asker
from importers.checking.asking_round import Asked

AT_ONCE: Final = 2_000  # offers in one transaction
SECONDS: Final = 1_800.0  # for links

# Who shares a place or a provider may have been changed with it.
_RELATED: Final = text("""
  SELECT id FROM offer WHERE region_id = :region AND id = ANY (CAST(:offers AS bigint[]))
  UNION
  SELECT b.offer_id FROM offer_at_place a JOIN offer_at_place b ON b.place_id = a.place_id
  WHERE a.offer_id = ANY (CAST(:offers AS bigint[]))
  UNION
  (SELECT b.id FROM offer a JOIN offer b ON b.organization_id = a.organization_id
  WHERE a.id = ANY (CAST(:offers AS bigint[])) AND b.region_id = :region
    AND b.status IN ('published', 'paused') ORDER BY b.id LIMIT 2)
""")


@dataclass
class Checked:
    """What a run has done."""

    offers: int = 0
    settled: Settled = field(default_factory=Settled)
    asked: Asked | None = None  # None: no links were asked for
    dry_run: bool = False

    def text(self) -> str:
        """Return it in German."""
        open_ones = self.settled.found
        new, closed = self.settled.written.total(), self.settled.closed.total()
        found = f"Auffällig: {open_ones.total()} (neu oder anders: {new}), erledigt: {closed}."
        lines = [f"Geprüfte Angebote: {self.offers}. {found}"]
        if self.asked is not None:
            lines.append(self.asked.text())
        elif not self.dry_run:
            lines.append("Links wurden nicht gefragt: Dazu braucht es LANDKARTE_LINK_CONTACT.")
        if self.dry_run:
            lines.append("Probelauf: Es wurde nichts gespeichert und kein Link gefragt.")
        if open_ones:
            width = len(str(max(open_ones.values())))
            lines.append("")
            lines += [
                f"{open_ones[kind]:>{width}} × {words.TITLES[kind]}" for kind in Kind if open_ones[kind]
            ]
        return "\n".join(lines)


def check(session: Session, region: Region, offer_ids: Sequence[int]) -> Settled:
    """Look over some offers with all checks, and keep what looks wrong; no server is asked for anything.

    Offers that are not public any more have no doubts. Looking again changes nothing.
    """
    found = chain(
        links.check(session, offer_ids),
        contacts.check(session, offer_ids),
        points.check(session, region.id, offer_ids),
        hours.check(session, region, offer_ids),
        content.check(session, offer_ids),
    )
    return settle(session, region.id, offer_ids, list(found))


def again(session: Session, region: Region, offer_ids: Sequence[int]) -> Settled:
    """Look over offers that somebody has just changed, with those that share a place or the provider."""
    session.flush()
    related = session.scalars(_RELATED, {"region": region.id, "offers": list(offer_ids)})
    return check(session, region, sorted(related))


def check_region(
    engine: Engine, slug: str, asker: Asker | None = None, seconds: float = SECONDS, *, dry_run: bool = False
) -> Checked:
    """Ask for the links of a region that are due, if somebody does it, and look over all its offers.

    Every part is committed by itself: what is broken off goes on where it was.
    """
    done = Checked(dry_run=dry_run)
    with Session(engine) as session:
        region = regions.get(session, slug)
        every = select(Offer.id).where(col(Offer.region_id) == region.id).order_by(col(Offer.id))
        ids = list(session.scalars(every))
    if asker is not None and not dry_run:
        done.asked = asking_round.ask_due(engine, region.id, asker, seconds)
    done.offers = len(ids)
    for start in range(0, len(ids), AT_ONCE):
        with Session(engine) as session:
            done.settled += check(session, region, ids[start : start + AT_ONCE])
            if not dry_run:
                session.commit()
    if not dry_run:
        with Session(engine) as session:
            forget(session, region.id)
            asking_round.forget(session)
            session.commit()
    return done
