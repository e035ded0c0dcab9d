"""ZIP archives that are sent while they are written, for the formats of spreadsheets."""

import io
from collections.abc import Iterable, Iterator
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LEVEL: Final = 6


class _Outlet:
    """Takes what ZipFile writes until somebody fetches it; it knows its place but never goes back."""

    def __init__(self, start: bytes) -> None:
        self.kept = bytearray(start)
        self.sent = 0

    def write(self, data: bytes) -> int:
        self.kept += data
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is there."""

    def tell(self) -> int:
        return self.sent + len(self.kept)

    def fetch(self) -> bytes:
        found = bytes(self.kept)
        self.sent += len(found)
        self.kept.clear()
        return found


def streamed(
    members: Iterable[tuple[str, Iterable[bytes]]], first: tuple[str, bytes] | None = None
) -> Iterator[bytes]:
    """Yield an archive of some members, each given in parts.

    first: a member that stands at the beginning as it is, with its size before it (OpenDocument 1.3, 3.3).
    """
    info, start = _stored(*first) if first else (None, b"")
    outlet = _Outlet(start)
    with ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:  # type: ignore[call-overload]
        if info is not None:
            archive.filelist.append(info)
        for name, parts in members:
            member = ZipInfo(name)
            member.compress_type = ZIP_DEFLATED
            with archive.open(member, "w") as opened:
                for part in parts:
                    opened.write(part)
                    if found := outlet.fetch():
                        yield found
    yield outlet.fetch()


def _stored(name: str, content: bytes) -> tuple[ZipInfo, bytes]:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        info = ZipInfo(name)
        archive.writestr(info, content)
        end = buffer.tell()
    return info, buffer.getvalue()[:end]
