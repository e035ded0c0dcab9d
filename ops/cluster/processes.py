"""Which running processes are this cluster's own, and what a killed server has left behind."""

import os
import signal
import time
from pathlib import Path
from typing import Final

from ops.cluster.place import SOCKET_NAME, Cluster, ClusterError

PATIENCE_SECONDS: Final = 10.0
EXECUTABLES: Final = ("postgres", "postgres (deleted)")  # deleted: while a package upgrade passes


def postmaster(cluster: Cluster) -> int | None:
    """Return the id of the cluster's running server; a foreign process that got its id does not count."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return pid if pid in own(cluster) else None


def own(cluster: Cluster) -> list[int]:
    """Return the processes of PostgreSQL that work in this data directory, the server first or not."""
    try:
        data = cluster.data.stat()
    except FileNotFoundError:
        return []
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _works_in(entry, data)
    ]


def clear_leftovers(cluster: Cluster) -> None:
    """Where no server runs, wait for a killed one's orphans, then remove its stale pid file and socket."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    asked = False
    while orphans := own(cluster):  # two servers on one data directory would destroy it
        if time.monotonic() > deadline:
            raise ClusterError(
                f"Von einem abgebrochenen Lauf arbeiten noch PostgreSQL-Prozesse in {cluster.data}: {orphans}"
            )
        if not asked and time.monotonic() > deadline - PATIENCE_SECONDS * 0.8:
            _quit(orphans)
            asked = True
        time.sleep(0.05)
    for leftover in (
        cluster.data / "postmaster.pid",
        cluster.socket / SOCKET_NAME,
        cluster.socket / f"{SOCKET_NAME}.lock",
    ):
        leftover.unlink(missing_ok=True)


def _works_in(process: Path, data: os.stat_result) -> bool:
    """Tell whether `process` (a folder of /proc) is a PostgreSQL process that works in `data`."""
    try:
        same = os.path.samestat((process / "cwd").stat(), data)
        return same and (process / "exe").readlink().name in EXECUTABLES
    except OSError:  # gone meanwhile, a zombie, or another user's
        return False


def _quit(processes: list[int]) -> None:
    """Ask orphans that did not notice their server's death to leave at once, as the server itself would."""
    for pid in processes:
        try:
            os.kill(pid, signal.SIGQUIT)
        except ProcessLookupError:
            continue
