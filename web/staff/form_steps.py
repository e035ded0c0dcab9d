"""The small steps of the form for an offer, and what each of them makes of a sheet.

Fields are named by their paths ("name", "places/new-1/street"), so that each error finds its field. A step
returns the whole sheet with its own fields as they were typed; the others stay. What is wrong is for the
sheet's own checks to say (api.curation.sheet_checks).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

from starlette.datastructures import QueryParams

from api.curation.drafts import PARTS_OF_ONE
from api.curation.sheet_fields import EMPTY_PARTS, REFERRAL, TRANSLATIONS, Sheet, split

_POINT: Final = re.compile(r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*")


class Step(NamedTuple):
    """One page of the form."""

    key: str  # in its address
    title: str
    fields: tuple[str, ...] = ()  # of the offer
    lists: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    part: str = ""  # "places" or "contacts"
    part_fields: tuple[str, ...] = ()
    part_flags: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        """Return whether a field is on this page."""
        found = split(path)
        if found is None or not found.part:
            return path in (*self.fields, *self.lists, *self.flags, self.part)
        own = (*self.part_fields, *self.part_flags, "")
        return found.part == self.part and found.field in own


WHAT: Final = Step(
    "was",
    "Was und für wen",
    ("name", "summary", "description", "min_age", "max_age", "resource_level"),
    ("topics", "audiences", "languages"),
)
WHERE: Final = Step(
    "wo",
    "Wo",
    lists=("serves",),
    flags=("outreach",),
    part="places",
    part_fields=("name", "street", "postcode", "town", "point", "wheelchair", "note"),
    part_flags=("address_hidden",),
)
WHEN: Final = Step("wann", "Wann", ("schedules", "hours_text"), part="places", part_fields=("schedules",))
CONTACT: Final = Step(
    "kontakt",
    "Kontakt und Kosten",
    (
        "organization",
        "organization_website",
        "website",
        "cost",
        "cost_note",
        "access",
        "access_note",
        "verify_within_days",
    ),
    part="contacts",
    part_fields=("label", "phone", "email"),
    part_flags=("is_public",),
)
_CHOSEN: Final = ("referral.papers", "referral.laws")
REFER: Final = Step(
    "fachkraefte", "Für Fachkräfte", tuple(path for path in REFERRAL if path not in _CHOSEN), _CHOSEN
)
TEXTS: Final = Step("sprachen", "Sprachen", tuple(TRANSLATIONS))
LOOK: Final = Step("ansehen", "Ansehen")
STEPS: Final = {step.key: step for step in (WHAT, WHERE, WHEN, CONTACT, REFER, TEXTS, LOOK)}
# What a number is to the sheet, but a text to whoever has mistyped it.
_NUMBERS: Final = frozenset(
    {"min_age", "max_age", "resource_level", "verify_within_days", "referral.waiting_weeks"}
)
# Nobody has to fill them in: the way leads past them, and a button to them.
_BESIDE: Final = (REFER, TEXTS)


def following(step: Step) -> Step:
    """Return the next step on the way."""
    steps = [one for one in STEPS.values() if one not in _BESIDE or one is step]
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def step_of(path: str) -> Step:
    """Return the step on which a field stands."""
    return next((step for step in STEPS.values() if step.has(path)), WHAT)


def typed(step: Step, sheet: Sheet, sent: QueryParams, may_see: Callable[[Mapping[str, Any]], bool]) -> Sheet:
    """Return the sheet as a page of the form says it, right or wrong.

    may_see: of a part, whether the person was shown it at all; what was not shown stays.
    """
    found = deepcopy(sheet)
    for name in step.fields:
        if name in sent:
            found[name] = _value(name, sent[name])
    for name in step.lists:
        found[name] = [one for one in sent.getlist(name) if one]
    for name in step.flags:
        found[name] = name in sent
    if step.part:
        found[step.part] = _parts(step, sheet[step.part], sent, may_see)
    return found


def new_key(keys: Iterable[str]) -> str:
    """Return a key for one more part."""
    taken = set(keys)
    return next(key for number in range(1, 1000) if (key := f"new-{number}") not in taken)


def point_said(point: object) -> str:
    """Return a point as somebody types it: latitude first, as maps show it."""
    if isinstance(point, Mapping):
        return f"{point['lat']:.6f}, {point['lon']:.6f}"
    return str(point or "")


def point_read(said: str, old: object) -> object:
    """Return the point that somebody typed; what is none stays as it was typed."""
    said = said.strip()
    if not said:
        return None
    if said == point_said(old):
        return old
    found = _POINT.fullmatch(said)
    if found is None:
        return said
    lat, lon = (float(number.replace(",", ".")) for number in found.groups())
    return {"lon": lon, "lat": lat, "precision": None}


def _value(name: str, said: str) -> object:
    said = said.replace("\r\n", "\n").strip()
    if name in _NUMBERS:
        return int(said) if re.fullmatch(r"\d{1,4}", said) else said or None
    return said


def _parts(
    step: Step, present: Mapping[str, Any], sent: QueryParams, may_see: Callable[[Mapping[str, Any]], bool]
) -> dict[str, Any]:
    gone = sent.get("tun", "").removeprefix("weg-")
    keys = [path.key for name in sent if (path := split(name)) is not None and path.part == step.part]
    found = {}
    new = [key for key in dict.fromkeys(keys) if key not in present]
    for key in [*present, *new[: PARTS_OF_ONE + 1]]:  # one more than is taken, so that it is said
        old = present.get(key)
        if old is not None and not may_see(old):
            found[key] = deepcopy(old)
            continue
        part = _part(step, key, old or EMPTY_PARTS[step.part], sent)
        is_nothing = old is None and all(part[name] == value for name, value in _nothing(step.part).items())
        if f"{step.part}/{key}" != gone and not is_nothing:
            found[key] = part
    return found


def _part(step: Step, key: str, old: Mapping[str, Any], sent: QueryParams) -> dict[str, Any]:
    part = dict(deepcopy(old))
    prefix = f"{step.part}/{key}"
    if f"{prefix}/da" not in sent:  # it was not on the page
        return part
    for name in step.part_fields:
        said = sent.get(f"{prefix}/{name}")
        if said is not None:
            value = said.replace("\r\n", "\n").strip()
            # An empty text and none are the same to whoever types.
            part[name] = (
                point_read(said, old["point"])
                if name == "point"
                else value
                if value or old[name]
                else old[name]
            )
    for name in step.part_flags:
        part[name] = f"{prefix}/{name}" in sent
    return part


def _nothing(kind: str) -> dict[str, Any]:
    return {name: value for name, value in EMPTY_PARTS[kind].items() if name != "is_public"}
