"""What tells one row from all others: a number of its own, or as few columns as possible together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from importers.assistant import headers
from importers.assistant.profile import Profile
from importers.values import line

# Numbers that change when somebody sorts the list.
RUNNING: Final = (
    "lfd nr",
    "laufende nummer",
    "nr",
    "lfdnr",
    "pos",
    "zeile",
    "spalte 1",
    "nummer",
    "fid",
    "objectid",
)
MOST: Final = 4  # columns together


@dataclass(frozen=True)
class Key:
    """The columns that identify a row, why, and how many rows they leave in doubt."""

    columns: list[str]
    reason: str
    doubtful: int


def find(profiles: dict[str, Profile], fields: Sequence[str]) -> Key:
    """Return the key; fields are the columns of name, address, place and the rest, the most telling first."""
    named = [name for name in profiles if headers.rank(name, headers.IDS)]
    ids = sorted(
        (name for name in named if headers.plain(name) not in RUNNING),
        key=lambda name: -headers.rank(name, headers.IDS),
    )
    for name in ids:
        if not _doubtful(profiles, [name]):
            return Key([name], f"„{name}“ ist in jeder Zeile gefüllt und nirgends doppelt", 0)
    best: list[str] = []
    for name in [*fields, *ids, *(name for name in profiles if headers.plain(name) not in RUNNING)]:
        if name in best:
            continue
        longer = [*best, name]
        if not best or _doubtful(profiles, longer) < _doubtful(profiles, best):
            best = longer
        if not _doubtful(profiles, best) or len(best) == MOST:
            break
    best = best or list(profiles)[:1]
    said = " und ".join(f"„{name}“" for name in best)
    doubtful = _doubtful(profiles, best)
    if not doubtful:
        verb = "sind zusammen" if len(best) > 1 else "ist"
        return Key(best, f"{said} {verb} in keiner Zeile leer und nirgends doppelt", 0)
    return Key(best, f"{said} unterscheiden die meisten Zeilen, {doubtful} aber nicht", doubtful)


def _doubtful(profiles: dict[str, Profile], columns: list[str]) -> int:
    """Return how many rows have no key, or the one of a row before them."""
    keys = Counter(
        tuple(map(line, cells)) for cells in zip(*(profiles[name].cells for name in columns), strict=True)
    )
    return sum(count if not any(key) else count - 1 for key, count in keys.items())
