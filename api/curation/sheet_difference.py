"""Two sheets, path by path: what differs between them, and a sheet with differences laid over it."""

from copy import deepcopy
from typing import Any

from api.curation.sheet_fields import (
    ADDRESS,
    OFFER,
    PARTS,
    UNORDERED,
    WORD,
    Changes,
    Path,
    Sheet,
    split,
    value_at,
)


def difference(old: Sheet, new: Sheet) -> Changes:
    """Return what has to be done to an old sheet to make it the new one."""
    changes = {name: _change(old[name], new[name]) for name in OFFER if not same(name, old[name], new[name])}
    for kind, fields in PARTS.items():
        before, after = old[kind], new[kind]
        for key in before.keys() | after.keys():
            path = f"{kind}/{key}"
            if key not in before or key not in after:
                changes[path] = _change(before.get(key), after.get(key))
                continue
            one, other = before[key], after[key]
            for name in fields:
                if not same(name, one[name], other[name]):
                    changes[f"{path}/{name}"] = _change(one[name], other[name])
            if kind == "places" and _leaves_its_point(one, other):
                changes[f"{path}/point"] = _change(one["point"], None)
    return {path: changes[path] for path in sorted(changes, key=order)}


def overlaid(sheet: Sheet, changes: Changes) -> Sheet:
    """Return a sheet with what changes say, whatever stood there before."""
    result = deepcopy(sheet)
    for path, change in changes.items():
        found, value = split(path), deepcopy(change["new"])
        if found is None:
            continue
        if not found.part:
            result[found.field] = value
        elif found.field:
            if found.key in result[found.part]:
                result[found.part][found.key][found.field] = value
        elif value is None:
            result[found.part].pop(found.key, None)
        else:
            result[found.part][found.key] = value
    return result


def same(field: str, one: Any, other: Any) -> bool:  # noqa: ANN401 - whatever a field holds
    """Return whether two values of a field say the same."""
    if one == other:
        return True
    if field in UNORDERED and isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return False


def same_at(path: Path, one: Any, other: Any) -> bool:  # noqa: ANN401
    """Return whether two values at a path say the same."""
    if path.part and not path.field:
        return bool(one == other)
    return same(path.field, one, other)


def group(path: Path) -> str:
    """Return what a path shares with those that are true only together."""
    # Whether people may know an address is true of this one, not of another.
    if path.part == "places" and path.field in (*ADDRESS, "address_hidden"):
        return f"{path.whole}/address"
    if path.field in {"min_age", "max_age"}:
        return "ages"
    if not path.part and path.field in WORD:
        return "word"
    return f"{path.whole}/{path.field}"


def order(path: str) -> tuple[int, str, int, str]:
    """Return the order in which people read paths: the offer, then whom to ask, then where."""
    found = split(path)
    if found is None:
        return len(PARTS) + 1, path, 0, ""
    if not found.part:
        return 0, "", list(OFFER).index(found.field), ""
    fields = list(PARTS[found.part])
    position = fields.index(found.field) + 1 if found.field else 0
    return 1 + list(PARTS).index(found.part), found.key.zfill(20), position, ""


def three_way(present: Sheet, changes: Changes) -> tuple[Changes, dict[str, Any]]:
    """Return those of the changes that are still to be done, and the present values where somebody was first.

    present == old: to do; present == new: nothing to do; else a conflict. What is true only together is in
    conflict together.
    """
    doing: Changes = {}
    conflicts: dict[str, Any] = {}
    touched = {one.whole for path in changes if (one := split(path)) is not None}
    for path, change in changes.items():
        found = split(path)
        if found is None:
            continue
        now = value_at(present, path)
        if found.is_new and not found.field:
            # The same is there already, unless it is just what these changes take away.
            others = (
                part for key, part in present[found.part].items() if f"{found.part}/{key}" not in touched
            )
            if change["new"] not in others:
                doing[path] = change
        elif same_at(found, now, change["new"]):
            continue
        elif same_at(found, now, change["old"]) and _is_there(present, found):
            doing[path] = change
        else:
            conflicts[path] = now
    broken = {group(one) for path in conflicts if (one := split(path)) is not None}
    for path in [path for path in doing if (one := split(path)) is not None and group(one) in broken]:
        conflicts[path] = value_at(present, path)
        del doing[path]
    return doing, conflicts


def _is_there(present: Sheet, path: Path) -> bool:
    return not path.part or path.key in present[path.part]


def _leaves_its_point(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether a point that was found by an address is left behind by it."""
    point = one["point"]
    if point is None or point["precision"] is None or other["point"] != point:
        return False
    address = ("street", "postcode", "town")
    becomes_hidden = other["address_hidden"] and not one["address_hidden"]
    return becomes_hidden or any(one[name] != other[name] for name in address)


def _change(old: Any, new: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"old": deepcopy(old), "new": deepcopy(new)}
