"""The second factor: codes of an app (TOTP, RFC 6238) and recovery codes, each of which works once."""

import base64
import hmac
import secrets
from hashlib import sha256
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from api.accounts import passwords
from api.accounts.models import Account, ExternalIdentity, Passkey, RecoveryCode
from api.core import clock

CODES: Final = 10
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look like another one
_CODE_LETTERS: Final = 10
_STEP_SECONDS: Final = 30
_LATE_STEPS: Final = (0, -1, 1)  # clocks of phones go a little wrong (RFC 6238, 5.2)
_SEALED: Final = "aesgcm:"
_NONCE_BYTES: Final = 12


def new_secret() -> str:
    """Return a secret of 160 bits for an app, in base 32."""
    return pyotp.random_base32()


def address(secret: str, email: str, site: str) -> str:
    """Return the otpauth:// address that apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site)


def seal(secret: str, key: str, account_id: int) -> str:
    """Return a secret as the database keeps it: encrypted, if the installation has a key for that."""
    if not key:
        return secret
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_aes_key(key)).encrypt(nonce, secret.encode(), str(account_id).encode())
    return _SEALED + base64.b64encode(nonce + sealed).decode()


def _unseal(kept: str, key: str, account_id: int) -> str | None:
    if not kept.startswith(_SEALED):
        return kept
    content = base64.b64decode(kept.removeprefix(_SEALED))
    try:
        opened = AESGCM(_aes_key(key)).decrypt(
            content[:_NONCE_BYTES], content[_NONCE_BYTES:], str(account_id).encode()
        )
    except InvalidTag:  # the installation has another key now: the app has to be set up anew
        return None
    return opened.decode()


def _aes_key(key: str) -> bytes:
    return sha256(b"totp\x00" + key.encode()).digest()


def step_of(secret: str, code: str) -> int | None:
    """Return the step of 30 seconds in which an app shows this code, if that is about now."""
    said = "".join(code.split())
    now = int(clock.now().timestamp()) // _STEP_SECONDS
    app = pyotp.TOTP(secret)
    for late in _LATE_STEPS:
        if hmac.compare_digest(app.generate_otp(now + late).encode(), said.encode()):
            return now + late
    return None


def use_totp(session: Session, account: Account, code: str, key: str) -> bool:
    """Return whether a code of the app is right and newer than every one before; it is used up then."""
    secret = _unseal(account.totp_secret, key, account.id) if account.totp_secret else None
    step = step_of(secret, code) if secret else None
    if step is None:
        return False
    # In one statement, so that of two at once only one gets in.
    newer = update(Account).where(col(Account.id) == account.id, col(Account.totp_step) < step)
    return session.execute(newer.values(totp_step=step).returning(col(Account.id))).first() is not None


def set_totp(session: Session, account: Account, secret: str, code: str, key: str) -> bool:
    """Make an app the second factor if it shows the right code; return whether it does."""
    step = step_of(secret, code)
    if step is None:
        return False
    account.totp_secret, account.totp_step = seal(secret, key, account.id), step
    session.flush()
    return True


def has_second_factor(session: Session, account: Account) -> bool:
    """Return whether a password alone does not open the account."""
    keys = select(func.count()).select_from(Passkey).where(col(Passkey.account_id) == account.id)
    return account.totp_secret is not None or session.exec(keys).one() > 0


def make_codes(session: Session, account_id: int) -> list[str]:
    """Return new recovery codes, to be shown once; the former ones are worth nothing any more."""
    forget_codes(session, account_id)
    made = []
    for number in range(CODES):
        letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS))
        session.add(RecoveryCode(account_id=account_id, number=number, code_hash=passwords.hashed(letters)))
        made.append(f"{number}-{letters[:5]}-{letters[5:]}")
    session.flush()
    return made


def forget_codes(session: Session, account_id: int) -> None:
    """Let no recovery code work any more."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))


def codes_left(session: Session, account_id: int) -> int:
    """Return how many recovery codes have not been used."""
    unused = (col(RecoveryCode.account_id) == account_id, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()


def use_code(session: Session, account_id: int, said: str) -> bool:
    """Return whether a recovery code is right and unused; it is used up then."""
    plain = "".join(sign for sign in said.upper() if sign.isascii() and sign.isalnum())
    if len(plain) != _CODE_LETTERS + 1 or not plain[0].isdecimal():
        return False
    row = session.exec(
        select(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account_id,
            col(RecoveryCode.number) == int(plain[0]),
            col(RecoveryCode.used_at).is_(None),
        )
        .with_for_update()
    ).first()
    if row is None or not passwords.verify(plain[1:], row.code_hash):
        return False
    row.used_at = clock.now()
    session.flush()
    return True


def forget_all(session: Session, account: Account) -> None:
    """Leave an account with nothing but its password."""
    account.totp_secret = None
    forget_codes(session, account.id)
    for table in (Passkey, ExternalIdentity):
        session.execute(delete(table).where(col(table.account_id) == account.id))
    session.flush()
