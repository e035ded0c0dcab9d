"""Whether the disk has room for the database, and what to say when it has not."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from ops.cluster.place import Cluster, ClusterError

MEGABYTE: Final = 1024 * 1024
NEEDED_MEGABYTES: Final = 20  # PostgreSQL's log of changes grows by 16 at a time; without it, nothing goes
FULL: Final = "No space left on device"  # what the system says, as PostgreSQL repeats it
FULL_CODES: Final = {errno.ENOSPC, errno.EDQUOT}


def is_full(cluster: Cluster) -> bool:
    """Tell whether the disk under the cluster has too little room to work on."""
    folder = cluster.home if cluster.home.is_dir() else cluster.var
    return shutil.disk_usage(folder).free < NEEDED_MEGABYTES * MEGABYTE


def advice(cluster: Cluster) -> str:
    """Return what is wrong and the way out."""
    return (
        f"Die Festplatte ist voll, auf der die Datenbank liegt: {cluster.home}\n"
        "Es ist nichts verloren. Bitte Platz schaffen und denselben Befehl noch einmal ausführen."
    )


def complaint(cluster: Cluster, said: str) -> ClusterError:
    """Return the error for something that failed; where the disk is full, it says so."""
    return ClusterError(f"{said}\n\n{advice(cluster)}" if FULL in said or is_full(cluster) else said)


@contextmanager
def explained(cluster: Cluster) -> Iterator[None]:
    """Raise ClusterError with the way out where something fails because the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL_CODES:
            raise
        raise ClusterError(advice(cluster)) from error
    except psycopg.OperationalError as error:
        raise complaint(cluster, f"Die Datenbank macht nicht mit: {str(error).strip()}") from error
