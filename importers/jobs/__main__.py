"""Works off what waits and ends: `python -m importers.jobs`. The server starts it when there is work."""

import signal
import sys
from typing import Final, NoReturn

from importers.jobs.work import work
from importers.terminal import connected, run_command

# Starting costs seconds; whoever has uploaded a list looks at it and goes on within minutes.
PATIENCE_SECONDS: Final = 300.0


def main() -> int:
    """Return 0 when nothing waits any more."""
    signal.signal(signal.SIGTERM, _leave)
    return run_command(_work)


def _work() -> int:
    with connected() as engine:
        work(engine, PATIENCE_SECONDS)
    return 0


def _leave(number: int, _frame: object) -> NoReturn:
    """Turn the signal to end into an orderly way out: the transaction is rolled back, files are removed."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
