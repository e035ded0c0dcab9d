"""Words that are not about days and times: kept as they were written, unless they might change the times."""

from typing import Final

from api.schedules.reading import lexicon
from api.schedules.reading.cursor import Cursor, attempt
from api.schedules.reading.tokens import Kind

_SIGNS_OF_TEXT: Final = frozenset(",.!()\"„“”'’‚‘/&-:")
_ENDS_OF_A_CLAUSE: Final = frozenset(',;.!?()"„“”|:[]')
_LONGEST_LABEL: Final = 6  # words

# Headings that say nothing but that times follow.
NEUTRAL: Final = lexicon.words(
    "öffnungszeiten öffnungszeit sprechzeiten sprechzeit sprechstunde sprechstunden bürozeiten"
    " geschäftszeiten geöffnet öffnung zeiten beratungszeiten servicezeiten termine uhrzeit open hours"
    " opening"
)

# Words that say something about times, or under what condition: whole words, and parts of words.
_TELLING_WORDS: Final = lexicon.words(
    "ab als alle alles anders anfang ansonsten auch aus auf bei beim bis bzw ca circa dann darf erst etwa"
    " evtl falls frau ggf gilt gültig halb halbe her herr hin je kein keine keiner keinen mal mehr meist"
    " nach nächste nein nie nur ob oder ohne plus pro s seit siehe so sofern sonst stets teils unter von"
    " vor während weitere wenn wer wie wieder zu zum zwischen zzgl z zt tel fax gestern neulich"
    " gelegentlich selten oft manchmal regelmässig jede jeder jeden jedes jeweils immer ende mitte beginn"
    " letzte letzter letzten erste ersten viertel dreiviertel minus null eins zwei drei vier fünf sechs"
    " sieben acht neun zehn elf zwölf euro eur other further daily days day closed only not no except"
    " unless until from or by appointment week sunrise sunset dawn dusk easter open out unknown pm noon"
)
_TELLING_PARTS: Final = lexicon.words(
    "abend abgesag abhäng absag absprach abweich advent aktuell ander änder anfrag ausfall ausfäll"
    " ausgenomm ausgesetz aushang ausnahm ausser ausverkauf bedarf beend begrenz beschränk dauer"
    " eingeschränkt eingestell einlass einmal entfall entfäll eventuell fällt fasching feier ferien flexib"
    " folgend früh geöffnet gerade geschloss gestrich herbst heut jahr kalender karneval kurzfristig kürz"
    " läng letzt mittag monat morgen nacht nächst nicht notfall oster pause pausier pfingst regulär rhythm"
    " saison schliess schulzeit silvester sommer sonder spät storn stund tag termin turnus uhr umbau"
    " unbestimmt ungefähr unregel unterschied urlaub variab variier verabred vereinbar verleg verschieb"
    " verschob voraussicht vorbehalt vorübergeh warte wechsel weihnacht wetter winter witterung woch zeit"
    " zusätz zweimal öffn"
)
# Compounds of „Stunde“ and „Tag“ that name an offer, not a time.
_OFFERS: Final = (
    "sprechstunde",
    "sprechstunden",
    "mittagstisch",
    "frühstück",
    "tagespflege",
    "elterncafé",
    "freizeit",
)
_OF_AN_AGE: Final = ("kind", "kids", "jugend", "teen", "mädchen", "jungen", "schüler", "klasse", "alter")
_KNOWN: Final = frozenset().union(
    lexicon.WEEKDAYS, lexicon.MONTHS, lexicon.DAYS_WITH_PART, lexicon.PARTS, lexicon.ORDINALS, lexicon.DAILY,
    lexicon.WORKDAYS, lexicon.WEEKEND, lexicon.PUBLIC_HOLIDAYS, lexicon.SCHOOL_HOLIDAYS, lexicon.SCHOOL_TIME,
    lexicon.EVEN, lexicon.ODD, lexicon.WEEK, lexicon.PAUSES, lexicon.CLOSED, lexicon.EXCEPT,
    lexicon.FIXED_DAYS,
)  # fmt: skip


def is_harmless(word: str) -> bool:
    """Whether a word can stand in a remark without touching the times."""
    if word in _TELLING_WORDS or word in _KNOWN:
        return False
    if word.endswith(_OFFERS):
        return True
    return not any(part in word for part in _TELLING_PARTS)


@attempt
def clause(cursor: Cursor) -> str | None:
    """Read harmless words up to the end of their clause."""
    start = cursor.position
    while (
        not cursor.at_end and cursor.peek().text not in _ENDS_OF_A_CLAUSE and cursor.peek().kind != Kind.BREAK
    ):
        if not _take(cursor):
            return None
    said = cursor.since(start)
    return said if said and said.casefold() != "am" else None  # 9:00-11:00 am


@attempt
def name(cursor: Cursor, also: frozenset[str] = frozenset()) -> str | None:
    """Read harmless words and nothing else: what takes place."""
    start = cursor.position
    while _harmless(cursor) or cursor.word(also):
        cursor.sign("-&/")
    return cursor.since(start) or None


@attempt
def rest(cursor: Cursor) -> str | None:
    """Read harmless words to the end of the text."""
    start = cursor.position
    if cursor.peek().kind != Kind.WORD:
        return None
    while not cursor.at_end:
        if not (_take(cursor) or cursor.take(Kind.BREAK)):
            return None
    return cursor.since(start) or None


def _take(cursor: Cursor) -> bool:
    return _harmless(cursor) or cursor.sign(_SIGNS_OF_TEXT) is not None


def _harmless(cursor: Cursor) -> bool:
    if cursor.words({"vor"}, {"ort"}):
        return True
    token = cursor.peek()
    return token.kind == Kind.WORD and is_harmless(token.text) and cursor.take(Kind.WORD) is not None


@attempt
def label(cursor: Cursor, *, at_start: bool) -> tuple[str, ...] | None:
    """Read „Kleiderkammer:“; at the start of a text a label may also stand on a line of its own.

    Returns the notes that it makes: none for a neutral one.
    """
    start = cursor.position
    cursor.skip(NEUTRAL)
    if cursor.position > start and _ends_label(cursor, at_start=at_start):
        return ()
    cursor.position = start
    said = name(cursor, NEUTRAL)
    is_short = said is not None and len(said.split()) <= _LONGEST_LABEL
    return (said,) if said and is_short and _ends_label(cursor, at_start=at_start) else None


def _ends_label(cursor: Cursor, *, at_start: bool) -> bool:
    if cursor.sign(":"):
        cursor.take(Kind.BREAK)
        return True
    return at_start and cursor.take(Kind.BREAK) is not None


def has_ages(notes: tuple[str, ...]) -> bool:
    """Whether notes name people of an age, so that bare numbers may be years."""
    return any(part in note.casefold() for note in notes for part in _OF_AN_AGE)
