"""Identifiers as HSDS wants them: UUIDs that say which entry they mean, so that none has to be kept."""

import hashlib
import re
from enum import IntEnum
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

# Of all that is the same in every installation: taxonomies and their terms.
NAMESPACE: Final = UUID("5a9f4b43-0c6e-4b0e-9d6a-0a7c3e1f2b58")
_HALF: Final = 48  # bits of each of the two long parts
_LOW: Final = (1 << _HALF) - 1
_MOST: Final = (1 << 62) - 1  # what is left for a number (RFC 9562, 5.8)
_SHAPE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Kind(IntEnum):
    """What can be asked for by its identifier."""

    SERVICE = 1
    ORGANIZATION = 2
    LOCATION = 3
    SERVICE_AT_LOCATION = 4


class Meant(NamedTuple):
    """An entry by its kind and number."""

    kind: Kind
    number: int


def of(region: str, kind: Kind, number: int) -> str:
    """Return the identifier of an entry of a region (UUID version 8): region, kind and number."""
    first = _region(region)
    return f"{first[:8]}-{first[8:]}-8{kind:03x}-{0x8000 | number >> _HALF:04x}-{number & _LOW:012x}"


def meant(region: str, said: str) -> Meant | None:
    """Return which entry of the region an identifier means; None: it is not one of ours."""
    if not is_uuid(said):
        return None
    number = int(said[19:23] + said[24:], 16) & _MOST
    try:
        found = Meant(Kind(int(said[15:18], 16)), number)
    except ValueError:
        return None
    return found if of(region, *found) == said else None


def part(whole: str, *words: object) -> str:
    """Return the identifier of a part that nobody asks for alone, by its whole and its name there."""
    return _named(bytes.fromhex(whole.replace("-", "")), "/".join(map(str, words)))


def of_everywhere(*words: str) -> str:
    """Return the identifier of something that is the same in every installation."""
    return _named(NAMESPACE.bytes, "/".join(words))


def is_uuid(said: object) -> bool:
    """Return whether something is a UUID as we write them: with small letters and dashes."""
    return isinstance(said, str) and _SHAPE.fullmatch(said) is not None


def _named(space: bytes, name: str) -> str:
    """Return a UUID of version 5 (RFC 9562, 5.5); uuid.uuid5 takes ten times as long."""
    digits = hashlib.sha1(space + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"


@lru_cache(maxsize=1000)
def _region(slug: str) -> str:
    return hashlib.sha256(f"landkarte/{slug}".encode()).hexdigest()[: _HALF // 4]
