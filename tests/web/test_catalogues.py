"""Every text of the pages is there in every language, in all its forms and with all its placeholders.

What fails names the language and how many texts are concerned.
"""

import re
from gettext import c2py

import pytest
from babel.messages.catalog import Catalog

from api.core.languages import LANGUAGES
from ops import texts
from tests.web.catalogues import TRANSLATED, catalogue, forms, messages
from web.language import CATALOGUES
from web.problems import PROBLEMS
from web.wish import MISTAKES
from web.words import LABELS

PLURALS = {"de-simple": 2, "en": 2, "tr": 1, "ar": 6, "uk": 3}
COUNTED = {"%(num)s"}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w+\}", text))


def markup(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]+>|&\w+;", text))


def said(code: str, found: list[str], what: str) -> str:
    return f"{LANGUAGES[code].autonym} ({code}): {len(found)} {what}: {found[:5]}"


def says_one_number(known: Catalog) -> list[bool]:
    """Return of each plural form whether it stands for a single number, which it need not show.

    Arabic has one for two; Ukrainian has none, its singular also goes with 21 and 31.
    """
    form_of = c2py(known.plural_expr)
    numbers = [[n for n in range(200) if form_of(n) == form] for form in range(known.num_plurals)]
    return [len(found) == 1 for found in numbers]


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    folders = sorted(path.parents[1].name for path in texts.catalogues())
    assert folders == sorted(str(LANGUAGES[code].catalogue) for code in TRANSLATED)


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_text_is_missing_and_none_stands_there_for_nothing(code: str) -> None:
    used = {str(message.id) for message in texts.extracted() if message.id}
    known = {str(message.id) for message in messages(code)}
    lacking, idle = sorted(used - known), sorted(known - used)
    assert not lacking, said(code, lacking, "texts missing (python -m ops.texts)")
    assert not idle, said(code, idle, "texts that nobody uses (python -m ops.texts)")
    assert not catalogue(code).obsolete


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_in_all_its_forms(code: str) -> None:
    lacking = texts.missing(catalogue(code))
    fuzzy = [forms(message.id)[0] for message in messages(code) if message.fuzzy]
    assert not lacking, said(code, lacking, "texts not translated")
    assert not fuzzy, said(code, fuzzy, "texts to look at again (fuzzy)")


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_placeholders_and_markup(code: str) -> None:
    is_single = says_one_number(catalogue(code))
    wrong = []
    for message in messages(code):
        german, translated = forms(message.id)[-1], forms(message.string)
        for number, form in enumerate(translated):
            may_go = COUNTED if message.pluralizable and is_single[number] else set()
            differ = placeholders(german) ^ placeholders(form)
            if differ - (may_go & placeholders(german)) or markup(form) != markup(german):
                wrong.append(f"{german} → {form}")
    assert not wrong, said(code, wrong, "texts with other placeholders or tags than the German ones")


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalogue_has_the_plurals_of_its_language(code: str) -> None:
    known = catalogue(code)
    assert known.num_plurals == PLURALS[code]
    wrong = [
        forms(message.id)[0]
        for message in messages(code)
        if len(forms(message.string)) != (PLURALS[code] if message.pluralizable else 1)
    ]
    assert not wrong, said(code, wrong, "texts with more or fewer plural forms")


@pytest.mark.parametrize("code", TRANSLATED)
def test_catalogue_reads_as_the_tool_would_write_it(code: str) -> None:
    path = CATALOGUES / str(LANGUAGES[code].catalogue) / "LC_MESSAGES" / "messages.po"
    assert path.read_bytes() == texts.written(texts.updated(path, texts.extracted()))


@pytest.mark.parametrize("code", TRANSLATED)
def test_words_that_are_chosen_by_a_code_are_in_the_catalogue(code: str) -> None:
    labels = [word for kind in LABELS.values() for word in kind.values()]
    problems = [text for problem in PROBLEMS.values() for text in (problem.title, problem.text)]
    known = catalogue(code)
    lacking = [text for text in (*labels, *problems, *MISTAKES.values()) if text not in known]
    assert not lacking, said(code, lacking, "words missing")


@pytest.mark.parametrize("code", [code for code in TRANSLATED if not LANGUAGES[code].is_german])
def test_no_german_sentence_was_copied(code: str) -> None:
    copied = [
        form
        for message in messages(code)
        for form in set(forms(message.id)) & set(forms(message.string))
        if len(re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", re.sub(r"%\(\w+\)s", "", form))) > 1
    ]
    assert not copied, said(code, copied, "texts still German")


def test_arabic_and_ukrainian_are_written_in_their_own_letters() -> None:
    wrong = {}
    for code, letters in (("ar", r"[А-Яа-яЁё]"), ("uk", r"[ыэъёЫЭЪЁ'’؀-ۿ]")):
        texts_of = [form for message in messages(code) for form in forms(message.string)]
        wrong[code] = [text for text in texts_of if re.search(letters, re.sub(r"<[^>]+>", "", text))]
    assert wrong == {"ar": [], "uk": []}
