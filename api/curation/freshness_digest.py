"""Which organizations get a mail about what they should look at: one for all entries, and rarely."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, text
from sqlmodel import Session, col

from api.core import clock
from api.curation import freshness, freshness_links
from api.curation.freshness import Line
from api.curation.freshness_models import ProviderLink, Purpose
from api.offers.freshness import Freshness
from api.organizations.models import Organization
from api.regions.models import Region

# Where an organization wants its mail, else the address that most of its entries have, a public one if any.
_WHO: Final = text("""
  SELECT g.id, g.name, coalesce(m.email, (
    SELECT lower(c.email) FROM contact c JOIN offer o ON o.id = c.offer_id
    WHERE o.organization_id = g.id AND o.status = 'published' AND c.email IS NOT NULL
    GROUP BY lower(c.email) ORDER BY bool_or(c.is_public) DESC, count(*) DESC, lower(c.email) LIMIT 1
  )) AS email
  FROM organization g LEFT JOIN provider_mail m ON m.organization_id = g.id
  WHERE g.region_id = :region AND m.quiet_since IS NULL
  AND g.id IN (
    SELECT o.organization_id FROM offer_freshness f JOIN offer o ON o.id = f.offer_id
    WHERE f.region_id = :region AND f.due_on < :today AND NOT o.is_example)
  AND NOT EXISTS (
    SELECT FROM provider_link l
    WHERE l.organization_id = g.id AND l.purpose = 'check' AND l.created_at > :lately)
  ORDER BY g.id
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
    return [Recipient(row.id, row.name, row.email) for row in session.execute(_WHO, said)]


def prepare(session: Session, region: Region, recipient: Recipient, weeks: int) -> Digest | None:
    """Return a mail with new links, or None if another process has just written to this organization.

    Commit once the mail is on its way: the link it makes is what says that there was one.
    """
    lock = select(col(Organization.id)).where(col(Organization.id) == recipient.organization_id)
    session.execute(lock.with_for_update())
    lately = select(col(ProviderLink.id)).where(
        col(ProviderLink.organization_id) == recipient.organization_id,
        col(ProviderLink.purpose) == Purpose.CHECK,
        col(ProviderLink.created_at) > clock.now() - timedelta(weeks=weeks),
    )
    if session.scalar(lately.limit(1)) is not None:
        return None
    every = freshness.of_organization(session, region, recipient.organization_id)
    old = [line for line in every if line.state != Freshness.FRESH]
    check, quiet = (
        freshness_links.make(session, region.id, recipient.organization_id, purpose)
        for purpose in (Purpose.CHECK, Purpose.QUIET)
    )
    return Digest(recipient, old, len(every) - len(old), check, quiet)
