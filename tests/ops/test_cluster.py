"""The project's own PostgreSQL cluster: each test works on real clusters in folders of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from ops.cluster import Cluster, is_running, locate, place, running, start, stay, stop, url
from ops.cluster.databases import connect
from ops.cluster.processes import own, postmaster
from ops.cluster.urls import Which

ROOT = Path(__file__).parents[2]
START = """
import sys
from pathlib import Path
from ops.cluster import locate, start
print(start(locate(Path(sys.argv[1]))))
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@contextmanager
def folder_of_our_own() -> Iterator[Path]:
    """A folder that everybody may pass through to, unlike pytest's; the cluster in its var/ goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="landkarte-test-"))
    folder.chmod(0o755)
    yield folder
    stop(locate(folder / "var"), force=True)
    shutil.rmtree(folder)


@pytest.fixture
def var() -> Iterator[Path]:
    """A var/ in which nothing is yet."""
    with folder_of_our_own() as folder:
        yield folder / "var"


@pytest.fixture(scope="module")
def shared() -> Iterator[Cluster]:
    """A cluster for all tests that can do with one that is there already."""
    with folder_of_our_own() as folder:
        yield locate(folder / "var")


@pytest.fixture
def cluster(shared: Cluster) -> Cluster:
    """The shared cluster, running, whatever the test before did to it."""
    start(shared)
    return shared


@pytest.mark.parametrize("which", ["owner", "app", "test"])
def test_every_address_leads_to_a_database_with_postgis(cluster: Cluster, which: Which) -> None:
    engine = create_engine(url(cluster, which))
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT ST_AsText(ST_Point(13.5, 52.5)) || similarity('wort', 'wort')")
        )
    engine.dispose()
    assert found == "POINT(13.5 52.5)1"


def test_stores_text_as_unicode_with_checksums(cluster: Cluster) -> None:
    shown = {name: ask(cluster, f"SHOW {name}") for name in ("server_encoding", "data_checksums", "TimeZone")}
    assert shown == {"server_encoding": "UTF8", "data_checksums": "on", "TimeZone": "UTC"}


def test_opens_no_port(cluster: Cluster) -> None:
    tables = [Path("/proc/net", name).read_text() for name in ("tcp", "tcp6", "udp", "udp6")]
    listening = {line.split()[9] for table in tables for line in table.splitlines()[1:]}
    open_files = [str(fd.readlink()) for fd in Path(f"/proc/{postmaster(cluster)}/fd").iterdir()]
    sockets = {
        name.removeprefix("socket:[").rstrip("]") for name in open_files if name.startswith("socket:[")
    }
    assert sockets, "the server has at least the socket that we talk through"
    assert not sockets & listening


def test_is_not_run_by_root(cluster: Cluster) -> None:
    assert Path(f"/proc/{postmaster(cluster)}").stat().st_uid == cluster.owner.pw_uid != 0


def test_keeps_its_folders_to_its_own_user(cluster: Cluster) -> None:
    folders = (cluster.home, cluster.data, cluster.socket, cluster.log.parent)
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE t (x int)", "CREATE SCHEMA s", "CREATE ROLE r", "CREATE DATABASE d"]
)
def test_the_app_role_creates_nothing(cluster: Cluster, statement: str) -> None:
    with (
        psycopg.connect(url(cluster, "app").replace("+psycopg", ""), autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement)


def test_the_owner_role_is_no_superuser(cluster: Cluster) -> None:
    assert ask(cluster, "SELECT rolsuper FROM pg_roles WHERE rolname = 'landkarte_owner'") is False


def test_a_second_start_changes_nothing(cluster: Cluster) -> None:
    before = postmaster(cluster)
    assert start(cluster) is False
    assert postmaster(cluster) == before


def test_makes_up_for_a_set_up_that_ended_between_two_databases(cluster: Cluster) -> None:
    with connect(cluster, "postgres") as connection:
        connection.execute("DROP DATABASE landkarte_test WITH (FORCE)")
    start(cluster)
    with connect(cluster, "landkarte_test") as connection:
        row = connection.execute("SELECT count(*) FROM pg_extension WHERE extname = 'postgis'").fetchone()
    assert row == (1,)


def test_comes_back_with_its_data_after_the_server_was_killed(cluster: Cluster) -> None:
    ask(cluster, "CREATE TABLE IF NOT EXISTS kept AS SELECT 'still here' AS words")
    kill(postmaster(cluster))
    assert start(cluster) is True
    assert ask(cluster, "SELECT words FROM kept") == "still here"


def test_comes_back_while_a_killed_servers_work_goes_on(cluster: Cluster) -> None:
    busy = threading.Thread(target=_count_for_ever, args=(cluster,))
    busy.start()
    wait_until(lambda: ask(cluster, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT sum'") == 1)
    kill(postmaster(cluster))
    assert own(cluster), "the one who counts has not noticed"
    assert start(cluster) is True
    busy.join(timeout=10)
    assert not busy.is_alive()


def test_a_pid_file_that_names_a_foreign_process_is_stale(cluster: Cluster) -> None:
    pid_file = cluster.data / "postmaster.pid"
    content = pid_file.read_text()
    kill(postmaster(cluster))
    wait_until(lambda: not own(cluster))
    as_owner = {} if os.geteuid() else {"user": cluster.owner.pw_uid}
    with subprocess.Popen(["sleep", "60"], **as_owner) as foreign:  # type: ignore[call-overload]
        pid_file.write_text(content.replace(content.split("\n")[0], str(foreign.pid), 1))
        (cluster.socket / f"{place.SOCKET_NAME}.lock").write_text(f"{foreign.pid}\n")
        assert not is_running(cluster)
        assert start(cluster) is True
        assert foreign.poll() is None, "the foreign process lives on"
        foreign.kill()


def test_a_damaged_pid_file_is_stale(cluster: Cluster) -> None:
    kill(postmaster(cluster))
    (cluster.data / "postmaster.pid").write_text("")
    assert start(cluster) is True


def test_stays_while_others_are_connected(cluster: Cluster) -> None:
    with connect(cluster, "landkarte"):
        assert stop(cluster) is False
        assert is_running(cluster)
    wait_until(lambda: stop(cluster))
    assert not is_running(cluster)


def test_is_stopped_with_force_whoever_is_connected(cluster: Cluster) -> None:
    with connect(cluster, "landkarte") as connection:
        assert stop(cluster, force=True) is True
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_ends_with_the_last_who_holds_it(cluster: Cluster) -> None:
    stop(cluster, force=True)
    first, second = running(cluster), running(cluster)
    assert first.__enter__() is True
    assert second.__enter__() is False
    first.__exit__(None, None, None)
    assert is_running(cluster)
    second.__exit__(None, None, None)
    assert not is_running(cluster)


def test_outlasts_those_who_hold_it_if_it_shall_stay(cluster: Cluster) -> None:
    stop(cluster, force=True)
    with running(cluster):
        stay(cluster)
    assert is_running(cluster)


def test_begins_anew_after_an_interrupted_first_start(var: Path) -> None:
    cluster = locate(var)
    starting = start_elsewhere(var)
    wait_until(lambda: any(cluster.home.glob("new-*/base")))
    os.killpg(starting.pid, signal.SIGKILL)
    starting.communicate()
    assert not cluster.data.exists()
    assert start(cluster) is True
    assert [path.name for path in cluster.home.iterdir() if path.name.startswith("new-")] == []


def test_two_first_starts_at_once_make_one_cluster(var: Path) -> None:
    starts = [start_elsewhere(var), start_elsewhere(var)]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in starts)
    assert said == ["False", "True"]
    assert is_running(locate(var))


def test_a_deep_folder_gets_its_socket_elsewhere(var: Path) -> None:
    deep = var.parent / ("tief" * 30) / "var"
    cluster = locate(deep)
    assert cluster.home == deep / "postgres"
    assert len(bytes(cluster.socket / place.SOCKET_NAME)) <= place.SOCKET_PATH_BYTES
    start(cluster)
    assert cluster.socket.stat().st_mode & 0o777 == 0o700
    assert ask(cluster, "SELECT 1") == 1
    stop(cluster)
    cluster.socket.rmdir()


@as_root
def test_a_closed_folder_gets_its_data_elsewhere(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = var.parent / "elsewhere"
    monkeypatch.setattr(place, "FALLBACK", elsewhere)
    var.mkdir()
    closed = var.parent / "closed"
    closed.mkdir(mode=0o700)
    cluster = locate(closed / "var")
    assert cluster.home.parent == elsewhere
    assert str(cluster.home) in (closed / "var" / place.NOTE).read_text()
    start(cluster)
    closed.chmod(0o755)
    assert locate(closed / "var").home == cluster.home, "data stays where it is"
    stop(cluster)


def test_leaves_other_clusters_alone(cluster: Cluster, var: Path) -> None:
    other = locate(var)
    start(other)
    untouched = postmaster(cluster)
    kill(postmaster(other))
    start(other)
    stop(other, force=True)
    assert postmaster(cluster) == untouched
    assert ask(cluster, "SELECT 1") == 1


def test_starts_nothing_where_a_database_is_given() -> None:
    given = {"LANDKARTE_DATABASE_URL": "postgresql+psycopg://somebody@elsewhere/app"}
    for command, answer in (
        ("start", "LANDKARTE_DATABASE_URL ist gesetzt"),
        ("url", given["LANDKARTE_DATABASE_URL"]),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ops.cluster", command],
            check=True,
            cwd=ROOT,
            env=os.environ | given,
            capture_output=True,
            text=True,
        )
        assert answer in done.stdout


def ask(cluster: Cluster, statement: str) -> object:
    with connect(cluster, "landkarte") as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def start_elsewhere(var: Path) -> "subprocess.Popen[str]":
    """Start the cluster in a process group of its own, which prints whether it was the one."""
    return subprocess.Popen(
        [sys.executable, "-c", START, var],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}/cwd").exists())


def wait_until(happens: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def _count_for_ever(cluster: Cluster) -> None:
    with connect(cluster, "landkarte") as connection, pytest.raises(psycopg.OperationalError):
        connection.execute(
            "SELECT sum(a.n * b.n) FROM generate_series(1, 1000) a(n), generate_series(1, 10000000) b(n)"
        )
