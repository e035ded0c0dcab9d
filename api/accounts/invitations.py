"""Links by which somebody chooses a password, once and within some days; kept as hashes."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy import update
from sqlmodel import Session, col, select

from api.accounts import audit, factors, passwords, sessions, signing_in
from api.accounts.models import Account, Event, Invitation
from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError

DAYS: Final = 7


def make(session: Session, account: Account, *, resets_factors: bool = False) -> str:
    """Return the token of a new link for an account; its former links end."""
    end(session, account.id)
    now, token = clock.now(), sessions.new_token()
    session.add(
        Invitation(
            account_id=account.id,
            token_hash=sessions.digest(token),
            resets_factors=resets_factors,
            created_at=now,
            ends_at=now + timedelta(days=DAYS),
        )
    )
    session.flush()
    return token


def of_token(session: Session, token: str) -> tuple[Invitation, Account] | None:
    """Return the invitation behind a link, if it still holds, and whose it is."""
    stmt = (
        select(Invitation, Account)
        .join(Account, col(Account.id) == col(Invitation.account_id))
        .where(
            col(Invitation.token_hash) == sessions.digest(token),
            col(Invitation.used_at).is_(None),
            col(Invitation.ends_at) > clock.now(),
            col(Account.disabled_at).is_(None),
        )
    )
    return session.exec(stmt).first()


def accept(
    session: Session,
    token: str,
    name: str,
    password: str,
    around: Iterable[str] = (),
    region_id: int | None = None,
) -> Account:
    """Set name and password of who has the link, which is used up; everybody else is signed out.

    Raise ConflictError if the link holds no more, InvalidInputError if the password is refused.
    """
    found = of_token(session, token)
    if found is None:
        raise ConflictError("The link holds no more.")
    invitation, account = found
    set_password(session, account, password, [name, *around])
    if not name.strip():
        raise InvalidInputError(errors=[FieldError("name", "Is missing")])
    account.name = name.strip()
    unused = update(Invitation).where(col(Invitation.id) == invitation.id, col(Invitation.used_at).is_(None))
    used = session.execute(unused.values(used_at=clock.now()).returning(col(Invitation.id)))
    if used.first() is None:  # somebody else was faster with the same link
        raise ConflictError("The link holds no more.")
    if invitation.resets_factors:
        factors.forget_all(session, account)
    actor = f"account:{account.id}"
    audit.note(session, Event.LINK_USED, account.id, actor=actor, region_id=region_id)
    return account


def set_password(
    session: Session, account: Account, password: str, around: Iterable[str] = (), *, but: int | None = None
) -> None:
    """Give an account a password: its sessions, known browsers and open links end; but: a session that stays.

    Raise InvalidInputError whose only field error is `password` with the Weakness as its detail.
    """
    weak = passwords.weakness(password, [account.name, account.email, *around])
    if weak is not None:
        raise InvalidInputError(errors=[FieldError("password", weak)])
    account.password_hash = passwords.hashed(password)
    sessions.end_all(session, account.id, but)
    end(session, account.id)
    signing_in.forget_devices(session, account.id)
    session.flush()
    audit.note(session, Event.PASSWORD_CHANGED, account.id, actor=f"account:{account.id}")


def end(session: Session, account_id: int) -> None:
    """End the links of an account that nobody has used."""
    still = (col(Invitation.account_id) == account_id, col(Invitation.used_at).is_(None))
    session.execute(update(Invitation).where(*still).values(ends_at=clock.now()))
