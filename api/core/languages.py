"""The languages of an installation: what each is called, how it is written, how others know it."""

from typing import Final, Literal, NamedTuple

# As paths of pages, names in vocabularies and the API say them.
Code = Literal["de", "de-simple", "en", "tr", "ar", "uk"]


class Language(NamedTuple):
    """A language that pages speak."""

    autonym: str  # how its speakers call it
    tag: str  # BCP 47, for the attribute lang
    cldr: str  # by which Babel knows names, numbers, dates and plurals
    catalogue: str | None  # folder of translations; None: German, the language of the code
    is_german: bool = False  # who reads it reads the German words of offers, too
    is_rtl: bool = False
    comma: str = ", "  # between the words of a list

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Return the direction of writing, for the attribute dir."""
        return "rtl" if self.is_rtl else "ltr"

    @property
    def intl(self) -> str:
        """Return the tag by which a browser writes dates as our pages do: European, in Western digits."""
        return f"{self.cldr.replace('_', '-')}-u-nu-latn"


DEFAULT: Final = "de"
# In the order of the menu. To Babel and to screen readers Einfache Sprache is German.
LANGUAGES: Final[dict[str, Language]] = {
    "de": Language("Deutsch", "de", "de", None, is_german=True),
    "de-simple": Language("Einfache Sprache", "de", "de", "de_simple", is_german=True),
    "en": Language("English", "en", "en_GB", "en"),
    "tr": Language("Türkçe", "tr", "tr", "tr"),
    "ar": Language("العربية", "ar", "ar", "ar", is_rtl=True, comma="، "),
    "uk": Language("Українська", "uk", "uk", "uk"),
}
