"""Which organizations get a mail about what they should look at: one for all entries, and rarely."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from api.core import clock
from api.curation import freshness, freshness_links
from api.curation.freshness import Line
from api.curation.freshness_models import ProviderLink, Purpose
from api.offers.freshness import Freshness
from api.organizations.models import Organization
from api.regions.models import Region

MOST_A_DAY: Final = 3  # mails that somebody has asked for; whoever it was
MOST_AT_ONE_ADDRESS: Final = 5  # organizations
# Where an organization wants its mail, else the address that most of its entries have, a public one if any.
_KNOWN: Final = text("""
  SELECT g.id, g.name, coalesce(m.email, (
    SELECT lower(c.email) FROM contact c JOIN offer o ON o.id = c.offer_id
    WHERE o.organization_id = g.id AND o.status = 'published' AND c.email IS NOT NULL
    GROUP BY lower(c.email) ORDER BY bool_or(c.is_public) DESC, count(*) DESC, lower(c.email) LIMIT 1
  )) AS email
  FROM organization g LEFT JOIN provider_mail m ON m.organization_id = g.id
  WHERE g.region_id = :region AND g.id = ANY(:ids)
  ORDER BY g.id
""")
_DUE: Final = text("""
  SELECT g.id
  FROM organization g LEFT JOIN provider_mail m ON m.organization_id = g.id
  WHERE g.region_id = :region AND m.quiet_since IS NULL
  AND g.id IN (
    SELECT o.organization_id FROM offer_freshness f JOIN offer o ON o.id = f.offer_id
    WHERE f.region_id = :region AND f.due_on < :today AND NOT o.is_example)
  AND NOT EXISTS (
    SELECT FROM provider_link l
    WHERE l.organization_id = g.id AND l.purpose = 'check' AND l.created_at > :lately)
""")
_NAMED: Final = text("""
  SELECT organization_id FROM provider_mail WHERE region_id = :region AND email = :email
  UNION
  SELECT o.organization_id FROM contact c JOIN offer o ON o.id = c.offer_id
  WHERE o.region_id = :region AND o.status = 'published' AND o.organization_id IS NOT NULL
  AND lower(c.email) = :email
""")


@dataclass(frozen=True)
class Recipient:
    """An organization that is to get a mail; email: none is known, so that somebody has to call."""

    organization_id: int
    name: str
    email: str | None


@dataclass(frozen=True)
class Digest:
    """What one mail says: the entries to look at, and the links that only this mail has."""

    recipient: Recipient
    lines: Sequence[Line]  # due or soon due, the oldest first
    others: int  # that hold for longer
    check: str  # tokens
    quiet: str


def recipients(session: Session, region: Region, weeks: int) -> list[Recipient]:
    """Return who is due for a mail: something is due, and there was none within so many weeks."""
    said = {
        "region": region.id,
        "today": clock.today(region.timezone),
        "lately": clock.now() - timedelta(weeks=weeks),
    }
    return _known(session, region, session.scalars(_DUE, said).all())


def recipient(session: Session, region: Region, organization_id: int) -> Recipient | None:
    """Return an organization of the region with the address that is known of it."""
    return next(iter(_known(session, region, [organization_id])), None)


def at_address(session: Session, region: Region, email: str) -> list[Recipient]:
    """Return the organizations that get their mail at an address, at most MOST_AT_ONE_ADDRESS."""
    wanted = email.strip().lower()
    ids = session.scalars(_NAMED, {"region": region.id, "email": wanted}).all()
    found = [one for one in _known(session, region, ids) if one.email == wanted]
    return found[:MOST_AT_ONE_ADDRESS]


def prepare(session: Session, region: Region, recipient: Recipient, weeks: int) -> Digest | None:
    """Return a mail with new links, or None if another process has just written to this organization.

    Commit once the mail is on its way: the link it makes is what says that there was one.
    """
    if _written(session, recipient, timedelta(weeks=weeks)):
        return None
    return _digest(session, region, recipient)


def prepare_anew(session: Session, region: Region, recipient: Recipient) -> Digest | None:
    """Return a mail that somebody has asked for, also for those who want none unasked.

    None: it has no public entries, or it got MOST_A_DAY already, for anybody can ask. Commit as with prepare.
    """
    if _written(session, recipient, timedelta(days=1)) >= MOST_A_DAY:
        return None
    made = _digest(session, region, recipient)
    return made if made.lines or made.others else None


def _known(session: Session, region: Region, ids: Sequence[int]) -> list[Recipient]:
    rows = session.execute(_KNOWN, {"region": region.id, "ids": list(ids)})
    return [Recipient(row.id, row.name, row.email) for row in rows]


def _written(session: Session, recipient: Recipient, lately: timedelta) -> int:
    """Return how many mails an organization got lately; nobody else writes to it until this is committed."""
    lock = select(col(Organization.id)).where(col(Organization.id) == recipient.organization_id)
    session.execute(lock.with_for_update())
    made = select(func.count()).where(
        col(ProviderLink.organization_id) == recipient.organization_id,
        col(ProviderLink.purpose) == Purpose.CHECK,
        col(ProviderLink.created_at) > clock.now() - lately,
    )
    return session.scalar(made) or 0


def _digest(session: Session, region: Region, recipient: Recipient) -> Digest:
    every = freshness.of_organization(session, region, recipient.organization_id)
    old = [line for line in every if line.state != Freshness.FRESH]
    check, quiet = (
        freshness_links.make(session, region.id, recipient.organization_id, purpose)
        for purpose in (Purpose.CHECK, Purpose.QUIET)
    )
    return Digest(recipient, old, len(every) - len(old), check, quiet)
