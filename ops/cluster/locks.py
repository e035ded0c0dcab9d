"""Locks on files in var/: the system takes them back when their process ends, however it ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.cluster.place import ClusterError


@contextmanager
def exclusive(file: Path, waiting: Callable[[], None] | None = None) -> Iterator[int]:
    """Hold the lock alone, after a call of `waiting` if another holds it; yields its file descriptor."""
    with _opened(file) as descriptor:
        if not _try(descriptor, fcntl.LOCK_EX):
            if waiting:
                waiting()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor


@contextmanager
def shared(file: Path) -> Iterator[None]:
    """Hold the lock together with others."""
    with _opened(file) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield


def is_held(file: Path) -> bool:
    """Tell whether anybody, this process included, holds the lock."""
    with _opened(file) as descriptor:
        return not _try(descriptor, fcntl.LOCK_EX)


def _try(descriptor: int, kind: int) -> bool:
    """Take the lock if that needs no waiting; return whether it was taken."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    """Open a lock file, which stays where it is; closing it gives the lock back."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError:
        raise ClusterError(
            f"{file} gehört jemand anderem. Bitte so starten wie beim ersten Mal: mit oder ohne sudo."
        ) from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)
