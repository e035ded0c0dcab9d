"""From a text as it was pasted to tokens: words, numbers, clock times, dates, signs and line breaks."""

import html
import re
from enum import StrEnum
from typing import Final, NamedTuple

from api.core.text import clean


class Kind(StrEnum):
    """What a token is by its letters alone."""

    DATE = "date"  # 1.4. or 1.4.2027: a day and a month that exist, each with its full stop
    CLOCK = "clock"  # 7.15, 7:15, 7h15
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    BREAK = "break"


class Token(NamedTuple):
    """Part of a text; words are folded for comparison, the place leads back to how they were written."""

    kind: Kind
    text: str
    start: int
    end: int


_BREAK_TAGS: Final = re.compile(r"<\s*/?\s*(?:br|p|div|li|tr|ul|table)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG: Final = re.compile(
    r"</?(?:a|abbr|b|big|em|font|h[1-6]|i|img|o:p|small|span|strong|sub|sup|tbody|td|th|thead|time|u)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_RAISED: Final = re.compile("(?<=[0-9])[⁰¹²³⁴⁵⁶⁷⁸⁹]{2}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])")
_LOWERED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_DASHES: Final = re.compile("[‐‑‒–—―−﹣－-]+")
_TOKEN: Final = re.compile(
    r"""
      (?P<date>(?<![\d.,:])(?:0?[1-9]|[12]\d|3[01])\.[ ]?(?:0?[1-9]|1[0-2])\.
               (?:[ ]?(?:19|20)\d\d(?!\d)|\d\d(?![\d:.]))?)
    | (?P<clock>(?<![\d.:])\d{1,2}(?:[.:]|h(?=\d\d))\d\d(?![\d:]|[.]\d))
    | (?P<number>[0-9]+)
    | (?P<word>[^\W\d_]+)
    | (?P<break>\n+)
    | (?P<sign>\|\||\S)
    """,
    re.VERBOSE,
)


def tidy(text: str) -> str:
    """Return text without HTML, with one kind of dash, raised minutes on the line, and blanks in order."""
    plain = _TAG.sub(" ", _BREAK_TAGS.sub("\n", html.unescape(text)))
    # Minutes before anything else: a normal form would make 830 of 8³⁰.
    clocks = _RAISED.sub(lambda found: ":" + found[0].translate(_LOWERED), plain)
    return clean(_DASHES.sub("-", clocks))


def tokens(tidied: str) -> tuple[Token, ...]:
    """Return the tokens of a tidied text; together they cover everything but blanks."""
    return tuple(
        Token(Kind(str(found.lastgroup)), found[0].casefold(), found.start(), found.end())
        for found in _TOKEN.finditer(tidied)
    )
