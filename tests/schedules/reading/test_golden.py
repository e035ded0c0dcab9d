"""Texts that a person has read, real ones and our own: each is understood as by that person, or flagged."""

import pytest

from api.schedules.reading import read
from tests.schedules.reading.golden import Case, apart, cases, meant

REAL = cases("golden.csv")
OWN = cases("own.csv")
# Clear to a person, but not to our grammar; nothing may be added here without a reason.
NOT_YET = ("Die Lichtenberger Bezirksverordneten tagen",)  # an address with a postcode behind the times


@pytest.mark.parametrize("case", [*REAL, *OWN], ids=lambda case: case.text[:60])
def test_a_text_is_read_as_a_person_reads_it_or_flagged(case: Case) -> None:
    reading = read(case.text)
    assert reading.text == case.text
    if not reading.is_understood:
        assert reading.rules == ()
        assert case.expected == "verbatim" or case.text.startswith(NOT_YET)
        return
    expected = meant(case.expected)
    assert case.expected != "verbatim", reading
    assert apart(reading.rules) == apart(expected.rules)
    assert (reading.entry, reading.note) == (expected.entry, expected.note)


def test_nearly_all_real_texts_that_a_person_understands_are_understood() -> None:
    clear = [case for case in REAL if case.expected != "verbatim"]
    understood = [case for case in clear if read(case.text).is_understood]
    assert len(REAL) == 231
    assert len(clear) >= 220
    assert len(understood) >= 0.95 * len(clear)


def test_our_own_texts_hold_many_ways_to_write_and_many_traps() -> None:
    traps = [case for case in OWN if case.expected == "verbatim"]
    assert len(OWN) >= 200
    assert len(traps) >= 80
    assert len({case.text for case in OWN}) == len(OWN)
