"""ZIP archives that are looked through before anything in them is believed."""

from collections.abc import Iterator
from contextlib import contextmanager
from os import SEEK_END
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from importers.errors import UnusableError
from importers.readers import limits

CHUNK: Final = limits.MIB
ARCHIVES: Final = frozenset({".zip", ".kmz", ".7z", ".rar", ".gz", ".tar", ".bz2", ".xz"})
_ENCRYPTED: Final = 0x1
_WAY_OUT: Final = "Bitte die Dateien neu in ein gewöhnliches ZIP-Archiv packen."
# What zipfile raises at files that are cut, mixed up or packed by a way it does not know.
DAMAGES: Final = (BadZipFile, EOFError, RuntimeError)


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """Open an archive whose names and claimed sizes are harmless, or raise UnusableError."""
    try:
        _check_directory(path)
        with ZipFile(path) as archive:
            _check(archive.infolist(), path)
            yield archive
    except UnusableError:
        raise
    except (*DAMAGES, ValueError) as error:
        raise damaged(path) from error
    except Exception as error:
        # zlib, bz2 and lzma each have an error of their own.
        if type(error).__module__ in ("zlib", "_lzma", "_bz2"):
            raise damaged(path) from error
        raise


def contents(archive: ZipFile, member: ZipInfo) -> bytes:
    """Return a member; zipfile gives no more than was claimed, and compares the checksum."""
    return archive.read(member)


def check_contents(path: Path) -> None:
    """Unpack all of an archive once without keeping it: for libraries that would trust it."""
    with opened(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                while stream.read(CHUNK):
                    pass


def ending(member: ZipInfo) -> str:
    """Return how a member's name ends, in small letters: ".shp"."""
    return PurePosixPath(member.filename).suffix.lower()


def files(archive: ZipFile) -> list[ZipInfo]:
    """Return the members that are files, without what macOS and Windows add for themselves."""
    return [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not PurePosixPath(member.filename).name.startswith(".")
    ]


def damaged(path: Path) -> UnusableError:
    """Return what is said of an archive that cannot be unpacked."""
    return UnusableError(
        f"{path.name}: Das Archiv ist beschädigt oder nicht vollständig. Bitte noch einmal herunterladen oder"
        " neu speichern."
    )


def _check_directory(path: Path) -> None:
    """Refuse a list of members that is huge by itself: zipfile would read all of it."""
    with path.open("rb") as file:
        length = file.seek(0, SEEK_END)
        file.seek(max(0, length - limits.MIB // 8))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")  # the end of the list (APPNOTE 4.3.16), and of a long one (4.3.14)
    long = tail.rfind(b"PK\x06\x06", 0, max(at, 0))
    if at >= 0:
        size = int.from_bytes(tail[at + 12 : at + 16], "little")
        if long >= 0:
            size = int.from_bytes(tail[long + 40 : long + 48], "little")
        if size > limits.MEMBERS * 1024:
            raise _too_many(path)


def _too_many(path: Path) -> UnusableError:
    return UnusableError(
        f"{path.name}: Das Archiv enthält mehr als {limits.MEMBERS} Dateien. Bitte nur die Liste einpacken."
    )


def _check(members: list[ZipInfo], path: Path) -> None:
    if len(members) > limits.MEMBERS:
        raise _too_many(path)
    size = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    if size > limits.UNPACKED or (size > limits.SMALL and size > limits.RATIO * packed):
        raise UnusableError(
            f"{path.name}: Das Archiv würde ausgepackt viel zu groß ({size // limits.MIB} MB)."
            " Bitte nur die Liste einpacken, ohne leere Zeilen und Bilder."
        )
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise UnusableError(f"{path.name}: Das Archiv hat ein Passwort. Bitte ohne Passwort speichern.")
        if not _is_harmless(member.filename):
            raise UnusableError(
                f"{path.name}: Eine Datei im Archiv will an einen fremden Ort („{member.filename[:60]}“)."
                f" {_WAY_OUT}"
            )


def _is_harmless(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and ".." not in parts and parts[0] != "/" and ":" not in parts[0]


def check_not_nested(archive: ZipFile, path: Path) -> None:
    """Raise UnusableError if there is an archive in the archive."""
    for member in files(archive):
        if ending(member) in ARCHIVES:
            raise UnusableError(
                f"{path.name}: Im Archiv steckt noch ein Archiv („{member.filename[:60]}“)."
                " Bitte auspacken und das innere hochladen."
            )
