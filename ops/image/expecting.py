"""What the steps of the proof say when something is not as it should be."""

import subprocess
from collections.abc import Callable
from typing import Final

from ops.image.network import Answer

OK: Final = 200


class ProofError(Exception):
    """Something is not as it should be; says what was found instead."""


def page_of(answer: Answer) -> str:
    """Return the text of an answer with status 200."""
    expect(answer.status == OK, str(answer))
    return answer.body.decode()


def went_well(process: subprocess.CompletedProcess[bytes]) -> None:
    """Raise ProofError with what a program printed, unless it ended with 0."""
    expect(process.returncode == 0, process.stdout.decode())


def fails(error: type[Exception], attempt: Callable[[], object]) -> None:
    """Raise ProofError unless the attempt raises that error."""
    try:
        attempt()
    except error:
        return
    raise ProofError("it succeeded and should not have")


def expect(condition: bool, otherwise: str) -> None:
    """Raise ProofError with what was found `otherwise`."""
    if not condition:
        raise ProofError(otherwise)
