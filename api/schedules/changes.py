"""What deviations make of a rule: the dates they take away, and what stands there instead."""

from datetime import date, time
from functools import lru_cache
from typing import Final, NamedTuple

from api.schedules.dates import Why, has
from api.schedules.rules import Change, Deviation, Rule


class Instead(NamedTuple):
    """One date as a human has set it."""

    on: date  # as the rule has it
    day: date  # on which it takes place
    starts: time
    ends: time | None
    change: Change
    place: int | None
    note: str


class Changes(NamedTuple):
    """All that is different from what a rule says."""

    gone: frozenset[int]  # dates of the rule itself that do not stand (date.toordinal())
    instead: tuple[Instead, ...]
    told: dict[
        date, tuple[Why, str] | None
    ]  # days without the rule, and why; None: something else takes place then


_NOTHING: Final = Changes(frozenset(), (), {})


def changes(rule: Rule) -> Changes:
    """Return what is different from a rule.

    A deviation is said by somebody who knows: it beats holidays, closures and the last day. One on a date
    that the rule does not name is without effect, unless it is an extra one. Of two on the same date the
    later in the list counts, and an extra one that starts when the rule starts takes its place.
    """
    return _changes(rule) if rule.deviations else _NOTHING


@lru_cache(maxsize=8192)
def _changes(rule: Rule) -> Changes:
    said = {one.on: one for one in rule.deviations if one.change != Change.EXTRA and has(rule, one.on)}
    extra = {
        (one.on, one.starts or rule.starts): one for one in rule.deviations if one.change == Change.EXTRA
    }
    gone = {*said, *(on for on, starts in extra if starts == rule.starts)}
    moved = [one for one in said.values() if one.change == Change.MOVED]
    told: dict[date, tuple[Why, str] | None] = {}
    for one in said.values():
        if one.change == Change.CANCELLED:
            told[one.on] = Why.CANCELLED, one.note
        else:
            told[one.on] = (Why.MOVED, one.note) if one.to not in {None, one.on} else None
    told |= dict.fromkeys((one.on for one in extra.values()), None)
    return Changes(
        frozenset(on.toordinal() for on in gone),
        tuple(_instead(rule, one) for one in (*moved, *extra.values())),
        told,
    )


def _instead(rule: Rule, one: Deviation) -> Instead:
    day = one.on if one.to is None or one.change == Change.EXTRA else one.to
    return Instead(one.on, day, one.starts or rule.starts, _ends(rule, one), one.change, one.place, one.note)


def _ends(rule: Rule, one: Deviation) -> time | None:
    """Return when it ends: as said; as the rule has it; unknown if that is over before the new beginning."""
    if one.ends is not None or one.starts is None or rule.ends is None:
        return one.ends or rule.ends
    is_over = rule.starts < rule.ends <= one.starts
    return None if is_over else rule.ends
