"""Two offers side by side: value by value what either says, and what becomes of it by which choice."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError
from api.core.text import fold
from api.curation.sheet import get, read
from api.curation.sheet_difference import group, same
from api.curation.sheet_fields import (
    ADDRESS,
    OFFER,
    PARTS,
    REFERRAL,
    TRANSLATIONS,
    WORD,
    Changes,
    Path,
    Sheet,
    split,
)
from api.offers.models import Cost, OfferAtPlace, Status
from api.places.models import Wheelchair

# Points of one house differ by so many degrees of latitude at most, as in api.places.service.
NEAR_METRES: Final = 40.0
_METRES_A_DEGREE: Final = 111_320.0
# Lists of which an offer can have all that either says; "serves" means everywhere when it is empty.
JOINED: Final = frozenset({"topics", "audiences", "languages", "referral.papers", "referral.laws"})
_UNSAID: Final[tuple[Any, ...]] = (None, "", [], Cost.UNKNOWN.value, Wheelchair.UNKNOWN.value)
_COUNTRY: Final = re.compile(r"^(?:\+|00)49")
_RARE: Final = frozenset({*TRANSLATIONS, *REFERRAL})
_AGES: Final = ("min_age", "max_age")
_TOGETHER: Final = "Diese Angaben gehören zusammen: Bitte nehmen Sie sie vom selben Angebot."
_UNKNOWN: Final = "Diese Auswahl gibt es hier nicht."


class Choice(StrEnum):
    """Whose value stands afterwards."""

    KEPT = "kept"  # of the offer that stays; of what it has not: nothing
    OTHER = "other"  # of the offer that goes
    BOTH = "both"  # of lists without an order: what either says


_ONE_OF: Final = (Choice.KEPT, Choice.OTHER)


@dataclass(frozen=True)
class Row:
    """A value of both offers; of a part that only one of them has, the other's is None.

    path: on the sheet of the offer that stays; a part that only the other has stands there under its number.
    """

    path: str
    kept: Any
    other: Any
    is_same: bool
    usual: Choice  # what happens if nobody chooses
    choices: tuple[Choice, ...]

    @property
    def said_by(self) -> Choice | None:
        """Return which of them alone says anything; None: both do, or neither."""
        says = self.kept not in _UNSAID, self.other not in _UNSAID
        return {(True, False): Choice.KEPT, (False, True): Choice.OTHER}.get(says)

    @property
    def is_whole_part(self) -> bool:
        """Return whether this is a contact or a place that only one of them has."""
        path = split(self.path)
        return path is not None and bool(path.part) and not path.field


@dataclass(frozen=True)
class SideBySide:
    """Two offers as somebody compares them before they become one."""

    kept_id: int
    other_id: int
    kept: Sheet
    other: Sheet
    kept_status: Status
    other_status: Status
    rows: list[Row] = field(default_factory=list)
    # Parts of the other that the one that stays has, too: path there → path here.
    twins: Mapping[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """Return a mark of all that was compared: whoever decides gives it back."""
        offers = [(self.kept_id, self.kept_status.value), (self.other_id, self.other_status.value)]
        said = [offers, self.kept, self.other]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def side_by_side(session: Session, region_id: int, kept_id: int, other_id: int) -> SideBySide:
    """Return two offers of a region for comparing, or raise NotFoundError."""
    kept, other = get(session, region_id, kept_id), get(session, region_id, other_id)
    mine, yours = read(session, kept), read(session, other)
    if kept.id < other.id:
        twins = _twins(session, mine, yours)
    else:  # whoever stays: the same parts belong together
        twins = {here: there for there, here in _twins(session, yours, mine).items()}
    rows = list(_rows(mine, yours, twins))
    return SideBySide(kept.id, other.id, mine, yours, kept.status, other.status, rows, twins)


def chosen(found: SideBySide, choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """Return for each path whose value stands; raise InvalidInputError that names what cannot be chosen."""
    known = {row.path: row for row in found.rows}
    wrong = [
        FieldError(path, _UNKNOWN)
        for path, choice in choices.items()
        if path not in known or choice not in known[path].choices
    ]
    result = {path: choices.get(path, row.usual) for path, row in known.items()}
    sides: dict[str, set[Choice]] = {}
    for path, choice in result.items():
        if not known[path].is_same:
            sides.setdefault(_group(path), set()).add(choice)
    wrong += [FieldError(path, _TOGETHER) for path in choices if len(sides.get(_group(path), ())) > 1]
    if wrong:
        raise InvalidInputError(f"{', '.join(error.field for error in wrong)}: cannot be chosen.", wrong)
    return result


def to_write(found: SideBySide, choices: Mapping[str, Choice]) -> Changes:
    """Return what changes on the sheet of the offer that stays; parts that only the other has are moved."""
    changes: Changes = {}
    for row in found.rows:
        path, choice = split(row.path), choices[row.path]
        is_moved = path is not None and path.part and not path.field and row.kept is None
        if choice == Choice.KEPT or row.is_same or is_moved:
            continue
        value = row.other
        if choice == Choice.BOTH:
            value = list(dict.fromkeys([*row.kept, *row.other]))
        changes[row.path] = {"old": row.kept, "new": value}
    return changes


def to_move(found: SideBySide, choices: Mapping[str, Choice]) -> list[Path]:
    """Return the parts of the other offer that go over to the one that stays."""
    parts = [(split(row.path), row) for row in found.rows]
    return [
        path
        for path, row in parts
        if path is not None
        and path.part
        and not path.field
        and row.kept is None
        and choices[row.path] == Choice.OTHER
    ]


def _group(path: str) -> str:
    found = split(path)
    return group(found) if found is not None else path


def _rows(kept: Sheet, other: Sheet, twins: Mapping[str, str]) -> Iterator[Row]:
    yield from _of_offers(kept, other)
    here = {path: there for there, path in twins.items()}
    for kind in PARTS:
        for key, mine in kept[kind].items():
            path = f"{kind}/{key}"
            if path in here:
                yield from _of_twins(path, mine, other[kind][here[path].partition("/")[2]])
            else:
                yield Row(path, mine, None, is_same=False, usual=Choice.KEPT, choices=_ONE_OF)
        for key, yours in other[kind].items():
            path = f"{kind}/{key}"
            if path not in twins:
                yield Row(path, None, yours, is_same=False, usual=Choice.OTHER, choices=_ONE_OF)


def _of_offers(kept: Sheet, other: Sheet) -> Iterator[Row]:
    """Yield the values of the offers themselves; of what is rarely said, only what one of them says."""
    ages = [next((one[name] for name in _AGES if one[name] is not None), None) for one in (kept, other)]
    said_on = [one["referral.said_on"] or "" for one in (kept, other)]
    has_lines = any(part["schedules"] for part in kept["places"].values())
    for name in OFFER:
        if name == "organization_website":  # goes with the provider, who has other offers
            continue
        if name in _RARE and kept[name] in _UNSAID and other[name] in _UNSAID:
            continue
        usual = _usual(*ages) if name in _AGES else _usual(kept[name], other[name])
        if name in WORD:  # the newer one, as a whole
            usual = Choice.OTHER if said_on[1] > said_on[0] else Choice.KEPT
        if name == "schedules" and has_lines:  # said already, where they are
            usual = Choice.KEPT
        yield _row(name, name, kept[name], other[name], usual)


def _of_twins(path: str, mine: Mapping[str, Any], yours: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the values of a part that both have."""
    for name in mine:
        usual = _usual(mine[name], yours[name])
        if path.startswith("places/") and name in ADDRESS:
            # Half of one and half of another would be a third.
            usual = _usual(mine["point"], yours["point"])
        yield _row(f"{path}/{name}", name, mine[name], yours[name], usual)


def _row(path: str, name: str, mine: Any, yours: Any, usual: Choice) -> Row:  # noqa: ANN401
    is_same = same(name, mine, yours)
    choices: tuple[Choice, ...] = _ONE_OF
    if path in JOINED:
        choices, usual = (*_ONE_OF, Choice.BOTH), Choice.BOTH
    return Row(path, mine, yours, is_same, Choice.KEPT if is_same else usual, choices)


def _usual(mine: Any, yours: Any) -> Choice:  # noqa: ANN401 - whatever a field holds
    """Return the offer that stays, unless it says nothing and the other one does."""
    return Choice.OTHER if mine in _UNSAID and yours not in _UNSAID else Choice.KEPT


def _twins(session: Session, kept: Sheet, other: Sheet) -> dict[str, str]:
    """Return which parts of the other are parts of the one that stays, each at most once."""
    found: dict[str, str] = {}
    for kind in PARTS:
        left = dict(kept[kind])
        for key, yours in other[kind].items():
            alike = (one for one in left if _is_twin(session, kind, one, left[one], key, yours))
            twin = next(alike, None)
            if twin is not None:
                found[f"{kind}/{key}"] = f"{kind}/{twin}"
                del left[twin]
    return found


def _is_twin(
    session: Session, kind: str, one: str, mine: Mapping[str, Any], other: str, yours: Mapping[str, Any]
) -> bool:
    if kind == "contacts":
        return _reached(mine) == _reached(yours)
    ids = [session.get_one(OfferAtPlace, int(key)).place_id for key in (one, other)]
    return ids[0] == ids[1] or _is_one_house(mine, yours)


def _reached(contact: Mapping[str, Any]) -> Sequence[Any]:
    """Return how somebody is reached; what is for professionals is never joined with what is public."""
    digits = re.sub(r"\D", "", _COUNTRY.sub("0", (contact["phone"] or "").strip()))
    mail = (contact["email"] or "").strip().lower()
    label = "" if digits or mail else contact["label"]
    return digits, mail, label, contact["is_public"]


def _is_one_house(mine: Mapping[str, Any], yours: Mapping[str, Any]) -> bool:
    streets = [_street(one["street"]) for one in (mine, yours)]
    if not streets[0] or streets[0] != streets[1] or mine["address_hidden"] != yours["address_hidden"]:
        return False
    if mine["postcode"] and yours["postcode"] and mine["postcode"] != yours["postcode"]:
        return False
    points = mine["point"], yours["point"]
    if points[0] is None or points[1] is None:
        return True
    # A degree of longitude is here more than half as wide as one of latitude.
    widths = {"lat": 1.0, "lon": 0.5}
    return all(
        abs(points[0][axis] - points[1][axis]) * _METRES_A_DEGREE * width <= NEAR_METRES
        for axis, width in widths.items()
    )


def _street(street: str | None) -> str:
    folded = fold(street or "").replace("strasse", "str").replace(".", "")
    return "".join(folded.split())
