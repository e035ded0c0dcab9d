"""Whether a telephone number can be dialled, by the form of German numbers alone.

Nobody is called. Lengths are those of E.164 and of the Bundesnetzagentur's plan for +49; numbers of other
countries are only measured. Sample numbers are the landline ones that it keeps free for films and books
(Mitteilung 148/2021).
"""

import re
from typing import Final, NamedTuple

from api.doubts.models import Kind
from importers.contacts import phones

_NO_DIGIT: Final = re.compile(r"\D")
_ABROAD: Final = re.compile(r"\+|00(?=[1-9])")
_TRUNK: Final = re.compile(r"\(0\)")
# Without any code: emergency, offices, social value, information, and the old five digits of taxis.
_SHORT_ONES: Final = re.compile(r"11[0257]|116\d{3}|118\d{2,3}|19\d{3}")
# 115 is reached with the area code, too.
_OFFICE: Final = re.compile(r"[2-9]\d{1,4}115")
_SAMPLES: Final = re.compile(r"3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3}|15228817386")
_SAME: Final = re.compile(r"(\d)\1{5}$")
_COUNTED: Final = ("123456", "1234567", "12345678", "123456789", "234567890", "654321", "987654321")
FEWEST_LOCAL, MOST_LOCAL = 6, 13  # digits without the zero; longer ones are more than E.164 can hold
FEWEST_ABROAD, MOST_ABROAD = 7, 15  # with the code of the country
FEWEST_MOBILE, MOST_MOBILE = 10, 11
LONGEST_LOCAL_ALONE: Final = 8  # what has more digits and no zero has lost it, see _without_plus
COUNTRY: Final = "49"


class Verdict(NamedTuple):
    """What is wrong with a number, and how it would be right where that is sure."""

    kind: Kind
    digits: int
    instead: str | None = None


def judge(said: str) -> Verdict | None:
    """Return what is wrong with what stands in the field of a telephone number, of several with the first."""
    numbers = phones(said)
    if not numbers:
        digits = _NO_DIGIT.sub("", said)
        is_short = bool(_SHORT_ONES.fullmatch(digits))
        return None if is_short else Verdict(_without_number(digits), len(digits))
    for number in numbers:
        if verdict := _judge_one(number):
            instead = None if verdict.instead is None else said.replace(number, verdict.instead)
            return verdict._replace(instead=instead)
    return None


def _without_number(digits: str) -> Kind:
    if len(digits) > MOST_ABROAD:
        return Kind.PHONE_LONG
    return Kind.PHONE_SHORT if digits else Kind.PHONE_UNREADABLE


def _judge_one(number: str) -> Verdict | None:
    digits = _NO_DIGIT.sub("", number)
    if _ABROAD.match(number):
        with_code = _NO_DIGIT.sub("", _TRUNK.sub("", number))
        with_code = with_code.removeprefix("00")
        if not with_code.startswith(COUNTRY):
            return _measured(with_code, FEWEST_ABROAD, MOST_ABROAD)
        return _german(with_code.removeprefix(COUNTRY), number)
    if digits.startswith("0"):
        return _national(digits[1:])
    if _SHORT_ONES.fullmatch(digits):
        return None
    if _is_placeholder(digits):
        return Verdict(Kind.PHONE_PLACEHOLDER, len(digits))
    return Verdict(Kind.PHONE_NO_CODE, len(digits), _without_plus(number, digits))


def _german(rest: str, number: str) -> Verdict | None:
    if rest.startswith("0"):
        instead = re.sub(r"^((?:\+|00)\s*49\D*)0", r"\1", number)
        return Verdict(Kind.PHONE_EXTRA_ZERO, len(rest), instead if instead != number else None)
    return _national(rest)


def _national(digits: str) -> Verdict | None:
    """Judge a number without the zero or the code of the country before it."""
    if _is_placeholder(digits):
        return Verdict(Kind.PHONE_PLACEHOLDER, len(digits))
    if _SHORT_ONES.fullmatch(digits) or _OFFICE.fullmatch(digits):
        return None
    if digits.startswith(("15", "16", "17")):
        return _measured(digits, FEWEST_MOBILE, MOST_MOBILE)
    return _measured(digits, FEWEST_LOCAL, MOST_LOCAL)


def _measured(digits: str, fewest: int, most: int) -> Verdict | None:
    if len(digits) < fewest:
        return Verdict(Kind.PHONE_SHORT, len(digits))
    return Verdict(Kind.PHONE_LONG, len(digits)) if len(digits) > most else None


def _is_placeholder(digits: str) -> bool:
    return bool(_SAMPLES.fullmatch(digits) or _SAME.search(digits)) or digits.endswith(_COUNTED)


def _without_plus(number: str, digits: str) -> str | None:
    """Return a number that begins with 49 and is long enough to be one with the code of the country."""
    is_whole = digits.startswith(COUNTRY) and len(digits) > LONGEST_LOCAL_ALONE + len(COUNTRY)
    return f"+{number}" if is_whole and digits[2] != "0" else None
