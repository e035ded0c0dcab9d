"""The grammar of what is left out: „mittwochs geschlossen“, „außer an Feiertagen“, „Sommerpause im Juli“."""

from typing import Final

from api.schedules.reading import lexicon
from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.days import days
from api.schedules.reading.lexicon import CLOSED, EXCEPT, PAUSES
from api.schedules.reading.phrases import Bond, Days, Shut, Terms
from api.schedules.reading.tokens import Kind
from api.schedules.rules import Closure, OnHolidays

_IS: Final = frozenset({"ist", "sind", "bleibt", "haben", "wir", "immer", "jeweils", "das", "die"})
_CLOSED_FIRST: Final = CLOSED - {"zu", "off", "entfällt"}
_TAKES_PLACE: Final = frozenset({"findet", "finden"})
_HOURS: Final = lexicon.words(
    "sprechstunde sprechstunden sprechzeit sprechzeiten beratung öffnung öffnungszeiten betrieb ausgabe"
)


@attempt
def shut(cursor: Cursor, bond: Bond) -> Shut | None:
    """Read „mittwochs geschlossen“, „außer an Feiertagen“, „Sommerpause 15.7.–31.8.“, „PH off“."""
    on = excepted(cursor) or _closed(cursor) or _pause(cursor)
    return Shut(bond, on) if on and not on.parts and not on.are_workdays else None


@attempt
def excepted(cursor: Cursor) -> Days | None:
    """Read „außer mittwochs“, „nicht in den Ferien“."""
    if not (cursor.word(EXCEPT) or cursor.words({"keine"}, _HOURS)):
        return None
    return days(cursor)


@attempt
def _closed(cursor: Cursor) -> Days | None:
    on = days(cursor)
    if on is None:
        return None
    if cursor.sign(":") and _dash_alone(cursor):
        return on
    cursor.sign("-")
    cursor.skip(_IS)
    if cursor.word(_TAKES_PLACE):
        return (
            on if cursor.words({"nicht"}, {"statt"}) or cursor.words({"keine"}, _HOURS, {"statt"}) else None
        )
    is_closed = (
        cursor.word(CLOSED | PAUSES)
        or cursor.words({"keine"}, _HOURS)
        or cursor.words({"nicht"}, {"geöffnet"})
        or (cursor.word({"nicht"}) and cursor.peek().kind != Kind.WORD)
    )
    return on if is_closed else None


def _dash_alone(cursor: Cursor) -> bool:
    """Whether „Mo: –“ says that there is nothing on that day."""
    is_alone = cursor.peek().text == "-" and (
        cursor.peek(1).kind == Kind.BREAK or cursor.peek(1).text in {",", ";"}
    )
    return is_alone and cursor.sign("-") is not None


@attempt
def _pause(cursor: Cursor) -> Days | None:
    if not cursor.word(PAUSES | _CLOSED_FIRST):
        return None
    cursor.sign(":")
    return days(cursor)


def terms(on: Days) -> Terms:
    """Return what it means for a line that these days are left out."""
    return Terms(
        without=on.days,
        on_public_holidays=OnHolidays.CLOSED if on.on_public_holidays else None,
        on_school_holidays=OnHolidays.CLOSED if on.in_school_holidays else None,
        closures=(*on.closures, *(Closure(date, date) for date in on.dates)),
    )
