"""No text becomes a formula where a CSV is opened, and every text comes back as it was."""

import csv
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.exports.guard import guarded, is_ours, unguarded

SIGNS = "=+-@＝＋－＠"
tricky = st.text(st.sampled_from([*SIGNS, *"'\",;|\t\r\n 049()./–a"]), max_size=16)


@settings(max_examples=500)
@given(st.one_of(tricky, st.text()))
def test_every_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@settings(max_examples=500)
@given(tricky)
def test_nothing_begins_to_calculate_whatever_separator_is_guessed(text: str) -> None:
    for cell in re.split(r"[,;\t\r\n]", guarded(text)):
        begin = cell.lstrip(' "')
        assert begin[:1] not in set(SIGNS) or re.fullmatch(r"[+-][0-9 ()/.–-]+", begin), cell


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@given(st.lists(tricky.map(lambda text: " ".join(text.splitlines())), min_size=1, max_size=4))
def test_no_program_finds_a_formula_in_a_line(delimiter: str, texts: list[str]) -> None:
    line = ";".join('"' + guarded(text).replace('"', '""') + '"' for text in texts)
    for row in csv.reader([line], delimiter=delimiter):
        for cell in row:
            assert cell.lstrip(' "')[:1] not in {"=", "@", "＝", "＠"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+49 30 123-45", "+49 30 123-45"),
        ("+49 (30) 123 / 45", "+49 (30) 123 / 45"),
        ("+493012345", "+493012345"),
        ("-5", "-5"),
        ("Tel.: +49 30 1", "Tel.: +49 30 1"),
        ("a - b = c", "a - b = c"),
        # Excel would make 19 - 123 of it.
        ("+49-30-123", "'+49-30-123"),
        ("- Liste\n- mehr", "'- Liste\n'- mehr"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ('gut;"=1+1"', 'gut;"\'=1+1"'),
        ("\t=1", "'\t'=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'s ist gut", "'s ist gut"),
    ],
)
def test_only_what_is_dangerous_gets_an_apostrophe(text: str, expected: str) -> None:
    assert guarded(text) == expected


def test_lists_of_others_keep_their_apostrophes() -> None:
    assert is_ours(["Schlüssel", "Angebot", "Name", "In der Landkarte"])
    assert not is_ours(["Schlüssel", "Angebot", "Name"])
