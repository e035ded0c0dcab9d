"""What speaks: a language with its catalogue, and how it writes names, dates, times and lists."""

from collections.abc import Sized
from datetime import date, time
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from typing import Final, Literal, NamedTuple

from babel.dates import format_date, format_skeleton, get_day_names, get_month_names
from babel.lists import format_list

from api.core import catalogues
from api.core.languages import Language
from api.schedules.saying.languages import Manner, of

CATALOGUES: Final = Path(__file__).parent / "i18n"


class Voice(NamedTuple):
    """A language that speaks: `gettext` and its kin look up a German text and fill in its braces."""

    language: Language
    manner: Manner
    catalogue: NullTranslations
    is_short: bool = False  # for lists

    def gettext(self, text: str, **values: object) -> str:
        """Return a text of the catalogue."""
        return self.catalogue.gettext(text).format(**values)

    def pgettext(self, context: str, text: str, **values: object) -> str:
        """Return a text that German has in several meanings."""
        return self.catalogue.pgettext(context, text).format(**values)

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """Return a text in the form that goes with a number."""
        return self.catalogue.ngettext(one, many, n).format(n=n, **values)

    @staticmethod
    def some(things: Sized) -> int:
        """Return the number by which to choose a plural where the number itself is not said.

        Ukrainian 21 goes with the singular, but only behind „21“; nothing behind five has a form of its own.
        """
        return min(len(things), 5)

    def weekday(self, number: int, *, is_short: bool = False) -> str:
        """Return the name of a weekday: „Montag“, short „Mo“ where the language abbreviates."""
        if is_short and self.manner.abbreviates:
            return str(get_day_names("abbreviated", "stand-alone", self.language.cldr)[number])
        return self._name(get_day_names("wide", "stand-alone", self.language.cldr)[number])

    def weekday_of(self, day: date) -> str:
        """Return the weekday as it stands beside its date; there Turkish has a capital."""
        return format_date(day, "EEEE", locale=self.language.cldr)

    def month(self, number: int, *, alone: bool = False) -> str:
        """Return the name of a month; in Ukrainian that of dates is the genitive and alone the nominative."""
        context: Literal["stand-alone", "format"] = "stand-alone" if alone else "format"
        return self._name(get_month_names("wide", context, self.language.cldr)[number])

    def full_date(self, day: date) -> str:
        """Return a date: „3. März 2027“."""
        return format_date(day, "long", locale=self.language.cldr)

    def day_of_year(self, day: date) -> str:
        """Return a date without its year: „3. März“."""
        return str(format_skeleton("MMMMd", day, locale=self.language.cldr))

    def clock(self, moment: time, *, at_end: bool = False) -> str:
        """Return a time as doors in Germany show it: „9“, „9:30“, elsewhere 9:00; midnight ends at 24."""
        hour = 24 if at_end and moment.hour == moment.minute == 0 else moment.hour
        is_bare = self.manner.says_full_hours and not moment.minute
        return str(hour) if is_bare else f"{hour}:{moment.minute:02}"

    def all_of(self, words: list[str]) -> str:
        """Return words as a list: „a, b und c“."""
        return str(format_list(words, "standard", self.language.cldr))

    def one_of(self, words: list[str]) -> str:
        """Return words as a choice: „a, b oder c“."""
        return str(format_list(words, "or", self.language.cldr))

    def capital(self, text: str) -> str:
        """Return a text as it begins a sentence; Turkish has a capital i with a dot."""
        first = "İ" if self.language.cldr == "tr" and text[:1] == "i" else text[:1].upper()
        return first + text[1:]

    def text(self, lines: list[list[str]]) -> str:
        """Return lines, made of parts, as one text: a sentence, or in Einfache Sprache one for each part."""
        if self.manner.is_simple:
            said = " ".join(f"{self.capital(part)}." for parts in lines for part in parts)
            return said.replace("..", ".")  # „Am 13.“ has its full stop already
        return self.capital(self.manner.after.join(map(self.language.comma.join, lines)))

    def _name(self, name: str) -> str:
        return name.lower() if self.manner.lowers_names else name


@cache
def voice(locale: str, *, is_short: bool = False) -> Voice:
    """Return the voice of a language ("de-simple"); KeyError for one that does not speak yet."""
    language, manner = of(locale)
    return Voice(language, manner, _translations(language), is_short)


@cache
def _translations(language: Language) -> NullTranslations:
    if language.catalogue is None:
        return NullTranslations()
    return catalogues.read(CATALOGUES, language.catalogue, "schedules", language.cldr)
