"""How many attempts are free, counted in the database for all processes; ADR 32 says why by these keys.

An attempt is paid before it is looked at, in one statement, so that many at once do not get more.
"""

import hashlib
import math
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import delete, text
from sqlmodel import Session, col

from api.accounts.models import Attempts
from api.core import clock

_KEPT: Final = timedelta(days=1)
_TAKE: Final = text("""
  INSERT INTO sign_in_attempts AS kept (key, free, at) VALUES (:key, :most - 1, :now)
  ON CONFLICT (key) DO UPDATE SET
    free = LEAST(:most, kept.free + extract(epoch FROM :now - kept.at) / :seconds) - 1, at = :now
  WHERE LEAST(:most, kept.free + extract(epoch FROM :now - kept.at) / :seconds) >= 1
  RETURNING free
""")
_WAIT: Final = text("""
  SELECT (1 - free) * :seconds - extract(epoch FROM :now - at) FROM sign_in_attempts WHERE key = :key
""")


class Limit(NamedTuple):
    """So many attempts at once, and one more after so many seconds."""

    at_once: int
    seconds: float


def key(secret: str, *parts: str) -> bytes:
    """Return a fingerprint of whom and where from; the table holds no addresses of anybody."""
    said = "\x00".join(parts).encode()
    return hashlib.blake2b(said, key=hashlib.sha256(secret.encode()).digest(), digest_size=16).digest()


def take(session: Session, name: bytes, limit: Limit) -> int:
    """Pay for one attempt; return 0, or after how many seconds the next one is free."""
    said = {"key": name, "most": float(limit.at_once), "seconds": limit.seconds, "now": clock.now()}
    if session.execute(_TAKE, said).first() is not None:
        return 0
    wait = session.execute(_WAIT, said).scalar()
    return max(1, math.ceil(wait or 0))


def give_back(session: Session, *names: bytes) -> None:
    """Forget the attempts under these keys, because the last one was right; and those of long ago."""
    is_old = col(Attempts.at) < clock.now() - _KEPT
    session.execute(delete(Attempts).where(col(Attempts.key).in_(names) | is_old))
