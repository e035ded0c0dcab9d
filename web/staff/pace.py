"""How much one account may ask for: far more than a person at work, less than a program that has run wild.

Counted for each account in each process, by the throttle of public forms. Signing in has limits of its own.
"""

from typing import Final, NamedTuple

from web.sending.throttle import Throttle


class Rate(NamedTuple):
    """So many at once, and then one more after so many seconds."""

    at_once: int
    seconds: float


# Who works through hundreds of entries in a morning reads a few pages for each; typing saves by itself.
READS: Final = Rate(1_200, 0.2)
WRITES: Final = Rate(600, 0.5)


class Pace:
    """Counts what accounts ask for, and what they send."""

    def __init__(self, reads: Rate = READS, writes: Rate = WRITES) -> None:
        self._reads, self._writes = Throttle(*reads), Throttle(*writes)

    def take(self, account_id: int, *, writes: bool) -> None:
        """Let a request pass, or raise TooManyError that says when to come again."""
        (self._writes if writes else self._reads).take(f"account:{account_id}")
