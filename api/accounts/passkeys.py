"""Passkeys (WebAuthn level 3): added by who is signed in, and then a way in of its own.

The browser or key asks for a finger, face or PIN (user verification), so a passkey stands for two factors. A
task is bound to the browser's cookie, holds ten minutes and is taken once; nothing is kept of it before that.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete
from sqlmodel import Session, col, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.accounts import throttle
from api.accounts.models import Account, Passkey
from api.accounts.throttle import Limit
from api.core import clock

MOST: Final = 10  # of one account
LONGEST_NAME: Final = 60
_SECONDS: Final = 600
_ONCE: Final = Limit(1, 7_200)  # a used task is remembered for longer than it holds
_TIME_BYTES, _RANDOM_BYTES = 8, 16
_REQUIRED: Final = UserVerificationRequirement.REQUIRED
# What strangers send may be anything: the library says so in these ways.
_WRONG: Final = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Site:
    """For whom passkeys hold: the host alone, and the address of its pages (`https://stadt.example`)."""

    host: str
    origin: str


def task(token: str) -> bytes:
    """Return a new task for the browser with this cookie."""
    said = int(clock.now().timestamp()).to_bytes(_TIME_BYTES, "big") + secrets.token_bytes(_RANDOM_BYTES)
    return said + _signature(token, said)


def _take(session: Session, token: str, said: bytes, secret: str) -> bool:
    """Return whether a task is ours, of this browser, fresh, and taken for the first time."""
    head = said[: _TIME_BYTES + _RANDOM_BYTES]
    if not hmac.compare_digest(said[len(head) :], _signature(token, head)):
        return False
    age = clock.now().timestamp() - int.from_bytes(head[:_TIME_BYTES], "big")
    is_fresh = -1 <= age <= _SECONDS
    return is_fresh and throttle.take(session, throttle.key(secret, "passkey", said.hex()), _ONCE) == 0


def _signature(token: str, said: bytes) -> bytes:
    return hmac.new(token.encode(), b"passkey" + said, hashlib.sha256).digest()


def to_enter(site: Site, token: str) -> str:
    """Return, as JSON, what a browser needs to sign in with any passkey that it has for this site."""
    options = generate_authentication_options(
        rp_id=site.host, challenge=task(token), user_verification=_REQUIRED
    )
    return options_to_json(options)


def to_add(session: Session, account: Account, site: Site, token: str, name: str) -> str:
    """Return, as JSON, what a browser needs to make a passkey for an account; name: that of the map."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=name,
        user_name=account.email,
        user_id=f"account:{account.id}".encode(),
        user_display_name=account.name,
        challenge=task(token),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=row.credential_id) for row in of_account(session, account.id)
        ],
    )
    return options_to_json(options)


def add(
    session: Session, account: Account, site: Site, token: str, answer: str, name: str, *, secret: str
) -> bool:
    """Add the passkey that a browser has made; return whether it is one."""
    try:
        said = json.loads(answer)
        challenge = _challenge(said)
        made = verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _WRONG:
        return False
    known = session.exec(select(Passkey.id).where(col(Passkey.credential_id) == made.credential_id)).first()
    is_full = len(of_account(session, account.id)) >= MOST
    if known is not None or is_full or not _take(session, token, challenge, secret):
        return False
    session.add(
        Passkey(
            account_id=account.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name.strip()[:LONGEST_NAME] or "Passkey",
            created_at=clock.now(),
        )
    )
    session.flush()
    return True


def owner(session: Session, site: Site, token: str, answer: str, *, secret: str) -> Account | None:
    """Return whose passkey has solved a task of ours; None: nobody's who may come in."""
    try:
        said = json.loads(answer)
        challenge = _challenge(said)
        number = base64url_to_bytes(str(said["id"]))
        row = session.exec(
            select(Passkey).where(col(Passkey.credential_id) == number).with_for_update()
        ).first()
        if row is None:
            return None
        shown = verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    account = session.get_one(Account, row.account_id)
    if account.disabled_at is not None or not _take(session, token, challenge, secret):
        return None
    row.sign_count, row.used_at = shown.new_sign_count, clock.now()
    session.flush()
    return account


def of_account(session: Session, account_id: int) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    return list(
        session.exec(select(Passkey).where(col(Passkey.account_id) == account_id).order_by(col(Passkey.id)))
    )


def remove(session: Session, account_id: int, passkey_id: int) -> bool:
    """Remove a passkey of an account; return whether there was one."""
    stmt = delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.account_id) == account_id)
    return session.execute(stmt.returning(col(Passkey.id))).first() is not None


def _challenge(said: Any) -> bytes:  # noqa: ANN401 - JSON of a stranger
    """Return the task that an answer claims to solve; whether it is one of ours is asked afterwards."""
    client = json.loads(base64url_to_bytes(str(said["response"]["clientDataJSON"])))
    return base64url_to_bytes(str(client["challenge"]))
