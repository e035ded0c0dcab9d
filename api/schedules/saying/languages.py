"""Languages in which times can be said, and what each of them does in its own way."""

from typing import Final, NamedTuple


class Language(NamedTuple):
    """How a language writes; words are in its catalogue, names of days and months in CLDR."""

    locale: str  # of CLDR, by which Babel knows names and dates
    catalogue: str | None = None  # a folder of i18n; None: German, the language of the msgids
    between: str = ", "  # the parts of a sentence
    after: str = "; "  # the lines of a timetable
    is_simple: bool = False  # Einfache Sprache: each thought is a sentence of its own
    says_full_hours: bool = False  # „9 Uhr“ rather than 9:00
    abbreviates: bool = True  # weekdays, in short forms
    lowers_names: bool = False  # CLDR has "Salı", running text „salı“
    feminine: frozenset[int] = frozenset()  # weekdays with which „first“ has another ending


DEFAULT: Final = "de"
LANGUAGES: Final = {
    "de": Language("de", says_full_hours=True),
    # Babel takes de_simple for German, which is right for names and dates but not for the folder.
    "de-simple": Language(
        "de",
        "de_simple",
        is_simple=True,
        says_full_hours=True,
        abbreviates=False,
    ),
    "en": Language("en_GB", "en"),
    "tr": Language("tr", "tr", lowers_names=True),
    "ar": Language("ar", "ar", between="، ", after="؛ ", abbreviates=False),
    "uk": Language("uk", "uk", feminine=frozenset({2, 4, 5, 6})),
}
