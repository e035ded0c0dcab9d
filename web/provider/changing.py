"""From the small form to changes of an entry: what stood there and was left as it was changes nothing."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from starlette.datastructures import QueryParams

from api.core.errors import FieldError
from api.curation import labels
from api.curation import sheet as sheets
from api.curation.freshness import Line
from api.curation.labels import Words
from api.curation.sheet_checks import checked
from api.curation.sheet_difference import difference, order
from api.curation.sheet_fields import WORD, Changes, Sheet, split
from api.curation.sight import Sight, masked_sheet
from api.regions.models import Region
from api.schedules.saying import say_text
from api.schedules.schemas import ScheduleIn
from web.provider import dates, word
from web.provider.dates import Different
from web.provider.gate import Here
from web.schedule_form.values import MistakeError, day
from web.staff import form_hours
from web.staff.form_steps import Step, new_key, typed

# What a provider may propose beside its hours. Addresses are not among them: a link may have been passed on,
# and some addresses are hidden. Who moves writes it in words.
STEP: Final = Step(
    "anbieter",
    "Etwas ändern",
    ("name", "summary", "website", "cost", "cost_note"),
    part="contacts",
    part_fields=("phone", "email"),
)
HOURS, BY_HAND, NOTE, UNTIL, BEFORE = "zeiten:", "mensch:", "bemerkung", "bis", "vorher"
LONGEST_NOTE: Final = 1000
MOST_PLACES: Final = 8
NOT_READ: Final = (
    "Das verstehen wir so nicht. Schreiben Sie zum Beispiel „montags 9–11 Uhr“. Oder setzen Sie den Haken "
    "darunter: Dann liest es ein Mensch."
)
NOT_READ_PART: Final = f"Diese Stelle verstehen wir nicht: „{{place}}“. {NOT_READ.partition('. ')[2]}"
BOTH: Final = "Bitte ändern Sie auf einmal entweder einen Termin oder die festen Zeiten an diesem Ort."
TOO_LONG: Final = "Das ist zu lang: Höchstens {most} Zeichen haben Platz."


class Item(NamedTuple):
    """One change as it is read back."""

    label: str
    old: str
    new: str


@dataclass
class Said:
    """What somebody has typed, right or wrong, and what it comes to."""

    base: Sheet
    sheet: Sheet
    changes: Changes = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    note: str = ""
    date: Different | None = None

    @property
    def told(self) -> Sheet:
        """Return what may be named of it: a link may have been passed on."""
        return masked_sheet(self.sheet, Sight())


def untouched(here: Here, line: Line) -> Said:
    """Return the form as it is first shown."""
    base = sheets.of_offer(here.session, here.region.id, line.offer_id)
    return Said(base, base)


def read(here: Here, line: Line, sent: QueryParams) -> Said:
    """Return what the fields say."""
    base = sheets.of_offer(here.session, here.region.id, line.offer_id)
    shown = _before(sent)
    own = [(name, value) for name, value in sent.multi_items() if _plain(value) != shown.get(name)]
    raw = typed(STEP, base, QueryParams(own), is_public)
    said = Said(base, raw, note=_plain(sent.get(NOTE, "")))
    if len(said.note) > LONGEST_NOTE:
        said.errors[NOTE] = TOO_LONG.format(most=LONGEST_NOTE)
    _read_hours(here.region, raw, sent, said)
    word.read(raw, sent, form_hours.today(here.region))
    said.sheet, wrong = checked(raw, base)
    for one in wrong:
        said.errors.setdefault(one.field, one.detail)
    if not said.errors:
        said.changes = difference(base, said.sheet)
    return said


def until(sent: QueryParams) -> date | FieldError | None:
    """Return the day until which an entry pauses, None: until somebody says so."""
    said = sent.get(UNTIL, "").strip()
    try:
        return day(said) if said else None
    except MistakeError as error:
        return FieldError(UNTIL, error.text.format(**error.values))


def is_public(part: Mapping[str, Any]) -> bool:
    """Return whether a contact is shown here: those for professionals are not for who has a link."""
    return bool(part["is_public"])


def contacts(sheet: Sheet) -> dict[str, Any]:
    """Return the contacts of the form by key; there is always one to fill in."""
    found = {key: part for key, part in sheet["contacts"].items() if is_public(part)}
    return found or {new_key(sheet["contacts"]): dict.fromkeys(("label", "phone", "email"), "")}


def before(sheet: Sheet) -> str:
    """Return what the fields hold when nobody has typed, as the form carries it along."""
    found = {name: _plain(str(sheet[name] or "")) for name in STEP.fields}
    for key, part in contacts(sheet).items():
        found |= {f"contacts/{key}/{name}": _plain(str(part[name] or "")) for name in STEP.part_fields}
    return json.dumps(found, ensure_ascii=False)


def items(said: Said, known: Words) -> list[Item]:
    """Return what is to be changed, in words."""
    found, told = [], said.told
    if WORD & said.changes.keys():
        found += [
            Item(f"{labels.label(path)} (nur für Fachkräfte)", "", labels.said(path, value, known))
            for path, value in word.said(said.sheet)
        ]
    for path in sorted(said.changes.keys() - WORD, key=order):
        change, parts = said.changes[path], split(path)
        assert parts is not None
        if said.date is not None and parts.field == "schedules" and parts.key == said.date.key:
            found.append(Item("Ein Termin", "", said.date.text))
            continue
        old, new = (labels.said(path, change[side], known) for side in ("old", "new"))
        found.append(Item(labels.label(path, told), old, new or "(leer)"))
    return found


def dates_said(region: Region, said: Said) -> list[str]:
    """Return the next dates as they would be, if the times change."""
    changed = [path for path in said.changes if path.endswith("schedules")]
    return [one.text for one in dates.coming(region, said.sheet)[:3]] if changed else []


def hours_said(region: Region, part: Mapping[str, Any]) -> str:
    """Return the fixed times of a part of a sheet in one text."""
    rules = [ScheduleIn.model_validate(line).rule() for line in part["schedules"]]
    told = [say_text(rules, "de", form_hours.today(region))] if rules else []
    return "; ".join([*told, *([part["hours_text"]] if part["hours_text"] else [])])


def _read_hours(region: Region, raw: Sheet, sent: QueryParams, said: Said) -> None:
    """Put the times that were typed into a raw sheet, and what is wrong with them into errors."""
    found = dates.read(region, said.base, sent)
    if isinstance(found, Different):
        said.date = found
        _target(raw, found.key)["schedules"] = found.lines
    elif found:
        said.errors |= found
    for key in form_hours.keys(said.base)[:MOST_PLACES]:
        text = _plain(sent.get(f"{HOURS}{key}", ""))
        if not text:
            continue
        name = labels.name_of("places", said.told["places"][key]) if key else ""
        if f"{BY_HAND}{key}" in sent:
            words = f"Neue Zeiten {name}: {text}".replace(" :", ":")
            said.note = "\n".join(filter(None, (said.note, words)))[: 2 * LONGEST_NOTE]
            continue
        read = form_hours.typed(QueryParams({"text": text}))
        if read.lines is None:
            place = read.mistakes[0].values.get("place") if read.mistakes else None
            said.errors[f"{HOURS}{key}"] = NOT_READ_PART.format(place=place) if place else NOT_READ
        elif said.date is not None and said.date.key == key:
            said.errors[dates.DAY] = BOTH
        else:
            _set_lines(_target(raw, key), read.lines)


def _set_lines(target: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    if not target["schedules"]:  # the words were all that was known
        target["hours_text"] = ""
    # Without its deviations a line keeps those of the line that it continues.
    target["schedules"] = [
        {name: value for name, value in line.items() if name != "deviations"} for line in deepcopy(lines)
    ]


def _target(sheet: Sheet, key: str) -> dict[str, Any]:
    target: dict[str, Any] = sheet["places"][key] if key else sheet
    return target


def _before(sent: QueryParams) -> dict[str, str]:
    try:
        found = json.loads(sent.get(BEFORE, ""))
    except (ValueError, RecursionError):  # not as our form says it
        return {}
    return found if isinstance(found, dict) else {}


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
