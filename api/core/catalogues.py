"""Catalogues of translations, read from the .po files that translators edit."""

from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def read(folder: Path, language: str, domain: str, locale: str) -> GNUTranslations:
    """Return the catalogue at folder/language/LC_MESSAGES/domain.po, with the plural rules of a CLDR locale.

    Raises OSError where there is none.
    """
    with (folder / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
