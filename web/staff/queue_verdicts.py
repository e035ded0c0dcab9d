"""What the form of a proposal says: accepted or not, by path, with reasons and present values it showed."""

import json
from collections.abc import Mapping
from typing import Any, Final

from api.curation.deciding import Verdict
from api.curation.viewing import FieldView, ProposalView

CHOICE: Final = "urteil-"
WHY: Final = "grund-"
SEEN: Final = "gesehen-"
ALL: Final = "alle"
WHOLE: Final = "wahl"  # publish a new offer
YES: Final = "ja"
NO: Final = "nein"
_LONGEST: Final = 1000


def verdicts(view: ProposalView, sent: Mapping[str, str]) -> dict[str, Verdict]:
    """Return what was decided about each path; what is left out stays open.

    The button for all of them decides what nobody has decided: accepting spares conflicts, which need a look
    of their own. New offers are decided as a whole, by one of their two buttons.
    """
    found: dict[str, Verdict] = {}
    is_new, for_all = view.kind == "create", sent.get(ALL, "")
    if is_new and for_all != NO and sent.get(WHOLE) != YES:
        return found
    for field in view.fields:
        word = sent.get(f"{CHOICE}{field.path}", YES if is_new else "")
        if for_all == NO or (for_all == YES and not field.is_conflict):
            word = for_all
        if word not in (YES, NO) or not is_waiting(field):
            continue
        note = sent.get(f"{WHY}{field.path}", "").strip()[:_LONGEST]
        found[field.path] = _verdict(word == YES, note, sent.get(f"{SEEN}{field.path}", ""))
    return found


def is_waiting(field: FieldView) -> bool:
    """Return whether a path is still to be decided."""
    return field.decision in ("", "conflict")


def can_accept(view: ProposalView) -> bool:
    """Return whether there are values to decide about; words alone are answered."""
    return not view.remarks and any(is_waiting(field) for field in view.fields)


def seen(value: Any) -> str:  # noqa: ANN401 - whatever stands there
    """Return a present value as the form carries it along."""
    return json.dumps(value, ensure_ascii=False)


def note(sent: Mapping[str, str]) -> str:
    """Return what was written about the proposal as a whole."""
    return sent.get("antwort", "").strip()[:_LONGEST]


def _verdict(accepted: bool, why: str, shown: str) -> Verdict:
    if not shown:
        return Verdict(accepted, why)
    try:
        return Verdict(accepted, why, json.loads(shown))
    except ValueError:  # not as our form says it: then the conflict is shown again
        return Verdict(accepted, why)
