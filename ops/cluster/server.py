"""Starts and stops the cluster; whatever an earlier run left behind, a start makes it good."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from ops.cluster import locks
from ops.cluster.databases import connect, ensure_databases
from ops.cluster.place import Cluster, ClusterError, make_private, programs, run_as_owner
from ops.cluster.processes import clear_leftovers, postmaster
from ops.cluster.room import complaint, explained, is_full

LOCK: Final = "cluster.lock"  # held while the cluster starts or stops
IN_USE: Final = "cluster-in-use.lock"  # shared by all who count on it, also while they have no connection
PASSING: Final = "cluster-passing"  # there while the cluster runs only for those who use it
START_SECONDS: Final = 120  # recovery after a kill may have to replay a long log
SETTINGS: Final = """\
# Written at every start by ops/cluster; changes made here are lost.
listen_addresses = ''                   # the socket is the only door
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
port = 5432
shared_buffers = 128MB
random_page_cost = 1.1                  # SSDs; else a region of many is read like all of them
fsync = on
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on                  # one file per weekday, kept for a week
log_directory = '{log}'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_truncate_on_rotation = on
log_line_prefix = '%m [%p] %q%u@%d '    # no client addresses
log_error_verbosity = terse             # error details repeat people's data
log_min_error_statement = panic         # and so do statements
"""


def start(cluster: Cluster) -> bool:
    """Start the cluster, creating it first if need be; return whether it was not running before."""
    with explained(cluster), locks.exclusive(cluster.var / LOCK):
        if started := postmaster(cluster) is None:
            _launch(cluster)
        _await(cluster)
        ensure_databases(cluster)
    return started


def stop(cluster: Cluster, *, force: bool = False) -> bool:
    """Stop the cluster unless others use it (`force` does not ask); return whether it is stopped."""
    with locks.exclusive(cluster.var / LOCK):
        if postmaster(cluster) is None:
            return True
        if not force and (locks.is_held(cluster.var / IN_USE) or _clients(cluster)):
            return False
        pg_ctl = programs(cluster.data) / "pg_ctl"
        done = run_as_owner(cluster, pg_ctl, "stop", "-D", cluster.data, "-m", "fast", "-w", "-t", "60")
        if done.returncode:
            raise complaint(cluster, f"Die Datenbank ließ sich nicht beenden:\n{done.stdout.strip()}")
        stay(cluster)  # the next start decides anew
    return True


def stay(cluster: Cluster) -> None:
    """Let a running cluster outlast those who use it."""
    (cluster.var / PASSING).unlink(missing_ok=True)


def is_running(cluster: Cluster) -> bool:
    """Tell whether the cluster's server runs."""
    return postmaster(cluster) is not None


@contextmanager
def running(cluster: Cluster) -> Iterator[bool]:
    """Hold the cluster running; if it was not before (yields True), it ends with the last who holds it."""
    passing = cluster.var / PASSING
    try:
        with locks.shared(cluster.var / IN_USE):
            started = start(cluster)
            if started:
                with explained(cluster):
                    passing.touch()
            yield started
    except Exception as error:
        if isinstance(error, ClusterError) or not is_full(cluster):
            raise
        raise complaint(cluster, str(error)) from error  # whatever failed, this is the reason
    finally:
        if passing.exists():
            stop(cluster)


def _launch(cluster: Cluster) -> None:
    """Start the server on its data directory and wait until it takes connections."""
    make_private(cluster.home, cluster.owner)
    for folder in (cluster.socket, cluster.log.parent):
        make_private(folder, cluster.owner)
    clear_leftovers(cluster)
    if not cluster.data.exists():
        _create(cluster)
    _write_settings(cluster)
    pg_ctl = programs(cluster.data) / "pg_ctl"
    done = run_as_owner(
        cluster, pg_ctl, "start", "-D", cluster.data, "-l", cluster.log, "-w", "-t", str(START_SECONDS)
    )
    if done.returncode:
        said = cluster.log.read_text(errors="replace").splitlines()[-8:] if cluster.log.exists() else []
        raise complaint(
            cluster, "\n".join(["PostgreSQL startet nicht. Es sagt:", done.stdout.strip(), *said])
        )


def _create(cluster: Cluster) -> None:
    """Make the data directory beside its place and move it there when complete: no half one is ever found."""
    for half in cluster.home.glob("new-*"):
        shutil.rmtree(half)
    fresh = cluster.home / f"new-{os.getpid()}"
    done = run_as_owner(
        cluster,
        programs(cluster.data) / "initdb",
        *("--pgdata", fresh, "--username", "postgres", "--encoding", "UTF8", "--locale", "C.UTF-8"),
        *(
            "--data-checksums",
            "--auth-local",
            "trust",
            "--auth-host",
            "reject",
        ),  # the socket's folder is the guard
    )
    if done.returncode:
        raise complaint(cluster, f"Der Datenbank-Cluster ließ sich nicht anlegen:\n{done.stdout.strip()}")
    with (fresh / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude = 'landkarte.conf'\n")
        settings.flush()
        os.fsync(settings.fileno())
    fresh.rename(cluster.data)


def _write_settings(cluster: Cluster) -> None:
    """Write the settings anew, since the checkout may have moved."""
    quoted = {"socket": _quoted(cluster.socket), "log": _quoted(cluster.log.parent)}
    fresh = cluster.data / "landkarte.conf.new"
    fresh.write_text(SETTINGS.format(**quoted))
    os.chown(fresh, cluster.owner.pw_uid, cluster.owner.pw_gid)
    fresh.replace(cluster.data / "landkarte.conf")


def _quoted(path: Path) -> str:
    """Return the path as it stands between single quotes in postgresql.conf."""
    return str(path).replace("\\", "\\\\").replace("'", "''")


def _await(cluster: Cluster) -> None:
    """Wait up to START_SECONDS for a server on its way up or down; start it again if it went."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            connect(cluster, "postgres").close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise complaint(cluster, f"Die Datenbank antwortet nicht: {error}") from error
            if postmaster(cluster) is None:
                _launch(cluster)
            time.sleep(0.1)
        else:
            return


def _clients(cluster: Cluster) -> int:
    """Count the connections of others."""
    statement = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with connect(cluster, "postgres") as connection:
        row = connection.execute(statement).fetchone()
    return int(str(row[0])) if row else 0
