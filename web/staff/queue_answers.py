"""What a report of a resident is about, and which fields of the entry can be put right with the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.core.errors import FieldError, InvalidInputError
from api.curation import labels
from api.curation.sheet_checks import checked_value
from api.curation.sheet_fields import Changes, value_at
from api.curation.viewing import ProposalView

VALUE: Final = "wert-"
REPORT: Final = "report: "  # begins the reason of what residents report
_GONE: Final = "gone"
_OFFER: Final[Mapping[str, tuple[str, ...]]] = {
    "hours": ("hours_text",),
    "contact": ("website",),
    "cost": ("cost_note", "access_note"),
    "details": ("hours_text", "website"),
    "other": ("name", "summary", "description", "website"),
}
_PARTS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "hours": (("places", "hours_text"),),
    "contact": (("contacts", "phone"), ("contacts", "email")),
    "details": (("contacts", "phone"), ("contacts", "email"), ("places", "hours_text")),
    "other": (("contacts", "phone"), ("contacts", "email")),
}
_LONG: Final = frozenset({"description", "hours_text", "summary"})


@dataclass(frozen=True)
class Answer:
    """A field of the entry that can be changed with the answer."""

    path: str
    label: str
    value: str
    is_long: bool


def is_report(view: ProposalView) -> bool:
    """Return whether these are words about an entry, and no values for it."""
    return view.offer_id is not None and view.reason.startswith(REPORT)


def says_gone(view: ProposalView) -> bool:
    """Return whether somebody says that there is no such offer any more."""
    return is_report(view) and view.reason.removeprefix(REPORT) == _GONE


def fields_for(view: ProposalView) -> list[Answer]:
    """Return what can be put right here: texts alone.

    Addresses need their point on the map and timetables their form; both are changed in the entry itself.
    """
    if not is_report(view):
        return []
    about = view.reason.removeprefix(REPORT)
    paths = list(_OFFER.get(about, ()))
    for kind, name in _PARTS.get(about, ()):
        paths += [f"{kind}/{key}/{name}" for key in view.present[kind]]
    return [_answer(view, path) for path in paths]


def changes(view: ProposalView, sent: Mapping[str, str]) -> Changes:
    """Return what somebody has changed with the answer; raise InvalidInputError that names the fields."""
    found: Changes = {}
    errors: list[FieldError] = []
    for one in fields_for(view):
        said = sent.get(f"{VALUE}{one.path}")
        if said is None or _plain(said) == _plain(one.value):
            continue
        try:
            new = checked_value(one.path, said)
        except InvalidInputError as error:
            errors += error.errors
            continue
        found[one.path] = {"old": value_at(view.present, one.path), "new": new}
    if errors:
        raise InvalidInputError(errors=errors)
    return found


def _answer(view: ProposalView, path: str) -> Answer:
    value: Any = value_at(view.present, path)
    is_long = path.rsplit("/", maxsplit=1)[-1] in _LONG
    return Answer(path, labels.label(path, view.present), str(value or ""), is_long)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
