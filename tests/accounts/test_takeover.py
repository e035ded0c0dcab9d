"""Nobody gets at an account that is not theirs: not admins of other regions, not by links of long ago."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts import invitations, people, sessions
from api.accounts.models import Account, Role
from api.accounts.people import GrantIn
from api.core.errors import ConflictError
from api.regions.models import Region
from tests.accounts.people import make_account, make_grant, make_member
from tests.factories import make_region

NEW = "sieben Kamele lesen Zeitung"
CHIEF = "chefin@stadt.example"


@pytest.mark.parametrize("has_password", [False, True])
def test_another_region_cannot_invite_who_belongs_to_one(
    session: Session, region: Region, has_password: bool
) -> None:
    elsewhere = make_region(session, is_default=False)
    if has_password:
        make_member(session, region, email=CHIEF)
    else:
        people.invite(session, region.id, "command", "Chefin", CHIEF, GrantIn(Role.ADMIN))
    with pytest.raises(ConflictError):
        people.invite(session, elsewhere.id, "account:9", "Wer", CHIEF, GrantIn(Role.COACH))
    account, token = people.invite(
        session, elsewhere.id, "command", "Wer", CHIEF, GrantIn(Role.COACH), joins_regions=True
    )
    assert account.email == CHIEF
    assert bool(token) is not has_password


def test_a_link_ends_with_a_new_password(session: Session) -> None:
    account = make_account(session)
    token = invitations.make(session, account)
    invitations.set_password(session, account, NEW)
    assert invitations.of_token(session, token) is None


def test_a_link_ends_with_a_new_role(session: Session, region: Region) -> None:
    account = make_account(session)
    token = invitations.make(session, account)
    people.grant(session, region.id, "account:9", account, GrantIn(Role.ADMIN))
    assert invitations.of_token(session, token) is None


def test_who_is_invited_keeps_the_link_when_a_second_role_comes(session: Session, region: Region) -> None:
    account, token = people.invite(session, region.id, "command", "Neu", CHIEF, GrantIn(Role.COACH))
    people.grant(session, region.id, "command", account, GrantIn(Role.ADMIN))
    assert invitations.of_token(session, token) is not None


def test_who_only_knows_the_password_ends_nobodys_session(session: Session) -> None:
    account = make_account(session)
    whole = sessions.begin(session, account.id, "Browser", is_whole=True)
    for _try in range(sessions.MOST + 2):
        sessions.begin(session, account.id, "Browser", is_whole=False)
    assert sessions.of_token(session, whole) is not None


def test_of_two_admins_who_go_at_once_one_stays(city: Engine) -> None:
    with Session(city) as session, session.begin():
        region = session.exec(select(Region)).one()
        accounts = [make_member(session, region, email=f"{name}@stadt.example") for name in ("a", "b")]
        rows = [make_grant(session, account, region, Role.ADMIN) for account in accounts]
        first, region_id = [row.id for row in rows], region.id
    with Session(city) as one, Session(city) as other:
        everybody = one.exec(select(Account.id)).all()
        assert len(everybody) >= len(first)
        people.hold(one, region_id)
        other.connection().exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            people.revoke(other, region_id, "account:1", first[0])
