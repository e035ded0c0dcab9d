"""How often one address may send something; the address itself is written nowhere and kept nowhere."""

import hashlib
import math
import secrets
import time
from typing import Final

from api.core import clock
from api.core.errors import TooManyError

AT_ONCE: Final = 30  # behind a proxy that hides addresses all visitors share them
SECONDS: Final = 10.0  # until one more may be sent
MOST_KNOWN: Final = 10_000  # addresses in memory; who has not sent for the longest is forgotten first


class Throttle:
    """Counts by a fingerprint of the address with salt of the day; both exist in memory alone."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        """Let so many pass at once, and one more after so many seconds."""
        self.at_once, self.seconds = at_once, seconds
        self._day = ""
        self._salt = b""
        self.known: dict[bytes, tuple[float, float]] = {}  # what is left, and when it was

    def take(self, address: str) -> None:
        """Let one request of an address pass, or raise TooManyError that says when to come again."""
        name = self._fingerprint(address)
        left, now = self._left(name)
        self.known.pop(name, None)
        self.known[name] = (max(left - 1, 0.0) if left >= 1 else left, now)
        if len(self.known) > MOST_KNOWN:
            self.known.pop(next(iter(self.known)), None)
        self._stop_at(left)

    def check(self, address: str) -> None:
        """Raise TooManyError as `take` would, and count nothing."""
        self._stop_at(self._left(self._fingerprint(address))[0])

    def _left(self, name: bytes) -> tuple[float, float]:
        """Return what is left for a fingerprint, and the present moment."""
        now = time.monotonic()
        left, before = self.known.get(name, (float(self.at_once), now))
        return min(float(self.at_once), left + (now - before) / self.seconds), now

    def _stop_at(self, left: float) -> None:
        if left < 1:
            error = TooManyError("Please wait a little.")
            error.retry_seconds = math.ceil((1 - left) * self.seconds)
            raise error

    def _fingerprint(self, address: str) -> bytes:
        day = f"{clock.now():%Y-%m-%d}"
        if day != self._day:
            self._day, self._salt = day, secrets.token_bytes(32)
            self.known.clear()
        return hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()
