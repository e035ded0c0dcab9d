"""What a provider says by its link of waiting and room: of today, and without showing what was said before.

A link may have been passed on, and this is for professionals. So whatever is said replaces the old word as a
whole: nobody can have meant to leave half of what they did not see.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from starlette.datastructures import QueryParams

from api.curation import labels_referral
from api.curation.sheet_fields import Sheet

WEEKS: Final = "referral.waiting_weeks"
ROOM: Final = "referral.capacity"
DAY: Final = "referral.said_on"
NOTHING: Final = "unknown"
CHOICES: Final = [
    ("", "keine Angabe"),
    *((code, words) for code, words in labels_referral.CAPACITIES.items() if code != NOTHING),
]


def read(raw: Sheet, sent: QueryParams, today: date) -> None:
    """Put what was typed into a raw sheet, right or wrong."""
    room, weeks = sent.get(ROOM, ""), sent.get(WEEKS, "").strip()
    if room not in dict(CHOICES):
        room = ""
    if room or weeks:
        raw[ROOM] = room or NOTHING
        raw[WEEKS] = int(weeks) if re.fullmatch(r"[0-9]{1,4}", weeks) else weeks or None
        raw[DAY] = today.isoformat()


def said(sheet: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return path and value of what a sheet says of waiting and room."""
    return [(path, sheet[path]) for path in (ROOM, WEEKS) if sheet[path] not in (None, NOTHING)]


def context(sent: QueryParams) -> dict[str, Any]:
    """Return what the template of the form needs."""
    return {"room": sent.get(ROOM, ""), "weeks": sent.get(WEEKS, ""), "capacities": CHOICES}
