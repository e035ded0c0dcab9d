"""Telephone numbers: what can be dialled is left alone, what cannot is noticed however it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.doubts.models import Kind
from importers.checking.phones import judge

AREAS = ("30", "40", "69", "89", "202", "221", "2302", "4841", "33633")
SAMPLES = ("3023125", "6990009", "4066969", "2214710", "8999998")
GAPS = st.sampled_from(["", " ", "-", "/", " / ", " - ", "."])


def is_sample(digits: str) -> bool:
    """By hand, as slowly as it may be: placeholders are no part of what these properties are about."""
    same = any(digits[-6:] == figure * 6 for figure in "0123456789")
    counted = any(digits.endswith(end) for end in ("123456", "34567", "45678", "56789", "67890", "54321"))
    return same or counted or digits.startswith(SAMPLES)


@st.composite
def landlines(draw: st.DrawFn) -> tuple[str, str]:
    """An area code without its zero, and a number in it."""
    area = draw(st.sampled_from(AREAS))
    size = draw(st.integers(max(4, 6 - len(area)), 11 - len(area)))
    rest = draw(st.text("123456789", min_size=1, max_size=1)) + draw(
        st.text("0123456789", min_size=size - 1, max_size=size - 1)
    )
    return area, rest


@st.composite
def spelled(draw: st.DrawFn, area: str, rest: str) -> str:
    """One of the ways in which people write a number."""
    cut = draw(st.integers(1, len(rest)))
    gap, inner = draw(GAPS), draw(st.sampled_from(["", " ", "-"]))
    local = f"{rest[:cut]}{inner}{rest[cut:]}" if cut < len(rest) else rest
    start = draw(st.sampled_from([f"0{area}", f"(0{area})", f"+49 {area}", f"+49 (0){area}", f"0049 {area}"]))
    return f"{start}{gap}{local}"


@given(st.data())
def test_a_number_that_can_be_dialled_is_left_alone_however_it_is_written(data: st.DataObject) -> None:
    area, rest = data.draw(landlines().filter(lambda one: not is_sample("".join(one))))
    assert judge(data.draw(spelled(area, rest))) is None


@given(st.data())
def test_a_sample_number_is_noticed_however_it_is_written(data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(SAMPLES))
    end = data.draw(st.integers(0, 999).map("{:03}".format))
    cut = 3 if start.startswith("221") else 2
    verdict = judge(data.draw(spelled(start[:cut], start[cut:] + end)))
    assert verdict is not None
    assert verdict.kind == Kind.PHONE_PLACEHOLDER


@given(st.data())
def test_without_its_zero_a_number_reaches_nobody(data: st.DataObject) -> None:
    area, rest = data.draw(landlines().filter(lambda one: not is_sample("".join(one))))
    if re.fullmatch(r"11[0257]|116\d{3}|118\d{2,3}|19\d{3}", area + rest):
        return
    verdict = judge(f"{area} {rest}")
    assert verdict is not None
    assert verdict.kind == Kind.PHONE_NO_CODE


@given(st.data())
def test_the_country_and_a_zero_are_too_much_and_what_is_proposed_is_right(data: st.DataObject) -> None:
    area, rest = data.draw(landlines().filter(lambda one: not is_sample("".join(one))))
    verdict = judge(data.draw(st.sampled_from(["+49 ", "0049 ", "+49"])) + f"0{area} {rest}")
    assert verdict is not None
    assert verdict.kind == Kind.PHONE_EXTRA_ZERO
    assert verdict.instead is not None
    assert judge(verdict.instead) is None


@given(st.text(max_size=60))
def test_any_text_has_a_verdict_or_none(said: str) -> None:
    verdict = judge(said)
    assert verdict is None or verdict.kind.value.startswith("phone_")


@given(st.text(max_size=60))
def test_what_is_proposed_is_never_doubted_again(said: str) -> None:
    verdict = judge(said)
    if verdict is not None and verdict.instead is not None:
        following = judge(verdict.instead)
        assert following is None or following.instead != verdict.instead


@pytest.mark.parametrize(
    "said",
    [
        "110", "112", "115", "116 117", "116111", "030 115", "0202 115", "19222", "0800 1110111",
        "0800 111 0 333", "0180 5 12 39 87", "0151 23456781", "+43 1 58858", "+48 22 123 45 67 8",
        "030/9025-0", "(0 23 02) 58 10", "030 90296-7722 und 030 90296 7723",
        "Tel.: 030 – 902 967 722 (Frau am Empfang)",
    ],
)  # fmt: skip
def test_these_are_right(said: str) -> None:
    assert judge(said) is None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("siehe Internet", Kind.PHONE_UNREADABLE),
        ("12", Kind.PHONE_SHORT),
        ("030 12", Kind.PHONE_SHORT),
        ("0151 23987", Kind.PHONE_SHORT),
        ("0151 2345678123", Kind.PHONE_LONG),
        ("030 9029677220309029", Kind.PHONE_LONG),
        ("030902967722030902967723", Kind.PHONE_LONG),
        ("90296 7722", Kind.PHONE_NO_CODE),
        ("581 17", Kind.PHONE_NO_CODE),
        ("030 123456", Kind.PHONE_PLACEHOLDER),
        ("0123456789", Kind.PHONE_PLACEHOLDER),
        ("0000 000000", Kind.PHONE_PLACEHOLDER),
        ("030 90296-7722, 0000/000000", Kind.PHONE_PLACEHOLDER),
        ("+49 030 90296-7722", Kind.PHONE_EXTRA_ZERO),
        ("+43 1", Kind.PHONE_SHORT),
    ],
)
def test_these_are_not(said: str, kind: Kind) -> None:
    verdict = judge(said)
    assert verdict is not None
    assert verdict.kind == kind


def test_a_lost_plus_is_proposed_and_the_words_around_stay() -> None:
    verdict = judge("Büro: 49 30 90296-7722 (vormittags)")
    assert verdict is not None
    assert verdict.instead == "Büro: +49 30 90296-7722 (vormittags)"
