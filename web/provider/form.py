"""The small form for an entry: what stands in its fields, and which of its parts are unfolded."""

from collections.abc import Iterable
from typing import Any, Final

from starlette.datastructures import QueryParams

from api.curation import labels
from api.curation.sheet_difference import difference
from api.curation.sight import Sight, masked_sheet
from api.regions.models import Region
from web.provider import changing, dates, word
from web.provider.changing import BY_HAND, HOURS, MOST_PLACES, NOTE, UNTIL, Said
from web.schedule_form.typed import OneDate
from web.staff import form_hours

# Beginning of a field's name → part of the form; the others are of the offer.
_PARTS: Final = {
    f"{dates.FIELD}-": "termin",
    HOURS: "zeiten",
    "contacts/": "kontakt",
    "referral.": "plaetze",
    "website": "kontakt",
    NOTE: "sonst",
    UNTIL: "pause",
}
_NAMES: Final = {
    dates.DAY: "Welcher Termin?",
    dates.WHAT: "Was ist anders?",
    f"{dates.FIELD}-auf": "Neuer Tag",
    f"{dates.FIELD}-von": "Von",
    f"{dates.FIELD}-bis": "Bis",
    f"{dates.FIELD}-grund": "Warum?",
    word.ROOM: "Freie Plätze",
    word.WEEKS: "Wartezeit in Wochen",
    NOTE: "Was sollen wir wissen?",
    UNTIL: "Ab wann gibt es das Angebot wieder?",
}


def context(region: Region, said: Said, sent: QueryParams) -> dict[str, Any]:
    """Return what the template of the form needs."""
    contacts = changing.contacts(said.sheet)
    times = _times(region, said, sent)
    names = _names(said, times, contacts)
    return {
        "sheet": said.sheet,
        "before": changing.before(said.base),
        "times": times,
        "coming": [(one.value, one.text) for one in dates.coming(region, said.base)],
        "chosen": sent.get(dates.DAY, ""),
        "kinds": dates.KINDS,
        "one": dates.typed(sent),
        "contacts": contacts,
        **word.context(sent),
        "is_more": sum(not changing.is_public(part) for part in said.base["contacts"].values()),
        "note": sent.get(NOTE, ""),
        "until": sent.get(UNTIL, ""),
        "names": names,
        # What has no field here is named with what is wrong.
        "errors": {
            path: text if path in names else f"{labels.label(path, said.told)}: {text}"
            for path, text in said.errors.items()
        },
        "unfolded": _unfolded(said, sent),
    }


def _times(region: Region, said: Said, sent: QueryParams) -> list[dict[str, Any]]:
    told = masked_sheet(said.base, Sight())
    parts = {key: told["places"][key] if key else told for key in form_hours.keys(told)}
    return [
        {
            "key": key,
            "name": labels.name_of("places", part) if key and len(parts) > 1 else "",
            "now": changing.hours_said(region, part),
            "text": sent.get(f"{HOURS}{key}", ""),
            "by_hand": f"{BY_HAND}{key}" in sent,
        }
        for key, part in list(parts.items())[:MOST_PLACES]
    ]


def _names(said: Said, times: list[dict[str, Any]], contacts: Iterable[str]) -> dict[str, str]:
    fields = [*changing.STEP.fields, *(f"contacts/{key}" for key in contacts)]
    fields += [f"contacts/{key}/{name}" for key in contacts for name in changing.STEP.part_fields]
    return {
        **_NAMES,
        **{f"{HOURS}{one['key']}": f"Neue Zeiten {one['name']}".strip() for one in times},
        **{path: labels.label(path, said.told) for path in fields},
    }


def _unfolded(said: Said, sent: QueryParams) -> set[str]:
    """Return the parts in which somebody has typed, or something is wrong."""
    touched = [*said.errors, *(name for name in (NOTE, UNTIL) if sent.get(name, "").strip())]
    touched += [path for path in difference(said.base, said.sheet) if not path.endswith("schedules")]
    touched += [name for name in sent if name.startswith((HOURS, BY_HAND)) and sent[name].strip()]
    touched += [dates.DAY] if sent.get(dates.DAY) or dates.typed(sent) != OneDate(change="") else []
    return {
        next((part for start, part in _PARTS.items() if path.startswith(start)), "angebot")
        for path in (path.replace(BY_HAND, HOURS) for path in touched)
    }
