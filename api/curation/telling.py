"""Events of an entry in words: what a field was and what it is, for somebody who may see so much."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from api.curation import labels
from api.curation.events import Event, State
from api.curation.labels import Words, field_said
from api.curation.sheet_fields import EMPTY_CONTACT, EMPTY_PLACE
from api.curation.sight import MASK, PRIVATE, SECRET_COLUMNS, Sight
from api.history.models import Action
from api.offers.referring import EMPTY
from api.schedules.models import Schedule
from api.schedules.schemas import ScheduleIn

# Fields that say nothing to a reader.
_QUIET: Final = frozenset({"region_id", "slug", "offer_id", "place_id", "position", "is_example"})
_LINE: Final = tuple(name for name in ScheduleIn.model_fields if name in Schedule.model_fields)


class FieldChange(NamedTuple):
    """One field in words, before and after; empty: nothing was said."""

    label: str
    old: str
    new: str


def told(event: Event, sight: Sight, known: Words) -> list[FieldChange]:
    """Return what an event changed; of what the reader may not see, only that it changed."""
    if event.is_silent:
        return []
    return [one for one in _TELLING[event.entity](event, sight, known) if one.old or one.new]


def _offer(event: Event, _sight: Sight, known: Words) -> list[FieldChange]:
    return [
        FieldChange(
            labels.OFFER.get(name, name),
            field_said(name, change.get("old"), known),
            field_said(name, change.get("new"), known),
        )
        for name, change in event.changes.items()
        if name not in _QUIET
    ]


def _translation(event: Event, _sight: Sight, _known: Words) -> list[FieldChange]:
    code = (event.after or event.before or {}).get("locale")
    return [
        FieldChange(
            labels.OFFER[f"translations.{code}.{name}"],
            str(change.get("old") or ""),
            str(change.get("new") or ""),
        )
        for name, change in event.changes.items()
        if f"translations.{code}.{name}" in labels.OFFER
    ]


def _referral(event: Event, sight: Sight, known: Words) -> list[FieldChange]:
    found = []
    for name, change in event.changes.items():
        path = f"referral.{name}"
        if path not in labels.OFFER:
            continue
        old, new = (change.get(side, EMPTY[name]) for side in ("old", "new"))
        if old == new:  # of a row that comes or goes, a field of which nobody has said anything
            continue
        if not sight.referral:
            old = new = MASK
        found.append(
            FieldChange(labels.OFFER[path], field_said(path, old, known), field_said(path, new, known))
        )
    return found


def _contact(event: Event, sight: Sight, known: Words) -> list[FieldChange]:
    before, after = _whole(event.before, EMPTY_CONTACT), _whole(event.after, EMPTY_CONTACT)
    public = all(one["is_public"] for one in (before, after) if one)
    if not (public or sight.professionals):
        before, after = _masked(before, PRIVATE), _masked(after, PRIVATE)
    if event.action != Action.CHANGE:
        parts = (labels.part_said("contacts", one, known) for one in (before, after))
        return [FieldChange("Kontakt", *parts)]
    called = f"Kontakt {labels.name_of('contacts', after or {})}".strip()
    return [
        FieldChange(
            f"{called}: {labels.CONTACT[name]}",
            field_said(name, (before or {}).get(name), known),
            field_said(name, (after or {}).get(name), known),
        )
        for name in event.changes
        if name in labels.CONTACT
    ]


def _at_place(event: Event, sight: Sight, known: Words) -> list[FieldChange]:
    before, after = (_place_said(one, sight, known) for one in event.places)
    if event.action == Action.CREATE:
        notes = [str(event.changes[name]["new"]) for name in ("hours_text", "note") if name in event.changes]
        return [FieldChange("Ort", "", ", ".join(part for part in (after, *notes) if part))]
    if event.action == Action.DELETE:
        return [FieldChange("Ort", before, "")]
    found = [FieldChange("Ort", before, after)] if "place_id" in event.changes else []
    called = _called(event.places[1], sight)
    return found + [
        FieldChange(f"{called}: {labels.PLACE[name]}", str(change["old"] or ""), str(change["new"] or ""))
        for name, change in event.changes.items()
        if name in {"hours_text", "note"}
    ]


def _place(event: Event, sight: Sight, known: Words) -> list[FieldChange]:
    before, after = (_seen(one, sight) for one in event.places)
    called = _called(event.places[1], sight)
    names = list(event.changes)
    values = [(name, labels.PLACE[name]) for name in names if name in labels.PLACE]
    if {"lon", "lat", "precision"} & set(names):
        values.append(("point", labels.PLACE["point"]))
    return [
        FieldChange(
            f"{called}: {label}",
            field_said(name, _value(before, name), known),
            field_said(name, _value(after, name), known),
        )
        for name, label in values
    ]


def _schedule(event: Event, sight: Sight, known: Words) -> list[FieldChange]:
    place = event.places[1]
    label = f"{_called(place, sight)}: Zeiten" if place else "Zeiten"
    old, new = (_line_said(one, known) for one in (event.before, event.after))
    # Only its place in the list is another one.
    return [] if old == new and event.action == Action.CHANGE else [FieldChange(label, old, new)]


def _deviation(event: Event, _sight: Sight, _known: Words) -> list[FieldChange]:
    old, new = (_deviation_said(one) for one in (event.before, event.after))
    return [FieldChange("Ausnahme", old, new)]


_TELLING: Final[Mapping[str, Callable[[Event, Sight, Words], list[FieldChange]]]] = {
    "offer": _offer,
    "offer_translation": _translation,
    "offer_referral": _referral,
    "contact": _contact,
    "offer_at_place": _at_place,
    "place": _place,
    "schedule": _schedule,
    "schedule_deviation": _deviation,
}


def _whole(state: State | None, empty: Mapping[str, Any]) -> dict[str, Any] | None:
    return None if state is None else {**empty, **state}


def _masked(state: Mapping[str, Any] | None, names: frozenset[str]) -> dict[str, Any] | None:
    return None if state is None else {**state, **dict.fromkeys(names, MASK)}


def _seen(place: State | None, sight: Sight) -> dict[str, Any] | None:
    whole = _whole(place, EMPTY_PLACE)
    is_secret = whole is not None and whole["address_hidden"] and not sight.hidden_addresses
    return _masked(whole, SECRET_COLUMNS) if is_secret else whole


def _place_said(place: State | None, sight: Sight, known: Words) -> str:
    return labels.part_said("places", _seen(place, sight), known)


def _called(place: State | None, sight: Sight) -> str:
    return f"Ort {labels.name_of('places', _seen(place, sight) or {})}".strip()


def _value(place: Mapping[str, Any] | None, name: str) -> Any:  # noqa: ANN401
    if place is None or name != "point":
        return (place or {}).get(name)
    if place.get("lon") in (None, MASK) or place.get("lat") in (None, MASK):
        return place.get("lon")
    return {"lon": place["lon"], "lat": place["lat"]}


def _line_said(state: State | None, known: Words) -> str:
    """Return a line in words, as far as the history reaches back to what it was."""
    if state is None:
        return ""
    if not {"first_date", "starts"} <= state.keys():
        return "eine Zeile"
    line = {name: state[name] for name in _LINE if name in state}
    return labels.lines_said([{**line, "deviations": []}], known)


def _deviation_said(state: State | None) -> str:
    if state is None:
        return ""
    if not {"day", "change"} <= state.keys():
        return "ein Tag"
    return labels.deviation_said(
        {**state, "on": state["day"], "to": state.get("day_to"), "place": state.get("place_id")}
    )
