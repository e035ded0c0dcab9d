"""A small disk under a house's var/, and a ballast that fills it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ops.cluster.databases import connect
from tests.faults.house import House

DISK_MEGABYTES: Final = 600
SEGMENT_BYTES: Final = 16 * 1024 * 1024
KILOBYTE: Final = 1024


class Disk:
    """What lies under var/ and how much room there is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def leave(self, kilobytes: int) -> None:
        """Fill the disk until only so much room is left."""
        self.clear()
        room = shutil.disk_usage(self.folder).free - kilobytes * KILOBYTE
        if room > 0:
            with self._ballast.open("wb") as ballast:
                os.posix_fallocate(ballast.fileno(), 0, room)

    def clear(self) -> None:
        """Make room, as a person does who deletes something big."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(house: House) -> Iterator[Disk]:
    """Mount a small disk where the house keeps its database."""
    folder = house.folder / "var"
    folder.mkdir()
    options = f"size={DISK_MEGABYTES}m,mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "landkarte-test", folder], check=True)
    try:
        yield Disk(folder)
    finally:
        for begun in house.started:
            begun.kill()
        house.kill_database()
        subprocess.run(["umount", "--lazy", folder], check=True)


def can_mount() -> bool:
    """Return whether we may mount a disk here."""
    if os.geteuid() != 0:
        return False
    probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "landkarte-test", "/mnt"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def use_up_the_log(house: House) -> None:
    """Write to PostgreSQL's log of changes until its next file has to be made, but not yet."""
    with connect(house.cluster, "landkarte") as connection:
        while True:
            row = connection.execute(
                "SELECT pg_walfile_name(pg_current_wal_insert_lsn()),"
                " (SELECT max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'),"
                " (pg_walfile_name_offset(pg_current_wal_insert_lsn())).file_offset"
            ).fetchone()
            assert row is not None
            present, last, offset = row
            left = SEGMENT_BYTES - int(str(offset))
            if present == last and left < 192 * KILOBYTE:
                return
            size = 64 * KILOBYTE if present == last else 1024 * KILOBYTE
            connection.execute(
                "SELECT pg_logical_emit_message(true, 'ballast', repeat('x', %s::int))", [size]
            )
