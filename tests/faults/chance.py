"""Chance that can be played again: the seed is printed, and LANDKARTE_FAULT_SEED sets it."""

import os
import random
import sys


def dice() -> random.Random:
    """Return a source of random moments; pytest shows its seed when the test fails."""
    seed = os.environ.get("LANDKARTE_FAULT_SEED") or str(random.SystemRandom().randrange(10**9))
    say(f"LANDKARTE_FAULT_SEED={seed}")
    return random.Random(seed)


def say(line: str) -> None:
    """Say how far a test is; pytest shows it when the test fails."""
    sys.stdout.write(f"{line}\n")
