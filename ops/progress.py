"""Shows the steps of a longer run as they come and go."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

Say = Callable[[str], None]
COLUMN: Final = 30  # where the ticks stand


class StepFailedError(Exception):
    """A step could not be done; its text is German and for the person who waits."""


@contextmanager
def step(head: str) -> Iterator[Say]:
    """Print the step's title, then a tick and its seconds; yields a function that says a line in between."""
    print(f"{head:<{COLUMN}}", end="", flush=True)
    began = time.monotonic()
    lines: list[str] = []

    def say(line: str) -> None:
        if not lines:
            print()
        lines.append(line)
        print(f"      {line}", flush=True)

    def tick(mark: str) -> None:
        seconds = f"{time.monotonic() - began:.1f}".replace(".", ",")
        print(f"{' ' * COLUMN if lines else ''}{mark} {seconds} s", flush=True)

    try:
        yield say
    except BaseException:
        tick("✗")
        raise
    tick("✓")


def run_program(
    program: Sequence[str], environment: Mapping[str, str], say: Say, failure: str, *, lock: int | None = None
) -> None:
    """Run a program, passing on its lines; raise StepFailedError with `failure` if it does not end well.

    It holds `lock` with us: if only we are killed, its work goes on, and nobody may do the same beside it.
    """
    with subprocess.Popen(
        program,
        env=dict(environment) | {"PYTHONUNBUFFERED": "1"},
        stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        pass_fds=() if lock is None else (lock,),
        text=True,
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip():
                say(line.rstrip())
    if child.returncode:
        raise StepFailedError(failure)
