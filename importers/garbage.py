"""A list makes millions of small objects that die by themselves; Python need not search them for circles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Objects made before Python looks for circles, 700 by default; a chunk of rows holds some ten thousand.
SELDOM: Final = (200_000, 10, 10)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for circles of garbage less often: a quarter of an import's time went into that."""
    usual = gc.get_threshold()
    gc.freeze()  # what is there already stays, and need not be looked at again
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
