"""Languages of the pages: catalogues read from .po files, and how each language writes dates."""

from datetime import date
from functools import cache
from gettext import NullTranslations
from pathlib import Path

from babel.dates import format_date

from api.core import catalogues

CATALOGUES = Path(__file__).parent / "i18n"
# Autonyms, in the order of the menu. The words of the code are German, so German needs no catalogue.
LANGUAGES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"
# Dates of a language that is written in many countries: as in Europe.
REGIONAL = {"en": "en_GB"}


@cache
def translations(locale: str) -> NullTranslations:
    """Return the catalogue of a language; what it lacks stays German."""
    if locale == DEFAULT:
        return NullTranslations()
    return catalogues.read(CATALOGUES, locale, "messages", locale)


def day(value: date, locale: str) -> str:
    """Return a date in words of the language: "1. Mai 2014"."""
    return format_date(value, "long", locale=REGIONAL.get(locale, locale))


def localized(path: str, locale: str) -> str:
    """Return the path of a page in a language: "/angebote" → "/en/angebote"."""
    return path if locale == DEFAULT else f"/{locale}{path}"


def name_in(names: dict[str, str], locale: str) -> str:
    """Return a vocabulary's word in a language, else in German."""
    return names.get(locale) or names.get(DEFAULT, "")
