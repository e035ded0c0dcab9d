"""Waits until servers have done what they do after a start: open the search index, read what lists show."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bench.servers import Server

LONGEST_SECONDS: Final = 120.0  # then it is measured all the same
MOST_BUSY: Final = 0.1  # of a core, all servers together
_TICKS: Final = os.sysconf("SC_CLK_TCK")


def wait(servers: Sequence[Server]) -> None:
    """Return when the servers have had little to do for a second."""
    until = time.monotonic() + LONGEST_SECONDS
    used = _used(servers)
    while time.monotonic() < until:
        time.sleep(1)
        before, used = used, _used(servers)
        if used - before < MOST_BUSY:
            return


def _used(servers: Sequence[Server]) -> float:
    return sum(processor_seconds(server.pid) for server in servers)


def processor_seconds(pid: int) -> float:
    """Return the seconds that a process has computed so far (proc(5), utime and stime)."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS
