"""Who is signed in: rows behind random cookies, so that every one of them can be ended at once.

Without use an hour, in all twelve (NIST SP 800-63B-4, 2.2.3, asks for at most one and 24). At most ten
browsers of one account; the one that was not used for the longest goes when an eleventh comes.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.accounts.models import Account, Grant, StaffSession
from api.accounts.policy import Granted, Person
from api.core import clock

IDLE: Final = timedelta(minutes=60)
ABSOLUTE: Final = timedelta(hours=12)
SECOND_STEP: Final = timedelta(minutes=10)  # for the second factor
MOST: Final = 10
_SEEN_EVERY: Final = timedelta(minutes=1)
_LONGEST: Final = 200  # letters of a cookie that is worth a look


def new_token() -> str:
    """Return 256 random bits that fit into a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """Return what is kept of a token: enough to know it again, too little to use it."""
    return hashlib.sha256(token[:_LONGEST].encode()).digest()


def begin(
    session: Session, account_id: int, browser: str, *, is_whole: bool, has_second_factor: bool = False
) -> str:
    """Let a browser in under a new token, and return it."""
    now, token = clock.now(), new_token()
    session.execute(delete(StaffSession).where(col(StaffSession.created_at) <= now - ABSOLUTE))
    # Who only knows the password must not end the sessions of who knows more.
    alike = [row for row in of_account(session, account_id) if row.is_whole == is_whole]
    for row in alike[MOST - 1 :]:
        session.delete(row)
    session.add(
        StaffSession(
            account_id=account_id,
            token_hash=digest(token),
            is_whole=is_whole,
            has_second_factor=has_second_factor,
            browser=browser,
            created_at=now,
            seen_at=now,
        )
    )
    session.flush()
    return token


def of_token(session: Session, token: str, *, is_whole: bool = True) -> StaffSession | None:
    """Return the session behind a cookie if it still holds, and note that it is in use."""
    if not token or len(token) > _LONGEST:
        return None
    now = clock.now()
    stmt = (
        select(StaffSession)
        .join(Account, col(Account.id) == col(StaffSession.account_id))
        .where(
            col(StaffSession.token_hash) == digest(token),
            col(StaffSession.is_whole).is_(is_whole),
            col(StaffSession.created_at) > now - (ABSOLUTE if is_whole else SECOND_STEP),
            col(StaffSession.seen_at) > now - IDLE,
            col(Account.disabled_at).is_(None),
        )
    )
    found = session.exec(stmt).first()
    if found is not None and now - found.seen_at > _SEEN_EVERY:
        found.seen_at = now
    return found


def person(session: Session, signed_in: StaffSession, region_id: int) -> Person:
    """Return who that is in a region, with the rights of this very moment."""
    account = session.get_one(Account, signed_in.account_id)
    grants = session.exec(
        select(Grant)
        .where(col(Grant.account_id) == account.id, col(Grant.region_id) == region_id)
        .order_by(col(Grant.id))
    )
    return Person(
        account_id=account.id,
        name=account.name,
        region_id=region_id,
        grants=tuple(granted(row) for row in grants),
        has_second_factor=signed_in.has_second_factor,
    )


def granted(row: Grant) -> Granted:
    """Return a grant as the policy reads it."""
    return Granted(
        region_id=row.region_id,
        role=row.role,
        organization_id=row.organization_id,
        space_ids=frozenset(row.space_ids),
        may_publish=row.may_publish,
    )


def rotate(session: Session, signed_in: StaffSession) -> str:
    """Give a session a new token and return it; the old one is worth nothing any more."""
    token = new_token()
    signed_in.token_hash = digest(token)
    session.flush()
    return token


def of_account(session: Session, account_id: int) -> list[StaffSession]:
    """Return the sessions of an account, the last used first."""
    stmt = select(StaffSession).where(col(StaffSession.account_id) == account_id)
    return list(session.exec(stmt.order_by(col(StaffSession.seen_at).desc(), col(StaffSession.id).desc())))


def end(session: Session, account_id: int, session_id: int) -> bool:
    """End one session of an account; return whether there was one."""
    stmt = delete(StaffSession).where(
        col(StaffSession.id) == session_id, col(StaffSession.account_id) == account_id
    )
    return session.execute(stmt.returning(col(StaffSession.id))).first() is not None


def end_all(session: Session, account_id: int, but: int | None = None) -> None:
    """End all sessions of an account, but perhaps the one in which somebody asks for it."""
    stmt = delete(StaffSession).where(col(StaffSession.account_id) == account_id)
    if but is not None:
        stmt = stmt.where(col(StaffSession.id) != but)
    session.execute(stmt)
