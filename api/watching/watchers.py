"""Whether and when somebody is told by mail; nobody else reads or writes it for them."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from api.accounts import sessions
from api.accounts.models import Account, Grant
from api.accounts.policy import Person
from api.core import clock
from api.core.errors import NotFoundError
from api.regions.models import Region
from api.watching.models import Rhythm, Watcher

DAYS: Final = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}
LONGEST_TOKEN: Final = 200
# Who wants a mail by today, may still come in, has a role here and anything to be told of.
_DUE: Final = text("""
  SELECT w.account_id FROM watcher w JOIN account a ON a.id = w.account_id
  WHERE w.region_id = :region AND a.disabled_at IS NULL
  AND ((w.rhythm = 'daily' AND w.told_on <= :daily) OR (w.rhythm = 'weekly' AND w.told_on <= :weekly))
  AND EXISTS (SELECT FROM account_grant g WHERE g.account_id = a.id AND g.region_id = w.region_id)
  AND (
    EXISTS (SELECT FROM saved_search s
      WHERE s.account_id = a.id AND s.region_id = w.region_id AND s.removed_at IS NULL)
    OR EXISTS (SELECT FROM watched_offer o
      WHERE o.account_id = a.id AND o.region_id = w.region_id AND o.removed_at IS NULL))
  ORDER BY w.account_id
""")


def find(session: Session, person: Person) -> Watcher | None:
    """Return what somebody wants to be told; None: they have never kept an eye on anything here."""
    return session.get(Watcher, (person.account_id, person.region_id))


def held(session: Session, region: Region, account_id: int) -> Watcher:
    """Return what somebody wants to be told, begun if need be; nobody else changes it until the end."""
    fresh = insert(Watcher).values(
        account_id=account_id,
        region_id=region.id,
        rhythm=Rhythm.WEEKLY,
        told_on=clock.today(region.timezone),
        mails=0,
        quiet_token=secrets.token_urlsafe(32),
    )
    session.execute(fresh.on_conflict_do_nothing())
    return session.get_one(Watcher, (account_id, region.id), with_for_update=True, populate_existing=True)


def choose(session: Session, region: Region, person: Person, rhythm: Rhythm) -> None:
    """Let somebody have mails as often as they say."""
    held(session, region, person.account_id).rhythm = rhythm
    session.flush()


def due(session: Session, region: Region) -> Sequence[int]:
    """Return the accounts for which it is time for a mail, if there is anything to tell."""
    today = clock.today(region.timezone)
    days = {rhythm.value: today - timedelta(days=number) for rhythm, number in DAYS.items()}
    return session.scalars(_DUE, {"region": region.id, **days}).all()


def is_due(region: Region, watcher: Watcher) -> bool:
    """Return whether it is time for a mail."""
    days = DAYS.get(watcher.rhythm)
    return days is not None and watcher.told_on <= clock.today(region.timezone) - timedelta(days=days)


def person_of(session: Session, region: Region, account_id: int) -> Person | None:
    """Return who an account is, with the rights of this very moment; None: it may come in no more."""
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        return None
    rows = session.scalars(
        select(Grant).where(col(Grant.account_id) == account_id, col(Grant.region_id) == region.id)
    )
    return Person(account_id, account.name, region.id, tuple(sessions.granted(row) for row in rows))


def email_of(session: Session, account_id: int) -> str:
    """Return where an account gets its mail."""
    return session.get_one(Account, account_id).email


def of_token(session: Session, region_id: int, token: str) -> Watcher:
    """Return whose mails a link ends, or raise NotFoundError."""
    stmt = select(Watcher).where(col(Watcher.quiet_token) == token, col(Watcher.region_id) == region_id)
    is_one = token.isascii() and token.isprintable() and len(token) <= LONGEST_TOKEN
    found = session.scalars(stmt).first() if is_one else None
    if found is None:
        raise NotFoundError("There is no such link.")
    return found


def be_quiet(session: Session, region_id: int, token: str, *, quiet: bool = True) -> None:
    """End somebody's mails, or let them come weekly again; any number of times."""
    watcher = of_token(session, region_id, token)
    if quiet or watcher.rhythm == Rhythm.NONE:
        watcher.rhythm = Rhythm.NONE if quiet else Rhythm.WEEKLY
    session.flush()
