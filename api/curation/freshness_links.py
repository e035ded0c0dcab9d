"""Links that providers get by mail: for one purpose, for some weeks; kept as hashes."""

from datetime import timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import func, select, update
from sqlmodel import Session, col, delete

from api.accounts import sessions
from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import freshness
from api.curation.freshness_models import ProviderLink, ProviderMail, Purpose
from api.history.models import Origin, Revision
from api.history.service import Act
from api.offers.models import Offer
from api.organizations.models import Organization
from api.regions.models import Region

DAYS: Final = {Purpose.CHECK: 42, Purpose.QUIET: 400}
# An expired link still says that it has expired, for so long.
REMEMBERED_DAYS: Final = 400


class Standing(StrEnum):
    """What a link is still good for; each has a page of its own."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"


class Found(NamedTuple):
    """A link that exists, and how it stands."""

    link: ProviderLink
    standing: Standing


def make(session: Session, region_id: int, organization_id: int, purpose: Purpose) -> str:
    """Return the token of a new link; the organization's former links to check its entries end."""
    now, token = clock.now(), sessions.new_token()
    if purpose == Purpose.CHECK:
        former = update(ProviderLink).where(
            col(ProviderLink.organization_id) == organization_id,
            col(ProviderLink.purpose) == purpose,
            col(ProviderLink.used_at).is_(None),
            col(ProviderLink.expires_at) > now,
        )
        session.execute(former.values(expires_at=now))
    last = select(func.coalesce(func.max(col(Revision.id)), 0)).where(col(Revision.region_id) == region_id)
    session.add(
        ProviderLink(
            token_hash=sessions.digest(token),
            organization_id=organization_id,
            region_id=region_id,
            purpose=purpose,
            created_at=now,
            expires_at=now + timedelta(days=DAYS[purpose]),
            seen_revision=session.scalar(last) or 0,
        )
    )
    session.flush()
    return token


def find(session: Session, region_id: int, token: str, purpose: Purpose) -> Found:
    """Return a link and how it stands, or raise NotFoundError; looking uses nothing up."""
    stmt = select(ProviderLink).where(
        col(ProviderLink.token_hash) == sessions.digest(token),
        col(ProviderLink.region_id) == region_id,
        col(ProviderLink.purpose) == purpose,
    )
    link = session.scalars(stmt).first()
    if link is None:
        raise NotFoundError("There is no such link.")
    return Found(link, _standing(link))


def held(session: Session, region_id: int, token: str) -> ProviderLink:
    """Return a link to check entries by which nobody else acts until this transaction ends.

    Raises NotFoundError if there is no such link, ConflictError if it was used up or has expired. Of two who
    come at the same time, the second one waits.
    """
    link = find(session, region_id, token, Purpose.CHECK).link
    session.refresh(link, with_for_update=True)
    standing = _standing(link)
    if standing != Standing.OPEN:
        raise ConflictError(f"The link is {standing.value}.")
    return link


def use_up(session: Session, link: ProviderLink) -> None:
    """Let a link be good for nothing more: all entries have been looked at."""
    link.used_at = clock.now()
    session.flush()


def redeem(session: Session, region_id: int, token: str) -> ProviderLink:
    """Hold a link and use it up, with the same transaction that writes what came of it; see held."""
    link = held(session, region_id, token)
    use_up(session, link)
    return link


def act_of(link: ProviderLink) -> Act:
    """Return who acts by a link: the organization, no person."""
    return Act(link.region_id, f"provider:{link.organization_id}", Origin.LINK)


def entries(session: Session, region: Region, link: ProviderLink) -> list[freshness.Line]:
    """Return the public entries that a link is about, the oldest first."""
    return freshness.of_organization(session, region, link.organization_id)


def is_about(session: Session, link: ProviderLink, offer_id: int) -> bool:
    """Return whether an offer, public or not, is one of the organization of a link."""
    offer = session.get(Offer, offer_id)
    return offer is not None and offer.organization_id == link.organization_id


def changed_since(session: Session, region: Region, link: ProviderLink) -> list[int]:
    """Return the entries that somebody has changed since the mail was written: the page says so."""
    return [line.offer_id for line in entries(session, region, link) if line.seen > link.seen_revision]


def be_quiet(session: Session, region_id: int, token: str, *, quiet: bool = True) -> Organization:
    """Send no more mail to the organization of a link, or do so again; any number of times.

    Raises NotFoundError if there is no such link, ConflictError if it has expired.
    """
    found = find(session, region_id, token, Purpose.QUIET)
    if found.standing == Standing.EXPIRED:
        raise ConflictError("The link is expired.")
    set_mail(session, region_id, found.link.organization_id, quiet=quiet)
    return session.get_one(Organization, found.link.organization_id)


def is_quiet(session: Session, link: ProviderLink) -> bool:
    """Return whether the organization of a link gets no mail."""
    choice = session.get(ProviderMail, link.organization_id)
    return choice is not None and choice.quiet_since is not None


def organization_of(session: Session, link: ProviderLink) -> str:
    """Return what the organization of a link is called."""
    return session.get_one(Organization, link.organization_id).name


def set_mail(
    session: Session, region_id: int, organization_id: int, *, quiet: bool, email: str | None = None
) -> ProviderMail:
    """Say whether an organization gets mail and, if email is said, where; "" is where its entries say."""
    organization = session.get(Organization, organization_id)
    if organization is None or organization.region_id != region_id:
        raise NotFoundError("There is no such organization.")
    choice = session.get(ProviderMail, organization_id) or ProviderMail(
        organization_id=organization_id, region_id=region_id
    )
    choice.quiet_since = (choice.quiet_since or clock.now()) if quiet else None
    if email is not None:
        choice.email = email.strip().lower() or None
    session.add(choice)
    session.flush()
    return choice


def forget(session: Session) -> int:
    """Delete links that expired long ago; return how many."""
    long_ago = clock.now() - timedelta(days=REMEMBERED_DAYS)
    done = session.execute(delete(ProviderLink).where(col(ProviderLink.expires_at) < long_ago))
    return int(getattr(done, "rowcount", 0))


def _standing(link: ProviderLink) -> Standing:
    if link.used_at is not None:
        return Standing.USED
    return Standing.EXPIRED if link.expires_at <= clock.now() else Standing.OPEN
