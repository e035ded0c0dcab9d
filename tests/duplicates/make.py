"""Draws the labelled pairs from the demo data: `python -m tests.duplicates.make` writes pairs.csv.

Left stands an entry as the map has it, right the row of another list. Everything that is drawn follows from
SEED, so the same comes out each time; what is judged by hand stands in hand.toml. Halves are split by the
left entry.
"""

import csv
import hashlib
import io
import itertools
import math
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from importers.record import Record
from tests.duplicates.changing import DIFFERENT, METRES, OF_SEVERAL, SAME, another_list, first_of_several
from tests.duplicates.entries import real_entries

HERE = Path(__file__).parent
FILE = HERE / "pairs.csv"
HAND = HERE / "hand.toml"
SEED = 20261122
SAME_OF_EACH_KIND, DIFFERENT_OF_EACH_KIND = 16, 16
FIELDS = ("name", "organization", "street", "postcode", "lon", "lat", "phone", "email", "website")
SIDES = ("left", "right")
COLUMNS = ("half", "label", "kind", *(f"{side}_{field}" for side in SIDES for field in FIELDS))
NEXT_DOOR, ALIKE, FARTHEST_ALIKE = 60, 0.75, 60  # metres; likeness of letters; how many pairs
OVERLAP, UNCLEAR = "echte Überschneidung", "unclear"
CORNER = (13.5, 52.5)


@dataclass(frozen=True)
class Pair:
    """Two entries, whether they mean the same offer, and where the pair comes from."""

    half: str
    label: str
    kind: str
    left: Record
    right: Record

    @property
    def is_same(self) -> bool:
        """Return whether both mean the same offer."""
        return self.label == "same"


def half(name: str) -> str:
    """Return the half that all pairs of a left entry belong to."""
    return ("train", "held-out")[hashlib.sha256(name.encode()).digest()[0] % 2]


def drawn() -> Iterator[Pair]:
    """Yield all pairs in their order."""
    entries = real_entries()
    with HAND.open("rb") as file:
        hand = tomllib.load(file)
    judged = {frozenset((told["one"], told["other"])) for told in hand["overlap"]}
    yield from _changed(entries)
    yield from _neighbours(entries, judged)
    for told in hand["overlap"]:
        yield Pair("real", told["label"], OVERLAP, entries[told["one"]], entries[told["other"]])
    for told in hand["pair"]:
        left, right = _by_hand(told["one"]), _by_hand(told["other"])
        yield Pair(half(f"{left.name}{right.name}"), told["label"], "von Hand geschrieben", left, right)


def _changed(entries: dict[str, Record]) -> Iterator[Pair]:
    names = sorted(name for name in entries if not name.startswith("beispiele:"))
    for label, kinds, wanted in (
        ("same", SAME, SAME_OF_EACH_KIND),
        ("different", DIFFERENT, DIFFERENT_OF_EACH_KIND),
    ):
        for kind, change in kinds.items():
            dice = random.Random(f"{SEED} {kind}")
            found = 0
            for name in dice.sample(names, len(names)):
                left = first_of_several(entries[name]) if kind in OF_SEVERAL else entries[name]
                right = change(another_list(left, dice), dice)
                if right is not None and found < wanted:
                    found += 1
                    yield Pair(half(name), label, kind, left, right)


def _neighbours(entries: dict[str, Record], judged: set[frozenset[str]]) -> Iterator[Pair]:
    """Yield real entries that are different and near, or reached under one number, or called alike."""
    alike: list[tuple[float, str, str]] = []
    for one, other in itertools.combinations(sorted(entries), 2):
        left, right = entries[one], entries[other]
        # An example with several places is one offer; whether its places are "the same" is no question.
        is_one_offer = one.startswith("beispiele:") and left.name == right.name
        if is_one_offer or frozenset((one, other)) in judged:
            continue
        if _contact(left) & _contact(right):
            yield Pair(half(one), "different", "echt: gleiche Nummer oder Mailadresse", left, right)
        elif metres(left, right) <= NEXT_DOOR:
            yield Pair(half(one), "different", "echt: im selben Haus oder nebenan", left, right)
        elif (ratio := _likeness(left.name, right.name)) >= ALIKE:
            alike.append((ratio, one, other))
    for _, one, other in sorted(alike, reverse=True)[:FARTHEST_ALIKE]:
        yield Pair(half(one), "different", "echt: ähnlicher Name anderswo", entries[one], entries[other])


def _likeness(one: str, other: str) -> float:
    letters = SequenceMatcher(None, one, other)
    at_most = min(letters.real_quick_ratio(), letters.quick_ratio())  # saves most of the time
    return letters.ratio() if at_most >= ALIKE else 0.0


def _contact(record: Record) -> set[str]:
    return {re.sub(r"\D", "", record.phone or "")[-7:], (record.email or "").lower()} - {""}


def metres(one: Record, other: Record) -> float:
    """Return how far two entries are from each other, infinite if nobody knows."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return math.inf
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(east, one.lat - other.lat) * METRES


def _by_hand(told: dict[str, Any]) -> Record:
    record = Record.model_validate({name: value for name, value in told.items() if name != "at"})
    if "at" not in told:
        return record
    east, north = told["at"]
    lon = CORNER[0] + east / METRES / math.cos(math.radians(CORNER[1]))
    return record.model_copy(update={"lon": round(lon, 6), "lat": round(CORNER[1] + north / METRES, 6)})


def written() -> str:
    """Return the labelled pairs as CSV."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for pair in drawn():
        cells = (getattr(side, field) for side in (pair.left, pair.right) for field in FIELDS)
        table.writerow([pair.half, pair.label, pair.kind, *cells])
    return file.getvalue()


def stored() -> list[Pair]:
    """Return the labelled pairs of pairs.csv."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Pair(row["half"], row["label"], row["kind"], *(_read(row, side) for side in SIDES))
            for row in csv.DictReader(file)
        ]


def _read(row: dict[str, str], side: str) -> Record:
    return Record.model_validate({field: row[f"{side}_{field}"] or None for field in FIELDS})


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
