"""Every text about times is there in every language, in all its forms and with all its placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir

from api.core.languages import LANGUAGES
from api.schedules.saying.voice import CATALOGUES, voice
from ops import texts

TRANSLATED = sorted(language.catalogue for language in LANGUAGES.values() if language.catalogue)
FOREIGN = ("{reason}", "{place}")  # names and notes, which stay German


def path(folder: str) -> Path:
    return CATALOGUES / folder / "LC_MESSAGES" / "schedules.po"


def extracted() -> Catalog:
    """Return every German text of the code, in the order of the files."""
    found = Catalog(charset="utf-8")
    files = extract_from_dir(CATALOGUES.parent, [("**.py", "python")], {}, DEFAULT_KEYWORDS)
    for _path, _line, text, _comments, context in files:
        found.add(text, context=context)
    return found


def messages(folder: str) -> list[Message]:
    return [message for message in texts.read(path(folder)) if message.id]


def forms(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(form) for form in value or ()]  # type: ignore[attr-defined]


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", text))


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert sorted(folder.name for folder in CATALOGUES.iterdir()) == TRANSLATED


@pytest.mark.parametrize("folder", TRANSLATED)
def test_catalogue_holds_exactly_the_texts_in_use(folder: str) -> None:
    used = {(message.context, message.id) for message in extracted() if message.id}
    assert {(message.context, message.id) for message in messages(folder)} == used
    assert not texts.read(path(folder)).obsolete


@pytest.mark.parametrize("folder", TRANSLATED)
def test_every_text_is_translated_in_all_its_forms(folder: str) -> None:
    assert texts.missing(texts.read(path(folder))) == []
    assert [message.id for message in messages(folder) if message.fuzzy] == []


@pytest.mark.parametrize("folder", TRANSLATED)
def test_translations_keep_placeholders(folder: str) -> None:
    for message in messages(folder):
        german, translated = forms(message.id), forms(message.string)
        for form in translated:
            # „Every week“ and the Arabic „two weeks“ say their number without a figure.
            assert placeholders(form) in [placeholders(original) for original in german], message.id
        assert placeholders(translated[-1]) == placeholders(german[-1]), message.id


@pytest.mark.parametrize("folder", TRANSLATED)
def test_catalogue_says_that_nobody_has_checked_it_and_reads_as_babel_writes_it(folder: str) -> None:
    head, _, body = path(folder).read_text(encoding="utf-8").partition("\n\n")
    assert "has checked these texts yet" in head
    _, _, written = texts.written(texts.read(path(folder))).decode().partition("\n\n")
    assert body == written


@pytest.mark.parametrize(
    ("folder", "plurals"), [("de_simple", 2), ("en", 2), ("tr", 2), ("ar", 6), ("uk", 3)]
)
def test_catalogue_has_the_plurals_of_its_language(folder: str, plurals: int) -> None:
    assert texts.read(path(folder)).num_plurals == plurals


def test_arabic_isolates_names_in_latin_letters() -> None:
    for message in messages("ar"):
        for form in forms(message.string):
            for name in FOREIGN:
                assert name not in form or f"\u2068{name}\u2069" in form, form


def test_arabic_has_no_latin_letters_and_ukrainian_has_its_own_apostrophe() -> None:
    for folder, letters in (("ar", r"[A-Za-z]"), ("uk", r"[A-Za-zыэъё'’]")):
        for message in messages(folder):
            for form in forms(message.string):
                assert not re.search(letters, re.sub(r"\{\w+\}", "", form)), form


def test_turkish_begins_with_its_own_capital() -> None:
    assert voice("tr").capital("iptal") == "İptal"
