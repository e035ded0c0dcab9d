"""The grammar of what narrows or explains times: weeks of the year, school time, appointments."""

from typing import Final, NamedTuple

from api.schedules.reading import lexicon
from api.schedules.reading.clocks import conjunction
from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.doubts import Doubt
from api.schedules.reading.lexicon import ARTICLES, EACH, EVEN, ODD, OPEN, SCHOOL_TIME, WEEK
from api.schedules.reading.phrases import EVERY_WEEK, Terms
from api.schedules.reading.tokens import Kind
from api.schedules.rules import Entry, OnHolidays

_LAST_WEEK: Final = max(EVERY_WEEK)
_ONLY: Final = frozenset({"nur", "ausschliesslich", "bitte"})
_SUBJECTS: Final = lexicon.words(
    "termin termine termins sprechstunde sprechstunden sprechzeit sprechzeiten beratung beratungen"
    " beratungstermine öffnungszeiten besuch besuche gespräche gesprächstermine"
)
_ARRANGED: Final = lexicon.words(
    "vereinbarung terminvereinbarung absprache terminabsprache rücksprache anfrage"
)
_BOOKED: Final = lexicon.words("termin anmeldung voranmeldung terminvereinbarung terminbuchung vereinbarung")
_HOW: Final = lexicon.words(
    "vorheriger vorherigem vorherige vorherigen telefonischer telefonische persönlicher individueller"
    " schriftlicher vereinbartem gebuchtem"
)
_POSSIBLE: Final = lexicon.words("möglich geöffnet erforderlich notwendig nötig")
_NEEDED: Final = lexicon.words("erforderlich notwendig nötig")
_FURTHER: Final = lexicon.words("weitere ansonsten sonst zusätzlich darüber andere")


class Visit(NamedTuple):
    """How somebody gets in; is_clear: it cannot mean further times beside those that are named."""

    entry: Entry
    is_clear: bool = True


@attempt
def weeks(cursor: Cursor) -> Terms | None:
    """Read „in geraden Kalenderwochen“, „ungerade KW“, „week 1-53/2“, or a rhythm of two weeks."""
    if cursor.word({"week"}):
        return _numbered_weeks(cursor)
    if _fortnightly(cursor):
        return Terms(is_fortnightly=True)
    if cursor.word({"wöchentlich"}) or cursor.words({"jede", "jeder"}, {"woche"}):
        return Terms()
    cursor.skip({"nur", "in", "an", *ARTICLES, *EACH})
    is_odd = cursor.peek().text in ODD
    if not cursor.words(EVEN | ODD, WEEK):
        return None
    if cursor.peek().text == "." and cursor.glued() and cursor.peek(-1).text == "kw":
        cursor.sign(".")
    return Terms(weeks=frozenset(week for week in EVERY_WEEK if week % 2 == is_odd))


def _numbered_weeks(cursor: Cursor) -> Terms | None:
    """Read the numbers after „week“ of opening_hours."""
    found: set[int] = set()
    while True:
        first = cursor.number()
        last = cursor.number() if cursor.sign("-") else None
        step = cursor.number() if cursor.sign("/") else None
        if first is None or (step is not None and last is None):
            return None
        last = first if last is None else last
        if not (1 <= first <= last <= _LAST_WEEK and step != 0):
            raise cursor.doubt(Doubt.NOT_EXPRESSIBLE)
        found.update(range(first, last + 1, step or 1))
        if not cursor.sign(","):
            return Terms(weeks=frozenset(found))


@attempt
def _fortnightly(cursor: Cursor) -> bool | None:
    if cursor.words({"alle"}):
        number = cursor.take(Kind.NUMBER)
        said = number.text if number else cursor.word({"vierzehn", "zwei"})
        unit = {"14": "tage", "vierzehn": "tage", "2": "wochen", "zwei": "wochen"}.get(said or "")
        return True if unit and cursor.word({unit}) else None
    if cursor.word({"vierzehntägig", "vierzehntäglich", "zweiwöchentlich"}):
        return True
    if cursor.peek().text == "14" and cursor.take(Kind.NUMBER):
        cursor.sign("-")
        return True if cursor.word({"tägig", "täglich", "tägl"}) else None
    return None


@attempt
def school_time(cursor: Cursor) -> Terms | None:
    """Read „(nur) in der Schulzeit“."""
    cursor.skip({"nur", "in", "während", *ARTICLES})
    return Terms(on_school_holidays=OnHolidays.CLOSED) if cursor.word(SCHOOL_TIME) else None


@attempt
def visit(cursor: Cursor) -> Visit | None:
    """Read „nach Vereinbarung“, „nur mit Termin“, „ohne Anmeldung“ and their kin."""
    return _walk_in(cursor) or _appointment(cursor)


@attempt
def _walk_in(cursor: Cursor) -> Visit | None:
    if cursor.word({"ohne"}):
        cursor.skip(_HOW)
        return Visit(Entry.WALK_IN) if cursor.word(_BOOKED) else None
    if cursor.words({"keine"}, _BOOKED):
        cursor.skip({"ist"})
        return Visit(Entry.WALK_IN) if cursor.word(_NEEDED) else None
    if cursor.words({"offene", "offenen"}, {"sprechstunde", "sprechzeit", "sprechstunden", "sprechzeiten"}):
        return Visit(Entry.WALK_IN)
    if cursor.word({"anmeldung", "voranmeldung", "terminvereinbarung"}):
        cursor.skip({"ist"})
        return Visit(Entry.WALK_IN) if cursor.words({"nicht"}, _NEEDED) else None
    return None


@attempt
def _appointment(cursor: Cursor) -> Visit | None:
    cursor.words({"wir"}, {"haben"})
    only = cursor.word(_ONLY)
    if not (cursor.peek().text == "termin" and cursor.peek(1).text in _NEEDED | {"ist"}):
        cursor.skip(_SUBJECTS)
    only = cursor.word(_ONLY) or only
    if cursor.words({"für"}, {"terminkunden", "terminkundinnen"}):
        found = Visit(Entry.APPOINTMENT) if only else None
    elif cursor.word({"nach", "n", "auf"}):
        found = _arranged(cursor, is_clear=bool(only))
    elif cursor.word({"mit"}):
        _how(cursor)
        found = Visit(Entry.APPOINTMENT) if cursor.word(_BOOKED) else None
    elif cursor.words({"by"}, {"appointment"}):
        found = Visit(Entry.APPOINTMENT, is_clear=bool(only))
    elif cursor.words({"termin", "terminvereinbarung", "terminbuchung"}):
        cursor.skip({"ist"})
        found = Visit(Entry.APPOINTMENT) if cursor.word(_NEEDED) else None
    else:
        return None
    cursor.skip(_POSSIBLE | OPEN)
    return found


def _arranged(cursor: Cursor, *, is_clear: bool) -> Visit | None:
    """Read what follows „nach“; n. V. is short for it."""
    if cursor.peek(-1).text == "n":
        cursor.sign(".")
        is_arranged = cursor.word({"v", "vereinbarung"}) is not None
        cursor.sign(".")
        return Visit(Entry.APPOINTMENT, is_clear) if is_arranged else None
    _how(cursor)
    return Visit(Entry.APPOINTMENT, is_clear) if cursor.word(_ARRANGED | _BOOKED) else None


def _how(cursor: Cursor) -> None:
    cursor.skip(_HOW)
    if cursor.word({"tel"}) and cursor.glued():
        cursor.sign(".")


@attempt
def besides(cursor: Cursor) -> str | None:
    """Read „und nach Vereinbarung“, „weitere Termine nach Absprache“: more than the times that are named."""
    start = cursor.position
    joined = (conjunction(cursor) or cursor.sign("+&")) is not None
    further = cursor.word(_FURTHER) is not None
    cursor.skip({"hinaus", *_SUBJECTS} if further or joined else set())
    if cursor.words({"termine"}, {"ausserhalb"}) or cursor.word({"ausserhalb"}):
        cursor.skip(
            {"der", "dieser", "sprechzeiten", "öffnungszeiten", "zeiten", "sprechstunden", "bürozeiten"}
        )
        further = True
    if not joined and not further:
        return None
    cursor.skip({"auch", "gerne"})
    found = _appointment(cursor)
    return cursor.since(start) if found and found.entry == Entry.APPOINTMENT else None
