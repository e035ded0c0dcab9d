"""How each language makes sentences about times; what it is called and written is in api.core.languages."""

from typing import Final, NamedTuple

from api.core.languages import LANGUAGES, Language


class Manner(NamedTuple):
    """What a language does in its own way; words are in its catalogue, names of days and months in CLDR."""

    after: str = "; "  # between the lines of a timetable
    is_simple: bool = False  # Einfache Sprache: each thought is a sentence of its own
    says_full_hours: bool = False  # „9 Uhr“ rather than 9:00
    abbreviates: bool = True  # weekdays, in short forms
    lowers_names: bool = False  # CLDR has "Salı", running text „salı“
    feminine: frozenset[int] = frozenset()  # weekdays with which „first“ has another ending


MANNERS: Final[dict[str, Manner]] = {
    "de": Manner(says_full_hours=True),
    "de-simple": Manner(is_simple=True, says_full_hours=True, abbreviates=False),
    "en": Manner(),
    "tr": Manner(lowers_names=True),
    "ar": Manner(after="؛ ", abbreviates=False),
    "uk": Manner(feminine=frozenset({2, 4, 5, 6})),
}


def of(code: str) -> tuple[Language, Manner]:
    """Return a language and its manner; KeyError for one that does not speak yet."""
    return LANGUAGES[code], MANNERS[code]
