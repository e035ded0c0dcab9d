"""The form by which two offers become one: a question for each value in which they differ.

One of them is A, the other B, and answers name these, whichever of the two stays: so it can be chosen on the
same page which one does. The form carries along which of them is A, and marks of all that it has shown: after
a change it can be said what has changed, and no answer is lost.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from api.curation import labels
from api.curation.labels import Words
from api.curation.merging_sides import Choice, Row, SideBySide
from api.curation.sheet_difference import group
from api.curation.sheet_fields import ADDRESS, WORD, split

VALUE: Final = "wert-"
FIRST: Final = "zuerst"  # the number of the offer that is A
STAYS: Final = "bleibt"
SEEN: Final = "gesehen"
SHOWN: Final = "stand"
NOTE: Final = "notiz"
A: Final = "a"
B: Final = "b"
BOTH: Final = "beide"
_CHOICES: Final = {Choice.KEPT: A, Choice.OTHER: B, Choice.BOTH: BOTH}
_LONGEST: Final = 1000
_ADDRESS: Final = (*ADDRESS, "address_hidden")


class Sort(StrEnum):
    """How much somebody has to think about a question."""

    DIFFERENT = "different"  # both say something, and not the same
    PART = "part"  # a contact or a place that only one of them has
    FILLED = "filled"  # only one of them says anything
    SAME = "same"


@dataclass(frozen=True)
class Question:
    """One value, or what is true only together: what either offer says, and what can be chosen."""

    key: str  # of its first row
    paths: tuple[str, ...]
    label: str
    a: str
    b: str
    joined: str  # what both say; empty: it has to be one of them
    usual: str
    sort: Sort
    mark: str
    owner: str = ""  # of a part: whose it is

    @property
    def options(self) -> tuple[str, ...]:
        """Return what can be answered."""
        return (A, B, BOTH) if self.joined else (A, B)


@dataclass(frozen=True)
class Answers:
    """What somebody has chosen; stays: A or B."""

    stays: str
    chosen: Mapping[str, str]  # by key of the question
    note: str = ""


def questions(found: SideBySide, known: Words) -> list[Question]:
    """Return all questions about two offers, A being the one that SideBySide takes for the kept one."""
    groups: dict[str, list[Row]] = {}
    for row in found.rows:
        path = split(row.path)
        groups.setdefault(group(path) if path else row.path, []).append(row)
    return [_question(rows, found, known) for rows in groups.values()]


def usual(asked: Iterable[Question], stays: str = A) -> Answers:
    """Return what happens if nobody chooses."""
    return Answers(stays, {one.key: one.usual for one in asked})


def answers(asked: Iterable[Question], sent: Mapping[str, str]) -> Answers:
    """Return what a form says; where it says nothing that can be chosen, the usual happens."""
    chosen = {}
    for one in asked:
        said = sent.get(f"{VALUE}{one.key}", "")
        chosen[one.key] = said if said in one.options else one.usual
    stays = B if sent.get(STAYS) == B else A
    return Answers(stays, chosen, sent.get(NOTE, "").replace("\x00", "").strip()[:_LONGEST])


def planned(asked: Iterable[Question], choices: Mapping[str, Choice], note: str) -> Answers:
    """Return the answers of a plan of which A stays."""
    chosen = {one.key: _CHOICES[choices[one.key]] if one.key in choices else one.usual for one in asked}
    return Answers(A, chosen, note)


def choices(asked: Iterable[Question], said: Answers, found: SideBySide) -> dict[str, Choice]:
    """Return answers as a merge takes them: by the paths of the offer that stays."""
    there = {here: path for path, here in found.twins.items()}
    result = {}
    for one in asked:
        if one.sort == Sort.SAME:
            continue
        answer = said.chosen[one.key]
        choice = Choice.KEPT if answer == said.stays else Choice.OTHER
        for path in one.paths:
            named = path if said.stays == A else _renamed(path, there)
            result[named] = Choice.BOTH if answer == BOTH else choice
    return result


def key_of(asked: Iterable[Question], path: str, found: SideBySide) -> str:
    """Return the question to which a path belongs, of whichever sheet; empty: to none."""
    here = _renamed(path, found.twins)
    return next((one.key for one in asked if here in one.paths or here == one.key), "")


def shown(asked: Iterable[Question]) -> str:
    """Return marks of all that is shown, for the form to carry along."""
    return " ".join(f"{one.key}={one.mark}" for one in asked)


def changed(asked: Sequence[Question], marks: str) -> tuple[dict[str, str], list[str]]:
    """Return which questions have changed since they were shown, and what all that has changed is called.

    Of questions by their key: in A, in B or in both.
    """
    before = dict(part.split("=", 1) for part in marks.split() if "=" in part)
    keys = {}
    for one in asked if before else ():
        old, new = before.get(one.key, "").split("-"), one.mark.split("-")
        sides = [name for name, was, now in zip("AB", [*old, "", ""], new, strict=False) if was != now]
        if sides:
            keys[one.key] = " und ".join(sides)
    named = [f"{one.label} (in {keys[one.key]})" for one in asked if one.key in keys]
    gone = before.keys() - {one.key for one in asked}
    named += [f"{labels.label(key)} ist weg" for key in sorted(gone) if split(key)]
    return keys, list(dict.fromkeys(named))


def fields(asked: Sequence[Question], said: Answers, found: SideBySide) -> dict[str, str]:
    """Return the whole form with its answers, as it would be sent."""
    sent = {
        FIRST: str(found.kept_id), STAYS: said.stays, SEEN: found.seen, SHOWN: shown(asked), NOTE: said.note,
    }  # fmt: skip
    return sent | {f"{VALUE}{one.key}": said.chosen[one.key] for one in asked if one.sort != Sort.SAME}


def _question(rows: Sequence[Row], found: SideBySide, known: Words) -> Question:
    different = [row for row in rows if not row.is_same]
    first = (different or rows)[0]
    joined, picked = "", first.usual
    if picked == Choice.BOTH and first.said_by is not None:
        picked = first.said_by
    elif Choice.BOTH in first.choices and not first.is_same:
        both = list(dict.fromkeys([*first.kept, *first.other]))
        joined = labels.said(first.path, both, known)
    return Question(
        key=rows[0].path,
        paths=tuple(row.path for row in rows),
        label=_label(first.path, found),
        a=", ".join(_said(rows, "kept", known)),
        b=", ".join(_said(rows, "other", known)),
        joined=joined,
        usual=_CHOICES[picked],
        sort=_sort(different),
        mark=_mark(rows),
        owner=(B if first.kept is None else A) if first.is_whole_part else "",
    )


def _sort(different: Sequence[Row]) -> Sort:
    if not different:
        return Sort.SAME
    if different[0].is_whole_part:
        return Sort.PART
    by, picked = {row.said_by for row in different}, different[0].usual
    comes_along = picked == Choice.BOTH or picked in by
    return Sort.FILLED if len(by) == 1 and None not in by and comes_along else Sort.DIFFERENT


def _said(rows: Sequence[Row], side: str, known: Words) -> Iterator[str]:
    for row in rows:
        text = labels.said(row.path, getattr(row, side), known)
        if not text:
            continue
        if row.path in ("min_age", "max_age"):
            text = f"{'von' if row.path == 'min_age' else 'bis'} {text}"
        elif row.path == "referral.waiting_weeks":
            text = f"Wartezeit: {text}"
        elif row.path == "referral.said_on":
            text = f"gesagt am {text}"
        elif row.path.endswith("/point"):
            text = f"Punkt {text}"
        elif row.path.endswith("/address_hidden"):
            text = "verborgen" if getattr(row, side) else "öffentlich"
        yield text


def _label(path: str, found: SideBySide) -> str:
    if path in ("min_age", "max_age"):
        return "Alter"
    if path in WORD:
        return "Wartezeit und freie Plätze"
    named = split(path)
    if named is None or not named.part:
        return labels.label(path)
    sheet = found.kept if named.key in found.kept[named.part] else found.other
    if named.part == "places" and named.field in _ADDRESS:
        return f"{labels.label(named.whole, sheet)}: Adresse"
    return labels.label(path, sheet)


def _mark(rows: Sequence[Row]) -> str:
    sides: Any = [row.kept for row in rows], [row.other for row in rows]
    said = (json.dumps(values, sort_keys=True).encode() for values in sides)
    return "-".join(hashlib.sha256(one).hexdigest()[:10] for one in said)


def _renamed(path: str, whole: Mapping[str, str]) -> str:
    """Return a path of a part as it is called on the other sheet."""
    part, field = "/".join(path.split("/")[:2]), "/".join(path.split("/")[2:])
    new = whole.get(part, part)
    return f"{new}/{field}" if field else new
