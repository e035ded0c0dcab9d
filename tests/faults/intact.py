"""Whether the database's files themselves are sound, as PostgreSQL's own tools see it."""

import os
import subprocess

from ops.cluster import start, stop
from ops.cluster.databases import DATABASE
from ops.cluster.place import programs
from tests.faults.house import House


def check_files(house: House) -> None:
    """Fail unless every table agrees with its indexes (amcheck) and every page with its checksum."""
    cluster = house.cluster
    start(cluster)
    where = ["--host", str(cluster.socket), "--username", "postgres", "--database", DATABASE]
    _run(house, "pg_amcheck", "--install-missing", "--heapallindexed", "--parent-check", *where)
    stop(cluster, force=True)
    _run(house, "pg_checksums", "--check", "--pgdata", str(cluster.data))


def _run(house: House, program: str, *arguments: str) -> None:
    cluster = house.cluster
    as_owner = {} if os.geteuid() else {"user": cluster.owner.pw_uid, "group": cluster.owner.pw_gid}
    done = subprocess.run(
        [programs(cluster.data) / program, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=cluster.home,
        **as_owner,  # type: ignore[call-overload]
    )
    assert done.returncode == 0, done.stdout + done.stderr
