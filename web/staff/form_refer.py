"""The step for professionals: how to refer, waiting and room by the provider's word, papers and laws."""

from datetime import date
from typing import Any, Final

from starlette.datastructures import QueryParams

from api.curation import labels_referral
from api.curation.sheet_fields import Sheet
from web.schedule_form.values import MistakeError, day
from web.staff.form_steps import REFER, typed

# What the form carries along: what it showed of the provider's word before anybody typed.
BEFORE: Final = "referral.vorher"
_WEEKS, _ROOM, _DAY = "referral.waiting_weeks", "referral.capacity", "referral.said_on"


def taken(sheet: Sheet, sent: QueryParams, today: date) -> Sheet:
    """Return the sheet as the page says it.

    Whoever writes down another waiting time or other room without saying since when has heard it today. With
    neither, there is no word and no day of it.
    """
    raw = typed(REFER, sheet, sent, lambda _part: True)
    said = sent.get(_DAY, "").strip()
    if said:
        try:
            raw[_DAY] = day(said).isoformat()
        except MistakeError:
            raw[_DAY] = said
    word_before, _, day_before = sent.get(BEFORE, "").rpartition("|")
    if BEFORE in sent and said == day_before:
        word = f"{sent.get(_WEEKS, '').strip()}|{sent.get(_ROOM, '')}"
        if word == "|unknown":
            raw[_DAY] = None
        elif word != word_before:
            raw[_DAY] = today.isoformat()
    return raw


def context(sheet: Sheet) -> dict[str, Any]:
    """Return what the template needs."""
    weeks, room, said_on = (sheet[name] for name in (_WEEKS, _ROOM, _DAY))
    return {
        "ways": list(labels_referral.WAYS.items()),
        "capacities": list(labels_referral.CAPACITIES.items()),
        "papers": list(labels_referral.PAPERS.items()),
        "laws": list(labels_referral.LAWS.items()),
        "before_field": BEFORE,
        "before": f"{'' if weeks is None else weeks}|{room}|{said_on or ''}",
    }
