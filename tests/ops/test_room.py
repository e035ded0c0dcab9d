"""What the cluster says when its disk is full; tests/faults fills a real one."""

import errno
from pathlib import Path

import psycopg
import pytest

from ops.cluster import Cluster, ClusterError, locate, room

FULL = "Die Festplatte ist voll"


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    tmp_path.chmod(0o755)
    return locate(tmp_path / "var")


def test_a_disk_with_room_is_not_full(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "NEEDED_MEGABYTES", 0)
    assert not room.is_full(cluster)
    assert str(room.complaint(cluster, "Es geht nicht.")) == "Es geht nicht."


def test_a_disk_without_room_is_the_reason(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "NEEDED_MEGABYTES", 10**12)
    said = str(room.complaint(cluster, "Es geht nicht."))
    assert said.startswith("Es geht nicht.\n")
    assert FULL in said
    assert "Bitte Platz schaffen und denselben Befehl noch einmal ausführen." in said


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        psycopg.errors.DiskFull("could not extend file: No space left on device"),
    ],
)
def test_a_failure_for_want_of_room_says_so(cluster: Cluster, error: Exception) -> None:
    with pytest.raises(ClusterError, match=FULL), room.explained(cluster):
        raise error


def test_other_failures_stay_what_they_are(cluster: Cluster) -> None:
    with pytest.raises(PermissionError), room.explained(cluster):
        raise PermissionError
