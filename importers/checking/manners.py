"""Never two requests at a time to one host, and a pause between them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

PAUSE: Final = 2.0  # seconds


@dataclass
class _Door:
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0


@dataclass
class Manners:
    """The doors of all hosts that are asked in one round, for several threads."""

    pause: float = PAUSE
    _doors: dict[str, _Door] = field(default_factory=dict)
    _of_all: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until nobody else asks the host and its pause is over; www or not is one host."""
        with self._of_all:
            door = self._doors.setdefault(host.removeprefix("www."), _Door())
        with door.lock:
            time.sleep(max(0.0, door.next_at - time.monotonic()))
            try:
                yield
            finally:
                door.next_at = time.monotonic() + self.pause
