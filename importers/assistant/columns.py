"""Which column fills which field: by what it is called, by what its values look like, the surest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from importers.assistant import headers
from importers.assistant.draft import Certainty
from importers.assistant.fields import ELSE, LABELS, SEVERAL, SHAPES
from importers.assistant.profile import Profile

ENOUGH: Final = 0.5  # share of values that must fit where the header says so …
FEW: Final = 0.15  # … and at least, for a guess that is unsure
NEARLY_ALL: Final = 0.8  # share that is enough without a header
FEWEST: Final = 3  # values, for the same
CALLED: Final = 0.9  # rank of a header that says just the field
MOST: Final = 2  # columns that go together


@dataclass(frozen=True)
class Candidate:
    """A column that could fill a field."""

    field: str
    column: str
    score: float
    certainty: Certainty
    reason: str


@dataclass
class Found:
    """Which columns were chosen, the surest first, and what is said of the others."""

    chosen: dict[str, list[Candidate]]
    unused: dict[str, str]

    def column(self, field: str) -> str | None:
        """Return the column of a field, if it has one."""
        found = self.chosen.get(field)
        return found[0].column if found else None


def assign(profiles: dict[str, Profile], words: dict[str, frozenset[str]]) -> Found:
    """Return the columns of each field.

    words: the slugs that lists of topics, audiences and spaces must consist of to be taken as they are.
    """
    unused = {name: reason for name, profile in profiles.items() if (reason := _never(profile))}
    usable = [profile for name, profile in profiles.items() if name not in unused]
    doubts: dict[str, str] = {}
    candidates: list[Candidate] = []
    for profile in usable:
        candidates += [*_by_header(profile, doubts), *_by_values(profile), *_by_slugs(profile, words)]
    chosen: dict[str, list[Candidate]] = {}
    taken: dict[str, str] = {}
    for one in sorted(candidates, key=lambda candidate: -candidate.score):
        if one.column in taken:
            continue
        here = chosen.setdefault(one.field, [])
        if not here or (len(here) < MOST and _goes_along(one, here[0])):
            here.append(one)
            taken[one.column] = one.field
        else:
            doubts.setdefault(one.column, f"{LABELS[one.field]}: „{here[0].column}“ passt besser")
    for name in profiles:
        if name not in taken:
            unused.setdefault(name, doubts.get(name, "kein Feld passt dazu"))
    return Found(chosen, unused)


def _never(profile: Profile) -> str:
    name = profile.name
    if not profile.filled:
        return "ist leer"
    reasons = {
        "nennt Personen, wird nicht übernommen": headers.rank(name, headers.PERSONS)
        or profile.share("person") >= ENOUGH,
        "Faxnummern werden nicht übernommen": headers.rank(name, headers.FAX),
        "Der Name der Spalte enthält { oder }; bitte in der Liste umbenennen": {"{", "}"} & set(name),
        "Stadtteile folgen aus dem Ort, nicht aus der Liste": headers.rank(name, headers.AREAS),
        "Fläche oder Linie, kein Punkt": all(isinstance(cell, dict) for cell in profile.filled),
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")


def _by_header(profile: Profile, doubts: dict[str, str]) -> Iterator[Candidate]:
    for field, shape in SHAPES.items():
        rank = headers.rank(profile.name, headers.HEADERS[field])
        if field == "address" and rank < CALLED and profile.share("address") < ENOUGH:
            rank = 0
        if not rank or (field == "street" and profile.share("address") >= ENOUGH):
            continue
        pattern = max(shape.named, key=lambda name: (profile.share(name), -shape.named.index(name)))
        share = profile.share(pattern)
        if field == "address":
            pattern, share = "address", max(profile.share("address"), FEW)
        said = f"Spalte heißt „{profile.name}“"
        if pattern != "words":
            said += f"; {profile.told(pattern)}"
        if share >= ENOUGH:
            certainty = Certainty.SURE if rank >= CALLED else Certainty.LIKELY
            yield Candidate(field, profile.name, rank + share, certainty, said)
        elif share >= FEW:
            yield Candidate(field, profile.name, rank / 2 + share, Certainty.UNSURE, said)
        elif field in ELSE:
            said = f"Spalte heißt „{profile.name}“; die Werte sind freie Texte"
            yield Candidate(ELSE[field], profile.name, rank, Certainty.LIKELY, said)
        else:
            doubts.setdefault(profile.name, f"heißt wie {LABELS[field]}, aber {profile.told(pattern)}")


def _by_values(profile: Profile) -> Iterator[Candidate]:
    if len(profile.different) < FEWEST or headers.is_of_others(profile.name):
        return
    for field, shape in SHAPES.items():
        if shape.alone and profile.share(shape.alone) >= NEARLY_ALL:
            said = f"Spalte heißt „{profile.name}“, aber {profile.told(shape.alone)}"
            yield Candidate(field, profile.name, profile.share(shape.alone) / 2, Certainty.LIKELY, said)


def _by_slugs(profile: Profile, words: dict[str, frozenset[str]]) -> Iterator[Candidate]:
    for field, known in words.items():
        is_called = headers.rank(profile.name, headers.HEADERS[field]) >= CALLED
        if is_called and all(
            isinstance(cell, list | str) and _slugs(cell) <= known for cell in profile.filled
        ):
            said = f"Spalte heißt „{profile.name}“; alle Werte sind Kürzel, die es gibt"
            yield Candidate(field, profile.name, 2, Certainty.SURE, said)


def _slugs(cell: list[object] | str) -> set[str]:
    items = cell if isinstance(cell, list) else cell.replace(";", ",").split(",")
    return {str(item).strip() for item in items} - {""}


def _goes_along(one: Candidate, first: Candidate) -> bool:
    return (
        one.field in SEVERAL
        and headers.rank(one.column, headers.HEADERS[one.field]) >= CALLED
        and Certainty.UNSURE not in (one.certainty, first.certainty)
    )
