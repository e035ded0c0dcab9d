"""The way in: password, then the second factor if there is one, within limits that keep nobody out.

Whoever asks about an unknown address, a disabled account or one without a password gets the same answer after
the same work. Which limits count for whom, and why: ADR 32.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.accounts import audit, factors, passwords, sessions, throttle
from api.accounts.models import Account, Event, KnownDevice, StaffSession
from api.accounts.throttle import Limit
from api.core import clock

NETWORK: Final = Limit(30, 60)  # of all accounts together, from one network
PAIR: Final = Limit(5, 300)  # of one account from one network
DEVICE: Final = Limit(10, 60)  # of one account from a browser that it knows
BYPASS: Final = Limit(5, 60)  # with a code, where the others are used up
AGAIN: Final = Limit(5, 300)  # the password once more, by who is signed in
SECOND: Final = Limit(5, 300)  # codes after a right password
# The same from everywhere together: only who knows the password can use it up.
SECOND_AT_ALL: Final = Limit(100, 864)
_DEVICE_KEPT: Final = timedelta(days=400)
Way = Literal["password", "passkey", "link", "provider"]  # by which somebody came in, for the log


@dataclass(frozen=True)
class Client:
    """Where an attempt comes from; network: a coarse address, device: the cookie of a known browser."""

    network: str
    device: str = ""
    browser: str = ""


@dataclass(frozen=True)
class Entered:
    """Somebody is in: the new token, and the one by which the browser is known again.

    is_whole: False while the second factor is owed.
    """

    account_id: int
    token: str
    is_whole: bool
    device: str = ""


@dataclass(frozen=True)
class Refused:
    """Nobody is in; wait_seconds: 0, or how long to wait before the next attempt is looked at."""

    wait_seconds: int = 0


def by_email(session: Session, email: str) -> Account | None:
    """Return the account with a mail address, however its letters are written."""
    return session.exec(select(Account).where(col(Account.email) == normal(email))).first()


def normal(email: str) -> str:
    """Return a mail address as accounts keep it."""
    return "".join(email.split()).lower()


def sign_in(
    session: Session, email: str, password: str, client: Client, *, code: str = "", secret: str
) -> Entered | Refused:
    """Try a password, with the code of an app if it was typed along; commits what the attempt costs.

    secret: of the installation, for fingerprints and sealed secrets.
    """
    account = by_email(session, email)
    is_known = _is_known(session, account, client)
    paid = _keys(email, client, secret, is_known=is_known)
    wait = _take_all(session, paid)
    has_shown_code = bool(wait and code) and _passes_by_code(session, account, email, code, client, secret)
    session.commit()  # whatever comes of it, it was an attempt
    if wait and not has_shown_code:
        return Refused(wait)
    kept = account.password_hash if account and account.disabled_at is None else None
    if not passwords.verify(password, kept) or account is None:
        whose = account.id if account else audit.NOBODY  # noted all the same: the same work, and a trace
        audit.note(session, Event.SIGN_IN_FAILED, whose, actor=audit.PUBLIC, device=is_known)
        return Refused()
    throttle.give_back(session, *(name for name, limit in paid if limit is not NETWORK))
    if not factors.has_second_factor(session, account):
        return enter(session, account, client, has_second_factor=False)
    if has_shown_code or (code and _is_right(session, account, code, secret)):
        return enter(session, account, client, has_second_factor=True)
    token = sessions.begin(session, account.id, client.browser, is_whole=False)
    return Entered(account.id, token, is_whole=False)


def second_step(
    session: Session, half: StaffSession, code: str, client: Client, *, secret: str
) -> Entered | Refused:
    """Try the second factor of who has shown the password; commits what the attempt costs."""
    account = session.get_one(Account, half.account_id)
    where = client.device if _is_known(session, account, client) else client.network
    name = throttle.key(secret, "second", str(account.id), where)
    at_all = throttle.key(secret, "second", str(account.id))
    wait = throttle.take(session, name, SECOND) or throttle.take(session, at_all, SECOND_AT_ALL)
    session.commit()
    if wait:
        return Refused(wait)
    if not _is_right(session, account, code, secret):
        audit.note(session, Event.SIGN_IN_FAILED, account.id, actor=audit.PUBLIC, second_factor=True)
        return Refused()
    throttle.give_back(session, name)
    session.delete(half)
    return enter(session, account, client, has_second_factor=True)


def confirm(session: Session, signed_in: StaffSession, password: str, *, secret: str) -> Refused | None:
    """Return None if who is signed in knows the password, too: whoever found a browser open does not."""
    account = session.get_one(Account, signed_in.account_id)
    name = throttle.key(secret, "again", str(account.id), str(signed_in.id))
    wait = throttle.take(session, name, AGAIN)
    session.commit()
    if wait:
        return Refused(wait)
    if not passwords.verify(password, account.password_hash):
        return Refused()
    throttle.give_back(session, name)
    return None


def enter(
    session: Session, account: Account, client: Client, *, has_second_factor: bool, by: Way = "password"
) -> Entered:
    """Let somebody in under a new token, in a browser that is known from now on.

    Who comes back from a provider is sent by somebody else's page, and then the browser keeps the cookie by
    which it is known to itself: it stays as it is.
    """
    token = sessions.begin(
        session, account.id, client.browser, is_whole=True, has_second_factor=has_second_factor
    )
    device = "" if by == "provider" else _remember(session, account.id, client)
    actor = f"account:{account.id}"
    audit.note(session, Event.SIGNED_IN, account.id, actor=actor, second_factor=has_second_factor, by=by)
    return Entered(account.id, token, is_whole=True, device=device)


def enter_by_one(session: Session, account: Account, client: Client, *, by: Way) -> Entered:
    """Let in who has shown one factor that is no password; the second one is owed as after a password."""
    if factors.has_second_factor(session, account):
        token = sessions.begin(session, account.id, client.browser, is_whole=False)
        return Entered(account.id, token, is_whole=False)
    return enter(session, account, client, has_second_factor=False, by=by)


def forget_devices(session: Session, account_id: int) -> None:
    """Know no browser of an account any more."""
    session.execute(delete(KnownDevice).where(col(KnownDevice.account_id) == account_id))


def _is_right(session: Session, account: Account, code: str, secret: str) -> bool:
    if factors.use_totp(session, account, code, secret):
        return True
    if factors.use_code(session, account.id, code):
        audit.note(session, Event.CODE_USED, account.id, actor=f"account:{account.id}")
        return True
    return False


def _keys(email: str, client: Client, secret: str, *, is_known: bool) -> list[tuple[bytes, Limit]]:
    """Return under which keys an attempt is paid: a known browser's are nobody else's to use up."""
    if is_known:
        return [(throttle.key(secret, "device", normal(email), client.device), DEVICE)]
    return [
        (throttle.key(secret, "network", client.network), NETWORK),
        (throttle.key(secret, "pair", normal(email), client.network), PAIR),
    ]


def _take_all(session: Session, paid: list[tuple[bytes, Limit]]) -> int:
    for name, limit in paid:
        wait = throttle.take(session, name, limit)
        if wait:
            return wait
    return 0


def _passes_by_code(
    session: Session, account: Account | None, email: str, code: str, client: Client, secret: str
) -> bool:
    """Return whether a code of the app lets an attempt through where others have used up what was free."""
    bypass = throttle.key(secret, "bypass", normal(email), client.network)
    if throttle.take(session, bypass, BYPASS):
        return False
    return account is not None and factors.use_totp(session, account, code, secret)


def _is_known(session: Session, account: Account | None, client: Client) -> bool:
    found = session.get(KnownDevice, (sessions.digest(client.device), account.id if account else 0))
    return found is not None and clock.now() - found.seen_at < _DEVICE_KEPT


def _remember(session: Session, account_id: int, client: Client) -> str:
    """Note that an account was in from a browser; return its cookie, which may serve several accounts."""
    device = client.device or sessions.new_token()
    session.merge(KnownDevice(token_hash=sessions.digest(device), account_id=account_id, seen_at=clock.now()))
    session.flush()
    return device
