"""What to do with each field of a row that was imported before: write it, leave it, or ask.

SourceRecord.mapped holds what the import last wrote. A field that says something else now was edited by a
person, and a machine never writes over that.
"""

from dataclasses import dataclass, field
from typing import Any

from importers.existing import is_unsaid, same
from importers.record import ADDRESS, POINT


@dataclass
class Plan:
    """Fields to write, fields to ask about, fields that keep a person's words; and what counts as written."""

    write: list[str] = field(default_factory=list)
    ask: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    mapped: dict[str, Any] = field(default_factory=dict)


def compare(new: dict[str, Any], mapped: dict[str, Any], now: dict[str, Any]) -> Plan:
    """Return the plan for one row: new is what the source says, mapped what was written, now what is there.

    A field that is missing in mapped was never written, because something was there already (a shared place,
    the first row of an offer with several): it stays as it is unless it is empty.
    """
    plan = Plan()
    for name, value in _without_found_point(plan, new, mapped, now).items():
        written = name in mapped
        if same(value, now[name]):
            plan.mapped[name] = value
        elif same(mapped[name], now[name]) if written else is_unsaid(name, now[name]):
            plan.write.append(name)
        elif written:
            _leave(plan, name, value, mapped[name])
    if any(name in ADDRESS for name in (*plan.ask, *plan.kept)):
        for name in [name for name in plan.write if name in ADDRESS]:
            plan.write.remove(name)
            plan.ask.append(name)
            if name in mapped:
                plan.mapped[name] = mapped[name]
    return plan


def _without_found_point(
    plan: Plan, new: dict[str, Any], mapped: dict[str, Any], now: dict[str, Any]
) -> dict[str, Any]:
    """Settle a point that was found by the address, and return what else is new.

    It is nobody's word: a better one replaces it. That no point is known any more does not take it away.
    """
    if now.get("precision") is None:
        return new
    differing = [name for name in POINT if name in new and not same(new[name], now[name])]
    if new.get("lon") is not None:
        plan.write += differing
    else:
        plan.mapped |= {name: mapped[name] for name in differing if name in mapped}
    return {name: value for name, value in new.items() if name not in differing}


def compare_linked(new: dict[str, Any], mapped: dict[str, Any], now: dict[str, Any]) -> Plan:
    """Return the plan for a row that only names somebody else's offer: news are only asked about."""
    plan = Plan()
    for name, value in new.items():
        news = name in mapped and not same(value, mapped[name]) and not same(value, now[name])
        if news:
            plan.ask.append(name)
        plan.mapped[name] = mapped[name] if news else value
    return plan


def _leave(plan: Plan, name: str, value: object, written: object) -> None:
    plan.mapped[name] = written
    if not same(value, written):
        plan.ask.append(name)
    if not (same(value, written) and is_unsaid(name, value)):
        plan.kept.append(name)
