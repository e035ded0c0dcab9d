"""Languages of the pages: catalogues read from .po files, addresses, how days and numbers are written."""

from collections.abc import Callable
from datetime import date
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal
from jinja2.filters import do_striptags

from api.core import catalogues
from api.core.languages import DEFAULT, LANGUAGES

CATALOGUES = Path(__file__).parent / "i18n"
# The words of the code are German, so German needs no catalogue; its pages have no prefix either.
PREFIXES = frozenset(LANGUAGES) - {DEFAULT}
# A number that is in the category of this name in every language that has one.
_SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


@cache
def translations(locale: str) -> NullTranslations:
    """Return the catalogue of a language; what it lacks stays German."""
    language = LANGUAGES[locale]
    if language.catalogue is None:
        return NullTranslations()
    return catalogues.read(CATALOGUES, language.catalogue, "messages", language.cldr)


def day(value: date, locale: str) -> str:
    """Return a date in words of the language: "1. Mai 2014"."""
    return format_date(value, "long", locale=LANGUAGES[locale].cldr)


def letters_of(weekday: int, locale: str) -> str:
    """Return a weekday (Monday: 0) in so few letters that it fits on a small button: "Mo"."""
    cldr = LANGUAGES[locale].cldr
    forms = (get_day_names("short", "stand-alone", cldr), get_day_names("abbreviated", "stand-alone", cldr))
    return min((str(form[weekday]) for form in forms), key=len)


def tenths(value: float, locale: str) -> str:
    """Return a number with one digit behind the sign that the language has for it: "1,5"."""
    return format_decimal(value, format="0.0", locale=LANGUAGES[locale].cldr)


def plural_samples(phrase: Callable[[int], str]) -> dict[str, tuple[int, str]]:
    """Return a phrase for a number of each plural category a language may have; scripts swap the number.

    Categories: CLDR, Plural Rules; js/plurals.js reads them.
    """
    return {category: (number, do_striptags(phrase(number))) for category, number in _SAMPLES.items()}


def localized(path: str, locale: str) -> str:
    """Return the path of a page in a language: "/angebote" → "/en/angebote"."""
    return path if locale == DEFAULT else f"/{locale}{path}"


def name_in(names: dict[str, str], locale: str) -> str:
    """Return a vocabulary's word in a language, else in German."""
    return names.get(locale) or names.get(DEFAULT, "")
