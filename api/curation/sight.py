"""What somebody may see of an entry: hidden addresses and what is for professionals are for few."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from api.curation.sheet_fields import ADDRESS, REFERRAL, Changes, Path, Sheet, split

MASK: Final = "(verborgen)"
SECRET: Final = frozenset(ADDRESS)
# The point itself, in columns.
SECRET_COLUMNS: Final = frozenset({"street", "postcode", "town", "lon", "lat", "precision"})
PRIVATE: Final = frozenset({"label", "phone", "email"})


@dataclass(frozen=True)
class Sight:
    """What of an entry somebody may see beside what is public; nothing unless it is said."""

    hidden_addresses: bool = False
    professionals: bool = False  # contacts
    referral: bool = False  # how to refer


EVERYTHING: Final = Sight(hidden_addresses=True, professionals=True, referral=True)


def masked_sheet(sheet: Sheet, sight: Sight) -> Sheet:
    """Return a sheet for reading, not for editing: what somebody may not see is a mask."""
    result = deepcopy(sheet)
    for kind in ("contacts", "places"):
        for part in result[kind].values():
            _mask(kind, part, sight)
    if not sight.referral:
        result.update(dict.fromkeys(REFERRAL, MASK))
    return result


def masked_changes(changes: Changes, present: Sheet, sight: Sight) -> Changes:
    """Return changes for reading; what is or was or is to become hidden is a mask, before and after."""
    result = deepcopy(changes)
    for path, change in result.items():
        found = split(path)
        if path in REFERRAL and not sight.referral:
            change.update(old=MASK, new=MASK)
        if found is None or not found.part or not _is_secret(found, changes, present, sight):
            continue
        if not found.field:
            for part in (one for one in change.values() if one is not None):
                part.update(dict.fromkeys(_fields(found.part) & part.keys(), MASK))
        elif found.field in _fields(found.part):
            change.update(old=MASK, new=MASK)
    return result


def _fields(kind: str) -> frozenset[str]:
    return SECRET if kind == "places" else PRIVATE


def _mask(kind: str, part: dict[str, Any], sight: Sight) -> None:
    if _hides(kind, part, sight):
        part.update(dict.fromkeys(_fields(kind), MASK))


def _hides(kind: str, part: Mapping[str, Any], sight: Sight) -> bool:
    if kind == "places":
        return bool(part["address_hidden"]) and not sight.hidden_addresses
    return not part["is_public"] and not sight.professionals


def _is_secret(path: Path, changes: Changes, present: Sheet, sight: Sight) -> bool:
    states = [present[path.part].get(path.key)]
    states += [changes.get(path.whole, {}).get(side) for side in ("old", "new")]
    known = [state for state in states if state is not None]
    if any(_hides(path.part, state, sight) for state in known):
        return True
    if not known:  # of a part that is gone nobody knows any more whether it was for everybody
        return not (sight.hidden_addresses if path.part == "places" else sight.professionals)
    name = "address_hidden" if path.part == "places" else "is_public"
    told = changes.get(f"{path.whole}/{name}", {})
    return any(_hides(path.part, {name: told[side]}, sight) for side in told)
