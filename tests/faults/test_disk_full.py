"""The disk is full: it is said so in German with the way out, nothing is damaged, and room is all it takes.

The database lies on a small disk in memory. Only root may mount one.
"""

import shutil
from collections.abc import Iterator

import pytest
from sqlmodel import Session

from ops.cluster import start
from ops.cluster.databases import connect
from tests.faults.chance import say
from tests.faults.disk import Disk, can_mount, small_disk, use_up_the_log
from tests.faults.house import PYTHON, House, Started, ask, built_house, wait_until
from tests.faults.intact import check_files
from tests.faults.liste import Liste
from tests.faults.reading import PATHS, check_served
from tests.faults.wholeness import check_whole

FULL = "Die Festplatte ist voll"
WAY_OUT = "Platz"

pytestmark = pytest.mark.skipif(not can_mount(), reason="only root may mount the small disk that is filled")


@pytest.fixture(scope="module")
def _furnished_disk() -> Iterator[tuple[House, Disk]]:
    with built_house() as house, small_disk(house) as disk:
        service = house.serve()
        assert service.end() == 0
        yield house, disk


@pytest.fixture
def furnished(_furnished_disk: tuple[House, Disk]) -> Iterator[tuple[House, Disk]]:
    """A house that is set up, on a disk with room."""
    house, disk = _furnished_disk
    yield house, disk
    disk.clear()
    for begun in house.started:
        begun.kill()


def check_told(code: int, said: str) -> None:
    """A person can read what is wrong and what to do."""
    assert code not in (0, None), said
    assert FULL in said, said
    assert WAY_OUT in said, said
    assert "Traceback" not in said, said


def check_readers(house: House) -> None:
    """Pages are still served, or it is said that they are not to be had now."""
    statuses = {path: ask(house.port, path).status for path in PATHS}
    assert set(statuses.values()) <= {200, 503}, statuses


def check_recovered(house: House, service: Started) -> None:
    house.await_ready(service)
    with Session(house.engine()) as session:
        check_served(house.port, session)
    check_whole(house.engine())
    assert service.end() == 0
    check_files(house)


@pytest.mark.proof
@pytest.mark.parametrize("kilobytes", [64, 1024])
def test_an_import_says_that_the_disk_is_full(furnished: tuple[House, Disk], kilobytes: int) -> None:
    house, disk = furnished
    liste = Liste(1000 + kilobytes, length=500)
    command = (*PYTHON, *liste.write(house.folder))
    service = house.serve()
    before = check_whole(house.engine())
    disk.leave(kilobytes)
    check_told(*house.type_with_database(*command))
    check_readers(house)
    disk.clear()
    with Session(house.engine()) as session:
        assert not liste.is_there(session)
    code, said = house.type_with_database(*command)
    assert code == 0, said
    with Session(house.engine()) as session:
        assert liste.is_there(session)
    check_whole(house.engine(), before)
    check_recovered(house, service)


@pytest.mark.proof
def test_an_import_survives_that_the_database_cannot_write_its_log(furnished: tuple[House, Disk]) -> None:
    house, disk = furnished
    liste = Liste(3000, length=500)
    command = (*PYTHON, *liste.write(house.folder))
    service = house.serve()
    before = check_whole(house.engine())
    disk.leave(6 * 1024)
    use_up_the_log(house)
    check_told(*house.type_with_database(*command))
    check_readers(house)
    check_told(*house.type(*PYTHON, "ops.cluster", "start"))
    check_readers(house)
    disk.clear()
    code, said = house.type(*PYTHON, "ops.cluster", "start")
    assert code == 0, said
    check_whole(house.engine(), before)
    code, said = house.type_with_database(*command)
    assert code == 0, said
    with Session(house.engine()) as session:
        assert liste.is_there(session)
    check_recovered(house, service)


@pytest.mark.proof
@pytest.mark.parametrize("kilobytes", [64, 512])
def test_a_migration_says_that_the_disk_is_full(furnished: tuple[House, Disk], kilobytes: int) -> None:
    house, disk = furnished
    start(house.cluster)
    with connect(house.cluster, "postgres") as connection:
        connection.execute("DROP DATABASE landkarte WITH (FORCE)")
    start(house.cluster)  # makes it anew, without tables
    disk.leave(kilobytes)
    service = house.make_run()
    check_told(service.wait(), service.said())
    check_told(*house.type_with_database(*PYTHON, "alembic", "upgrade", "head"))
    disk.clear()
    check_recovered(house, house.serve())


def first_start_on(house: House, disk: Disk, kilobytes: int) -> None:
    """Set everything up on a disk with too little room, then with enough."""
    disk.clear()
    house.kill_database()
    for entry in disk.folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    disk.leave(kilobytes)
    service = house.make_run()
    wait_until(
        lambda: not service.is_running() or ask(house.port, "/readyz").status == 200,
        "it serves or says why",
    )
    if service.is_running():
        say(f"{kilobytes} kB were enough")
    else:
        check_told(service.wait(), service.said())
    disk.clear()
    if not service.is_running():
        service = house.serve()
    check_recovered(house, service)


@pytest.mark.proof
@pytest.mark.parametrize("megabytes", [0, 1, 20, 36, 42, 50, 58, 66, 74, 82, 90, 98])
def test_a_first_start_may_find_the_disk_full_at_any_moment(
    furnished: tuple[House, Disk], megabytes: int
) -> None:
    first_start_on(*furnished, megabytes * 1024)
