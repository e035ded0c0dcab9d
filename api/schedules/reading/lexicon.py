"""The words about days and times, folded by casefold(), so ß is ss: German, and those of opening_hours."""

from typing import Final


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


_DAYS: Final = (
    "mo montag montags montagen monday mon",
    "di dienstag dienstags dienstagen tu tue tues tuesday",
    "mi mittwoch mittwochs mittwochen we wed wednesday",
    "do donnerstag donnerstags donnerstagen th thu thur thurs thursday",
    "fr freitag freitags freitagen fri friday",
    "sa samstag samstags samstagen sonnabend sonnabends sonnabenden sat saturday",
    "so sonntag sonntags sonntagen su sun sunday",
)
_MONTHS: Final = (
    "jan januar jänner",
    "feb februar feber febr",
    "mar märz mär mrz",
    "apr april",
    "may mai",
    "jun juni",
    "jul juli",
    "aug august",
    "sep september sept",
    "oct oktober okt",
    "nov november",
    "dec dezember dez",
)
# From when to when a part of the day can last, in hours.
PARTS: Final = {
    "morgens": (5, 12),
    "morgen": (5, 12),
    "früh": (5, 12),
    "vormittags": (6, 13),
    "vormittag": (6, 13),
    "mittags": (11, 15),
    "mittag": (11, 15),
    "nachmittags": (12, 19),
    "nachmittag": (12, 19),
    "abends": (16, 24),
    "abend": (16, 24),
}
WEEKDAYS: Final = {word: weekday for weekday, words in enumerate(_DAYS) for word in words.split()}
MONTHS: Final = {word: month for month, words in enumerate(_MONTHS, 1) for word in words.split()}
# „Dienstagnachmittag“ is a day and a part of it.
DAYS_WITH_PART: Final = {
    name + part: (weekday, part)
    for name, weekday in WEEKDAYS.items()
    for part in PARTS
    if name.endswith(("tag", "woch", "abend"))
}
ORDINALS: Final = {
    stem + ending: nth
    for stem, nth in {
        "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "letzt": -1, "vorletzt": -2,
    }.items()
    for ending in ("e", "en", "er", "es", "em")
}  # fmt: skip

AND: Final = frozenset({"und", "u", "sowie"})
TO: Final = frozenset({"bis"})
FROM: Final = frozenset({"von", "vom"})
EACH: Final = frozenset({"jeden", "jeder", "jedem", "jedes", "jede", "immer", "jeweils"})
ARTICLES: Final = frozenset({"der", "die", "das", "dem", "den", "des"})
OCLOCK: Final = frozenset({"uhr", "h"})
OPEN: Final = frozenset({"geöffnet", "offen", "durchgehend", "auf"})

DAILY: Final = frozenset({"täglich", "tägl", "tgl", "daily"})
WORKDAYS: Final = frozenset({"werktags", "werktag", "werktagen", "werktäglich"})
WEEKEND: Final = frozenset({"wochenende", "wochenenden"})
PUBLIC_HOLIDAYS: Final = frozenset({"feiertags", "feiertag", "feiertage", "feiertagen", "ph"})
SCHOOL_HOLIDAYS: Final = frozenset({"ferien", "schulferien", "ferienzeit", "sh"})
SCHOOL_TIME: Final = frozenset({"schulzeit", "unterrichtszeit"})
FIXED_DAYS: Final = {
    "heiligabend": (12, 24),
    "weihnachten": None,
    "silvester": (12, 31),
    "neujahr": (1, 1),
}
EVEN: Final = frozenset({"gerade", "geraden", "gerader"})
ODD: Final = frozenset({"ungerade", "ungeraden", "ungerader"})
WEEK: Final = frozenset({"woche", "wochen", "kw", "kws", "kalenderwoche", "kalenderwochen"})
OF_MONTH: Final = frozenset({"monat", "monats", "monate"})
PAUSES: Final = words(
    "sommerpause winterpause weihnachtspause urlaub betriebsferien betriebsurlaub sommerschliesszeit"
    " sommerschliessung schliesszeit schliessung ferienpause pause"
)
CLOSED: Final = frozenset({"geschlossen", "zu", "off", "closed", "ruhetag", "schliesstag", "entfällt"})
EXCEPT: Final = frozenset({"ausser", "nicht", "ausgenommen", "ohne", "ausserhalb", "entfällt", "except"})

# What opening_hours and nobody else writes, and what both write.
OSM_ONLY: Final = words("tu we th su mar may oct dec ph sh off closed week")
LOOKING_LIKE_OSM: Final = frozenset({"di", "mi", "do", "so"})  # German days in the form of opening_hours
SHARED: Final = words("mo fr sa jan feb apr jun jul aug sep nov")
