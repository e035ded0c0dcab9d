"""Signing in at an OpenID provider: the way there and back, what an ID token must say, whose identity it is.

No account is ever made here, and none is found by a mail address: whoever got somebody's address at the
provider would get the account with it. Requests to the provider are made in web/staff/openid.py. ADR 38.
"""

import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.accounts import audit, sessions, signing_in
from api.accounts.models import Account, Event, ExternalIdentity, SignInFlow
from api.core import clock
from api.core.errors import ConflictError

LASTS: Final = timedelta(minutes=10)
# Asymmetric ones alone: neither "none", nor HMAC with a public key for a secret.
ALGORITHMS: Final = tuple(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
_SYMMETRIC: Final = "oct"
_LEEWAY_SECONDS: Final = 60  # clocks of servers go a little wrong
_OLDEST_SECONDS: Final = 600
_LONGEST: Final = 20_000  # letters of an ID token
_SUBJECT: Final = re.compile(r"[\x20-\x7e]{1,255}")  # OpenID Connect Core, 2
_MANY_FACTORS: Final = "mfa"  # RFC 8176
# What strangers send may be anything: the libraries say so in these ways.
_WRONG: Final = (JoseError, ValueError, KeyError, TypeError, AttributeError, OverflowError)


class UntrustedError(Exception):
    """What came back cannot be trusted; its text says why in English, without any value that came."""


class UnknownKeyError(UntrustedError):
    """No key of the provider that we know has signed this: perhaps there are new ones."""


@dataclass(frozen=True)
class Sent:
    """What the provider gets to know of a flow: no secret, only what it has to give back or to compare."""

    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True)
class Expected:
    """For whom an ID token has to be; strong: classes (acr) that stand for two factors."""

    issuer: str
    client_id: str
    nonce: str
    strong: Collection[str] = ()


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider; email: empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    has_many_factors: bool


def begin(
    session: Session, browser: str, redirect_uri: str, back: str, account_id: int | None = None
) -> Sent:
    """Send a browser on its way; account_id: who is signed in and links an identity, None to sign in."""
    now = clock.now()
    session.execute(delete(SignInFlow).where(col(SignInFlow.created_at) <= now - LASTS))
    state, nonce, verifier = sessions.new_token(), sessions.new_token(), secrets.token_urlsafe(48)
    session.add(
        SignInFlow(
            state_hash=sessions.digest(state),
            browser_hash=sessions.digest(browser),
            account_id=account_id,
            nonce=nonce,
            verifier=verifier,
            redirect_uri=redirect_uri,
            back=back,
            created_at=now,
        )
    )
    session.flush()
    return Sent(state, nonce, create_s256_code_challenge(verifier))


def take(session: Session, browser: str, state: str) -> SignInFlow | None:
    """Return the flow that has come back to the browser that began it; whatever comes, it is used up."""
    row = session.get(SignInFlow, sessions.digest(state), with_for_update=True)
    if row is None:
        return None
    session.delete(row)
    session.flush()
    is_fresh = clock.now() - row.created_at < LASTS
    return row if is_fresh and row.browser_hash == sessions.digest(browser) else None


def keys_of(said: dict[str, Any]) -> KeySet:
    """Return the public keys of a provider's key set (RFC 7517) that sign; others are passed over."""
    found: list[Key] = []
    for one in said["keys"]:
        if isinstance(one, dict) and one.get("kty") != _SYMMETRIC and one.get("use", "sig") == "sig":
            with suppress(*_WRONG):  # a kind of key that will be common one day
                found.append(JWKRegistry.import_key(one))
    return KeySet(found)


def read(token: object, keys: KeySet, expected: Expected, access_token: object) -> Identity:
    """Return who an ID token names; raise UntrustedError, or UnknownKeyError if none of the keys is named."""
    if not isinstance(token, str) or len(token) > _LONGEST:
        raise UntrustedError("no ID token")
    try:
        found = jwt.decode(token, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError as error:
        raise UnknownKeyError("signed with an unknown key") from error
    except _WRONG as error:
        raise UntrustedError(f"signature: {type(error).__name__}") from error
    claims = CodeIDToken(
        found.claims,
        found.header,
        {
            "iss": {"essential": True, "value": expected.issuer},
            "sub": {"essential": True},
            "aud": {"essential": True, "value": expected.client_id},
        },
        {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": access_token},
    )
    now = int(clock.now().timestamp())
    try:
        claims.validate(now=now, leeway=_LEEWAY_SECONDS)
        _check(found.header, found.claims, expected, now)
    except _WRONG as error:
        raise UntrustedError(f"claims: {type(error).__name__}") from error
    return _identity(found.claims, expected)


def _check(header: dict[str, Any], claims: dict[str, Any], expected: Expected, now: int) -> None:
    """Raise UntrustedError for what the library leaves to us."""
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise UntrustedError("a token of another type")
    if claims["aud"] not in (expected.client_id, [expected.client_id]):
        raise UntrustedError("also for others")
    if now - claims["iat"] > _OLDEST_SECONDS:
        raise UntrustedError("made long ago")
    if not _SUBJECT.fullmatch(claims["sub"]):
        raise UntrustedError("no subject")


def _identity(claims: dict[str, Any], expected: Expected) -> Identity:
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    methods = claims.get("amr")
    return Identity(
        issuer=expected.issuer,
        subject=claims["sub"],
        email=signing_in.normal(email) if is_verified and isinstance(email, str) else "",
        has_many_factors=(isinstance(methods, list) and _MANY_FACTORS in methods)
        or claims.get("acr") in expected.strong,
    )


def owner(session: Session, identity: Identity) -> Account | None:
    """Return whose identity this is; None: nobody's who may come in."""
    row = session.exec(
        select(ExternalIdentity).where(
            col(ExternalIdentity.issuer) == identity.issuer, col(ExternalIdentity.subject) == identity.subject
        )
    ).first()
    account = session.get_one(Account, row.account_id) if row else None
    if row is None or account is None:
        return None
    if account.disabled_at is not None:
        audit.note(session, Event.SIGN_IN_FAILED, account.id, actor=audit.PUBLIC, by="provider")
        return None
    row.used_at = clock.now()
    session.flush()
    return account


def link(session: Session, account: Account, identity: Identity) -> None:
    """Let an identity open an account from now on; the caller has asked for the password once more.

    Raise UntrustedError if the provider does not vouch for the very address of the account, ConflictError if
    one of the two is linked already.
    """
    if identity.email != account.email:
        raise UntrustedError("another mail address, or not verified")
    is_same = (col(ExternalIdentity.issuer) == identity.issuer) & (
        col(ExternalIdentity.subject) == identity.subject
    )
    is_taken = (col(ExternalIdentity.issuer) == identity.issuer) & (
        col(ExternalIdentity.account_id) == account.id
    )
    if session.exec(select(ExternalIdentity.id).where(is_same | is_taken)).first() is not None:
        raise ConflictError("The identity or the account is linked already.")
    session.add(
        ExternalIdentity(
            account_id=account.id,
            issuer=identity.issuer,
            subject=identity.subject,
            created_at=clock.now(),
        )
    )
    session.flush()


def of_account(session: Session, account_id: int) -> list[ExternalIdentity]:
    """Return the identities of an account, the oldest first."""
    stmt = select(ExternalIdentity).where(col(ExternalIdentity.account_id) == account_id)
    return list(session.exec(stmt.order_by(col(ExternalIdentity.id))))


def unlink(session: Session, account_id: int, identity_id: int) -> bool:
    """Let an identity open an account no more; return whether there was one."""
    stmt = delete(ExternalIdentity).where(
        col(ExternalIdentity.id) == identity_id, col(ExternalIdentity.account_id) == account_id
    )
    return session.execute(stmt.returning(col(ExternalIdentity.id))).first() is not None
