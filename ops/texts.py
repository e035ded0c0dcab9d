"""Brings the catalogues up to date with the German texts of code and templates, and names what is missing."""

import sys
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

WEB: Final = Path(__file__).resolve().parents[1] / "web"
# No dates and no names: a catalogue changes only when its texts change.
HEADER: Final = """\
# Texts of the Unterstützungs-Landkarte in the language "{locale}". The keys are the German texts.
# After a change of texts: python -m ops.texts
msgid ""
msgstr ""
"Project-Id-Version: unterstuetzungs-landkarte\\n"
"Language: {locale}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def main() -> int:
    """Update every catalogue under web/i18n and print what each of them lacks."""
    template = extracted()
    for path in catalogues():
        catalogue = updated(path, template)
        path.write_bytes(written(catalogue))
        lacking = missing(catalogue)
        print(f"{catalogue.locale_identifier}: {len(template)} Texte, {len(lacking)} noch nicht übersetzt")
        for text in lacking:
            print(f"    {text}")
    return 0


def catalogues() -> list[Path]:
    """Return the .po files of all languages."""
    return sorted((WEB / "i18n").glob("*/LC_MESSAGES/messages.po"))


def extracted() -> Catalog:
    """Return every German text of code and templates, in the order of the files."""
    with (WEB / "i18n" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(charset="utf-8")
    for _path, _line, text, _comments, context in extract_from_dir(WEB, methods, options, DEFAULT_KEYWORDS):
        found.add(text, context=context)
    return found


def read(path: Path) -> Catalog:
    """Return a catalogue as it stands in its file; its folder names its language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name)


def updated(path: Path, template: Catalog) -> Catalog:
    """Return a catalogue with exactly the template's texts; a new one is empty, never a guess."""
    catalogue = read(path)
    catalogue.update(template, no_fuzzy_matching=True)
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file shall read; texts that nobody uses any more are left out."""
    head = HEADER.format(locale=catalogue.locale_identifier, plural_forms=catalogue.plural_forms)
    body = BytesIO()
    write_po(body, catalogue, width=0, no_location=True, omit_header=True, ignore_obsolete=True)
    return head.encode() + body.getvalue().strip(b"\n") + b"\n"


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts that have no translation, or not one for each plural form of the language."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and not is_complete(message, catalogue.num_plurals)
    ]


def is_complete(message: Message, plurals: int) -> bool:
    """Tell whether a text is translated, with all plural forms if it has any."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [])
    return len(forms) == (plurals if message.pluralizable else 1) and all(forms)


if __name__ == "__main__":
    sys.exit(main())
