"""Reading a text about times: what it says, or that it is not understood, and where and why."""

from enum import StrEnum
from typing import Final, NamedTuple

from api.schedules.reading import lexicon, osm, prose
from api.schedules.reading.cursor import Cursor
from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.reading.grammar import parse
from api.schedules.reading.phrases import NO_TERMS, Statement, Terms
from api.schedules.reading.recurrences import rules
from api.schedules.reading.tokens import Kind, Token, tidy, tokens
from api.schedules.rules import Entry, Rule

LONGEST: Final = 5000  # letters; no timetable is longer, and pasted pages are none


class Reading(NamedTuple):
    """What a text says about times.

    Understood: rules, or none and entry says "by appointment only". Else doubt says why not, at says where in
    the tidied text, and the text has to be shown as it is.
    """

    text: str
    rules: tuple[Rule, ...] = ()
    entry: Entry = Entry.UNKNOWN  # of a text without rules
    note: str = ""  # of a text without rules
    doubt: Doubt | None = None
    at: int | None = None

    @property
    def is_understood(self) -> bool:
        """Whether the rules, or the entry, say all that the text says."""
        return self.doubt is None


class _Tongue(StrEnum):
    PROSE = "prose"
    OSM = "osm"
    BOTH = "both"
    EITHER = "either"


def read(text: str) -> Reading:
    """Read a text about times as a whole; never raises, never leaves anything out."""
    try:
        return _understood(text)
    except NotUnderstoodError as error:
        return Reading(text, doubt=error.doubt, at=error.at)


def _understood(text: str) -> Reading:
    if len(text) > LONGEST:
        raise NotUnderstoodError(Doubt.TOO_LONG)
    tidied = tidy(text)
    found = tokens(tidied)
    if not found:
        raise NotUnderstoodError(Doubt.NOTHING)
    statements = parse(Cursor(_unquoted(found), tidied))
    meant, said = _meant(statements, _tongue(found))
    if meant:
        return Reading(text, meant)
    if said.entry != Entry.APPOINTMENT:
        raise NotUnderstoodError(Doubt.NOTHING)
    return Reading(text, entry=Entry.APPOINTMENT, note="; ".join(said.notes))


def _unquoted(found: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return tokens without quotation marks around the whole."""
    quotes = {'"', "„", "“", "”", "'"}
    is_quoted = len(found) > 1 and found[0].text in quotes and found[-1].text in quotes
    return found[1:-1] if is_quoted and not any(token.text in quotes for token in found[1:-1]) else found


def _tongue(found: tuple[Token, ...]) -> _Tongue:
    """Tell by words and spellings whether a text is prose or opening_hours; short ones may be either."""
    words = {token.text for token in found if token.kind == Kind.WORD}
    signs = {token.text for token in found if token.kind == Kind.SIGN}
    clocks = [token.text for token in found if token.kind == Kind.CLOCK]
    is_osm = bool(words & lexicon.OSM_ONLY) or bool(signs & {"[", "||"})
    is_prose = (
        bool(words - lexicon.OSM_ONLY - lexicon.SHARED - lexicon.LOOKING_LIKE_OSM)
        or any(token.kind in (Kind.BREAK, Kind.DATE) for token in found)
        or any(":" not in clock for clock in clocks)
        or not clocks
    )
    if is_osm:
        is_mixed = is_prose or words & lexicon.LOOKING_LIKE_OSM
        return _Tongue.BOTH if is_mixed else _Tongue.OSM
    return _Tongue.PROSE if is_prose else _Tongue.EITHER


def _meant(statements: list[Statement], tongue: _Tongue) -> tuple[tuple[Rule, ...], Terms]:
    """Return the rules; where a text can be prose as well as opening_hours, both must say the same."""
    if tongue == _Tongue.PROSE:
        return _in_prose(statements)
    in_osm = rules(osm.timetable(statements).lines)
    if tongue == _Tongue.OSM:
        return in_osm, NO_TERMS
    try:
        in_prose, terms = _in_prose(statements)
    except NotUnderstoodError as error:
        # „Mo-Fr 08:00-16:00; Fr 08:00-14:00“ contradicts itself in prose, and is usual in opening_hours.
        if tongue == _Tongue.EITHER and error.doubt == Doubt.CONTRADICTION:
            return in_osm, NO_TERMS
        raise
    if set(in_prose) != set(in_osm):
        raise NotUnderstoodError(Doubt.TWO_READINGS)
    return in_prose, terms


def _in_prose(statements: list[Statement]) -> tuple[tuple[Rule, ...], Terms]:
    found = prose.timetable(statements)
    return rules(found.lines), found.terms
