"""The grammar of clock times: „9–12 und 14–18 Uhr“, „ab 17 Uhr“, „0700-1630“, „17:00+“."""

from itertools import pairwise
from typing import Final, NamedTuple

from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.doubts import Doubt
from api.schedules.reading.lexicon import AND, FROM, OCLOCK, OPEN, PARTS, TO
from api.schedules.reading.phrases import Span
from api.schedules.reading.tokens import Kind

HOUR: Final = 60
MIDNIGHT: Final = 24 * HOUR
_DIGITS_OF_HOUR: Final = 2
_DIGITS_OF_BOTH: Final = 4  # 0700
# Nobody means 3 o'clock at night by „3-5“, and hardly anybody opens at 9:00 until 5:00.
_EARLIEST_BARE: Final = 6 * HOUR
_EARLIEST_OVER_MIDNIGHT: Final = 16 * HOUR
_STEP: Final = 5  # 10.12 is rather a date than a clock
_YEARS: Final = {str(year) for year in range(2010, 2050)}


class Clock(NamedTuple):
    """Minutes since midnight, and whether Uhr or minutes tell that it is a time at all."""

    minutes: int
    is_plain: bool
    part: str | None = None  # of the day, said before the times


class Times(NamedTuple):
    """Spans in one go, and whether the last number is a bare one, which may not be a time at all."""

    spans: tuple[Span, ...]
    is_bare: bool


@attempt
def times(cursor: Cursor) -> Times | None:
    """Read spans up to where none follows; raise NotUnderstoodError for those that nobody can mean."""
    spans: list[Span] = []
    is_bare = False
    while True:
        before = cursor.position
        found = (not spans or _another(cursor, is_bare=is_bare)) and (_whole_day(cursor) or _span(cursor))
        if not found:
            cursor.position = before
            break
        span, clocks = found
        _check(cursor, span, clocks)
        spans.append(span)
        is_bare = bool(clocks) and not clocks[-1].is_plain
    if not spans:
        return None
    cursor.skip(OPEN)
    _check_apart(cursor, spans)
    return Times(tuple(spans), is_bare)


def _another(cursor: Cursor, *, is_bare: bool) -> bool:
    """Take what stands between two spans; nothing is enough only where the numbers are surely times."""
    between = cursor.sign(",/&+") or conjunction(cursor)
    if between == ",":
        conjunction(cursor)
    return bool(between) or not is_bare


def conjunction(cursor: Cursor) -> str | None:
    """Take „und“, „sowie“ or „u.“."""
    found = cursor.word(AND)
    if found == "u" and cursor.glued():
        cursor.sign(".")
    return found


@attempt
def _whole_day(cursor: Cursor) -> tuple[Span, tuple[Clock, ...]] | None:
    if cursor.words({"rund"}, {"um"}, {"die"}, {"uhr"}):
        return Span(0, 0), ()
    return None


@attempt
def _span(cursor: Cursor) -> tuple[Span, tuple[Clock, ...]] | None:
    cursor.skip({"nur", "jeweils", "immer", "durchgehend"})
    part = cursor.word(PARTS)
    cursor.words({"in"}, {"der"}, {"zeit"})
    cursor.word({"nur"})
    found = _since(cursor) or _until(cursor) or _from_to(cursor)
    if found is None:
        return None
    span, clocks = found
    return span, tuple(clock._replace(part=part) for clock in clocks)


@attempt
def _since(cursor: Cursor) -> tuple[Span, tuple[Clock, ...]] | None:
    starts = _clock(cursor) if cursor.word({"ab"}) else None
    cursor.words({"open"}, {"end"})
    return (Span(starts.minutes, None), (starts,)) if starts else None


@attempt
def _until(cursor: Cursor) -> tuple[Span, tuple[Clock, ...]] | None:
    ends = _clock(cursor) if cursor.word(TO) else None
    return (Span(None, ends.minutes), (ends,)) if ends else None


@attempt
def _from_to(cursor: Cursor) -> tuple[Span, tuple[Clock, ...]] | None:
    opener = cursor.word({*FROM, "zwischen", "um"})
    starts = _clock(cursor)
    if starts is None:
        return None
    begun = Span(starts.minutes, None), (starts,)
    until = AND if opener == "zwischen" else TO
    if opener != "um" and (cursor.word(until) or cursor.sign("-")):
        if cursor.words({"open"}, {"end"}):
            return begun
        ends = _clock(cursor)
        return (Span(starts.minutes, ends.minutes), (starts, ends)) if ends else None
    if cursor.sign("+") and cursor.peek().kind in (Kind.NUMBER, Kind.CLOCK, Kind.WORD):
        return None
    # A mere „6+“ is rather an age.
    return begun if starts.is_plain and opener in (None, "um") else None


@attempt
def _clock(cursor: Cursor) -> Clock | None:
    """Read one time of day; numbers of four digits are 0700, of three or one with a nought before nothing."""
    if token := cursor.take(Kind.CLOCK):
        hours, minutes = (int(number) for number in token.text.replace(".", ":").replace("h", ":").split(":"))
        is_dotted, is_plain = "." in token.text, True
    elif token := cursor.take(Kind.NUMBER):
        if len(token.text) not in (1, _DIGITS_OF_HOUR, _DIGITS_OF_BOTH):
            return None
        is_both = len(token.text) == _DIGITS_OF_BOTH
        hours, minutes = divmod(int(token.text), 100) if is_both else (int(token.text), 0)
        is_dotted, is_plain = is_both, is_both
    else:
        return None
    if minutes >= HOUR or hours * HOUR + minutes > MIDNIGHT:
        raise cursor.doubt(Doubt.CLOCK)
    said = cursor.word(OCLOCK) is not None
    looks_like_a_year = len(token.text) == _DIGITS_OF_BOTH and token.text in _YEARS
    if not said and ((is_dotted and minutes % _STEP) or looks_like_a_year):
        raise cursor.doubt(Doubt.CLOCK)
    return Clock(hours * HOUR + minutes, is_plain or said)


def _check(cursor: Cursor, span: Span, clocks: tuple[Clock, ...]) -> None:
    """Refuse spans that are possible on a clock but not in a timetable."""
    starts, ends = span
    if not clocks or (starts, ends) == (0, MIDNIGHT):
        return
    is_reversed = starts is not None and ends is not None and ends <= starts < _EARLIEST_OVER_MIDNIGHT
    is_early = starts is not None and starts < _EARLIEST_BARE and not clocks[0].is_plain
    is_elsewhere = any(not _is_in_part(clock) for clock in clocks)
    if is_reversed or is_early or is_elsewhere or starts == MIDNIGHT:
        raise cursor.doubt(Doubt.CLOCK)


def _is_in_part(clock: Clock) -> bool:
    first, last = PARTS[clock.part] if clock.part else (0, 24)
    return first * HOUR <= clock.minutes <= last * HOUR


def _check_apart(cursor: Cursor, spans: list[Span]) -> None:
    """Refuse spans of one line that overlap, or of which only some have an end."""
    for before, after in pairwise(spans):
        if before.starts is None or before.ends is None or after.starts is None or after.ends is None:
            raise cursor.doubt(Doubt.CLOCK)
        if not before.starts < before.ends <= after.starts:
            raise cursor.doubt(Doubt.CLOCK)


def fits(spans: tuple[Span, ...], parts: frozenset[str]) -> bool:
    """Whether times lie in the parts of the day that their days were said with."""
    ends = [minutes for span in spans for minutes in span if minutes is not None]
    return all(
        first * HOUR <= minutes <= last * HOUR
        for first, last in map(PARTS.__getitem__, parts)
        for minutes in ends
    )
