"""What the buttons of the form do besides showing it: lines come and go, a text fills them."""

import re
from typing import Final, NamedTuple, TypeVar

from web.schedule_form.pasted import taken
from web.schedule_form.typed import MOST_DATES, MOST_LINES, MOST_PAUSES, Form, Line, OneDate, Pause
from web.schedule_form.values import Mistake

READ: Final = "lesen"  # the pasted text
WAS_READ: Final = "gelesen"
Entry = TypeVar("Entry")
_AWAY: Final = re.compile(r"([zpa])([1-9]\d?)-weg")


class Done(NamedTuple):
    """The form after a button, and the part of the page that somebody wants to see next."""

    form: Form
    part: str


def done(form: Form, action: str) -> Done | Mistake | None:
    """Return what a button makes of the form; None for a button that only shows it."""
    if action == READ:
        found = taken(form)
        return found if isinstance(found, Mistake) else Done(found, "text-gelesen")
    if action == "zeit" and len(form.lines) < MOST_LINES:
        return Done(form._replace(lines=(*form.lines, Line())), f"z{len(form.lines) + 1}")
    if action == "pause" and len(form.pauses) < MOST_PAUSES:
        return Done(form._replace(pauses=(*form.pauses, Pause())), f"p{len(form.pauses) + 1}")
    if action == "ausnahme" and len(form.dates) < MOST_DATES:
        return Done(form._replace(dates=(*form.dates, OneDate())), f"a{len(form.dates) + 1}")
    gone = _AWAY.fullmatch(action)
    return _without(form, gone[1], int(gone[2])) if gone else None


def _without(form: Form, kind: str, number: int) -> Done:
    if kind == "p":
        return Done(form._replace(pauses=_all_but(form.pauses, number)), "pausen")
    if kind == "a":
        return Done(form._replace(dates=_all_but(form.dates, number)), "ausnahmen")
    lines = _all_but(form.lines, number) or (Line(),)
    pauses = tuple(one._replace(line=_renumbered(one.line, number)) for one in form.pauses)
    dates = tuple(one._replace(line=_renumbered(one.line, number)) for one in form.dates)
    return Done(form._replace(lines=lines, pauses=pauses, dates=dates), "zeiten")


def _all_but(entries: tuple[Entry, ...], number: int) -> tuple[Entry, ...]:
    return entries[: number - 1] + entries[number:]


def _renumbered(said: str, gone: int) -> str:
    """Return the number of a line after another has gone; what belonged to that one has to be said anew."""
    if not said.isascii() or not said.isdigit() or int(said) < gone:
        return said
    return "" if int(said) == gone else str(int(said) - 1)
