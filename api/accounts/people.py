"""The accounts of a region: inviting, changing what they may, ending it; the caller checks who does it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from api.accounts import audit, invitations, sessions, signing_in
from api.accounts.models import Account, Event, Grant, Role
from api.accounts.policy import grantable
from api.core import clock
from api.core.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from api.organizations.models import Organization
from api.regions.models import Region
from api.spaces.models import Division, Space

LONGEST: Final = 200
_EMAIL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class GrantIn:
    """A role with its scope, as an admin chooses it."""

    role: Role
    organization_id: int | None = None
    space_ids: tuple[int, ...] = ()
    may_publish: bool = False


@dataclass(frozen=True)
class Member:
    """An account with what it may do in one region."""

    account: Account
    grants: Sequence[Grant]
    is_elsewhere: bool  # it also has rights in other regions, whose admins have a say, too


def create(session: Session, name: str, email: str) -> Account:
    """Return a new account without rights; raise InvalidInputError, or ConflictError if it is known."""
    email, name = signing_in.normal(email), name.strip()
    if not name or len(name) > LONGEST:
        raise InvalidInputError(errors=[FieldError("name", "Is missing or too long")])
    if len(email) > LONGEST or not _EMAIL.fullmatch(email):
        raise InvalidInputError(errors=[FieldError("email", "Is no mail address")])
    if signing_in.by_email(session, email) is not None:
        raise ConflictError("There is an account with this mail address.")
    account = Account(name=name, email=email, created_at=clock.now())
    session.add(account)
    session.flush()
    return account


def invite(
    session: Session,
    region_id: int,
    actor: str,
    name: str,
    email: str,
    given: GrantIn,
    *,
    joins_regions: bool = False,
) -> tuple[Account, str]:
    """Give somebody a role in a region; return the account and the token of a link, empty if none is needed.

    Raise ConflictError for an account that is blocked, or has a role in another region: with a link or a role
    the admins of one region could get at what the other has given. Only the operator joins_regions.
    """
    account = signing_in.by_email(session, email)
    is_new = account is None
    if account is None:
        account = create(session, name, email)
        audit.note(session, Event.INVITED, account.id, actor=actor, region_id=region_id)
    elif account.disabled_at is not None:
        raise ConflictError("The account is disabled.")
    elif not joins_regions and _is_of_another(session, account, region_id):
        raise ConflictError("The account belongs to another region.")
    grant(session, region_id, actor, account, given)
    needs_link = is_new or account.password_hash is None
    return account, invitations.make(session, account) if needs_link else ""


def grant(session: Session, region_id: int, actor: str, account: Account, given: GrantIn) -> Grant:
    """Add a role; the person signs in anew, so that no session is older than its rights."""
    _check(session, region_id, given)
    row = Grant(
        account_id=account.id,
        region_id=region_id,
        role=given.role,
        organization_id=given.organization_id,
        space_ids=sorted(set(given.space_ids)),
        may_publish=given.may_publish,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    sessions.end_all(session, account.id)
    if account.password_hash is not None:
        invitations.end(session, account.id)
    audit.note(session, Event.GRANTED, account.id, actor=actor, region_id=region_id, **_details(row))
    return row


def revoke(session: Session, region_id: int, actor: str, grant_id: int) -> None:
    """Take a role away; raise ConflictError rather than leave a region without anybody to give rights."""
    hold(session, region_id)
    row = session.get(Grant, grant_id)
    if row is None or row.region_id != region_id:
        raise NotFoundError
    if row.role is Role.ADMIN and not _other_admin(session, row):
        raise ConflictError("This is the last admin of the region.")
    details, account_id = _details(row), row.account_id
    session.delete(row)
    session.flush()
    sessions.end_all(session, account_id)
    audit.note(session, Event.REVOKED, account_id, actor=actor, region_id=region_id, **details)


def renew(session: Session, region_id: int, actor: str, account_id: int, *, resets_factors: bool) -> str:
    """Return the token of a new link; ConflictError if admins of other regions have a say, too."""
    member = get(session, region_id, account_id)
    if member.is_elsewhere or member.account.disabled_at is not None:
        raise ConflictError("The account also belongs to another region, or is disabled.")
    token = invitations.make(session, member.account, resets_factors=resets_factors)
    audit.note(
        session,
        Event.LINK_RENEWED,
        account_id,
        actor=actor,
        region_id=region_id,
        resets_factors=resets_factors,
    )
    return token


def disable(session: Session, actor: str, account: Account, region_id: int | None = None) -> None:
    """Let an account in nowhere any more."""
    account.disabled_at = clock.now()
    sessions.end_all(session, account.id)
    session.flush()
    audit.note(session, Event.DISABLED, account.id, actor=actor, region_id=region_id)


def enable(session: Session, actor: str, account: Account, region_id: int | None = None) -> None:
    """Let an account in again, with the rights that it had."""
    account.disabled_at = None
    session.flush()
    audit.note(session, Event.ENABLED, account.id, actor=actor, region_id=region_id)


def of_region(session: Session, region_id: int) -> list[Member]:
    """Return everybody with a role in a region, by name."""
    rows = session.exec(
        select(Account, Grant)
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(col(Grant.region_id) == region_id)
        .order_by(col(Account.name), col(Account.id), col(Grant.id))
    ).all()
    ids = {account.id for account, _grant in rows}
    stmt = select(Grant.account_id).where(col(Grant.account_id).in_(ids), col(Grant.region_id) != region_id)
    elsewhere = set(session.exec(stmt))
    found: dict[int, tuple[Account, list[Grant]]] = {}
    for account, row in rows:
        found.setdefault(account.id, (account, []))[1].append(row)
    return [Member(account, grants, account.id in elsewhere) for account, grants in found.values()]


def get(session: Session, region_id: int, account_id: int) -> Member:
    """Return a member of a region, or raise NotFoundError."""
    found = [member for member in of_region(session, region_id) if member.account.id == account_id]
    if not found:
        raise NotFoundError
    return found[0]


def hold(session: Session, region_id: int) -> None:
    """Wait for whoever takes rights away in the region: two at once must not leave it without an admin."""
    session.execute(select(Region.id).where(col(Region.id) == region_id).with_for_update(key_share=True))


def is_last_admin(session: Session, grants: Sequence[Grant]) -> bool:
    """Return whether nobody else could give rights in a region if these were gone."""
    return any(row.role is Role.ADMIN and not _other_admin(session, row) for row in grants)


def names(session: Session, account_ids: set[int]) -> dict[int, str]:
    """Return the names of accounts by number, for those who may see them; forgotten ones are missing."""
    rows = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(account_ids)))
    return dict(rows.all())


def _is_of_another(session: Session, account: Account, region_id: int) -> bool:
    others = select(Grant.id).where(col(Grant.account_id) == account.id, col(Grant.region_id) != region_id)
    return session.exec(others).first() is not None


def _check(session: Session, region_id: int, given: GrantIn) -> None:
    if not grantable(given.role, given.organization_id, given.space_ids, publishes=given.may_publish):
        raise InvalidInputError(errors=[FieldError("role", "Does not go with this scope")])
    if given.organization_id is not None:
        organization = session.get(Organization, given.organization_id)
        if organization is None or organization.region_id != region_id:
            raise InvalidInputError(errors=[FieldError("organization", "Is unknown here")])
    stmt = (
        select(Space.id)
        .join(Division, col(Division.id) == col(Space.division_id))
        .where(col(Division.region_id) == region_id, col(Space.id).in_(given.space_ids))
    )
    if set(session.exec(stmt)) != set(given.space_ids):
        raise InvalidInputError(errors=[FieldError("spaces", "Are unknown here")])


def _other_admin(session: Session, row: Grant) -> bool:
    stmt = (
        select(Grant.id)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .where(
            col(Grant.region_id) == row.region_id,
            col(Grant.role) == Role.ADMIN,
            col(Grant.id) != row.id,
            col(Account.disabled_at).is_(None),
            col(Account.password_hash).is_not(None),
        )
    )
    return session.exec(stmt).first() is not None


def _details(row: Grant) -> dict[str, object]:
    return {
        "role": row.role.value,
        "organization_id": row.organization_id,
        "space_ids": list(row.space_ids),
        "may_publish": row.may_publish,
    }
