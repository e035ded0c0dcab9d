"""German words folded, cut to addresses and tidied."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.core.text import clean, fold, slugify


def test_folds_umlauts_accents_and_sharp_s() -> None:
    assert fold("Straße für Äpfel, Öl & Übermut: Café") == "strasse fuer aepfel, oel & uebermut: cafe"


def test_folds_composed_and_decomposed_letters_alike() -> None:
    assert fold("Mu\u0308ller") == fold("Müller") == "mueller"


@given(st.text())
@example("℡")
@example("ǽ")
@example("ẞ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_an_address_is_made_of_folded_words() -> None:
    assert slugify("Elterncafé „Größe 38“ – Straße 5") == "elterncafe-groesse-38-strasse-5"


def test_a_name_without_latin_letters_still_gets_an_address() -> None:
    assert slugify("ملتقى") == "angebot"


def test_an_address_ends_at_a_whole_word() -> None:
    assert slugify("Beratung für Familien", limit=14) == "beratung-fuer"


def test_a_word_longer_than_an_address_is_cut() -> None:
    assert slugify("Donaudampfschifffahrt", limit=5) == "donau"


@given(st.text(), st.integers(len("angebot"), 90))
def test_an_address_is_short_plain_and_stable(text: str, limit: int) -> None:
    slug = slugify(text, limit)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= limit
    assert slugify(slug, limit) == slug


def test_tidies_blanks_and_keeps_paragraphs() -> None:
    assert clean("  Mo\u00a0 bis  Fr \r\n\r\n\r\n\r\n nach\u00admittags\u200b ") == "Mo bis Fr\n\nnachmittags"


def test_a_tabulator_parts_words() -> None:
    assert clean("Mo\t9–12 Uhr") == "Mo 9–12 Uhr"


@pytest.mark.parametrize(
    "text", ["\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "👨\u200d👩\u200d👧", "\u200fمرحبا (AWO)"]
)
def test_letters_stay_joined_as_they_were(text: str) -> None:
    assert clean(text) == text


@given(st.text())
@example("e\u200d\u0301")
def test_tidying_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not {
        c for c in once if c not in "\n\u200c\u200d\u200e\u200f" and unicodedata.category(c)[0] == "C"
    }
    assert "\x00" not in once
