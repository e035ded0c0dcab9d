"""House numbers as people write them: "12a", "Nr. 12 a-14", "3 ½", "Hs. 7"."""

import re
from dataclasses import dataclass
from typing import Final

_HALVES: Final = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4"})
_ALONE: Final = r"(?![^\W_])"  # neither letter nor digit follows
_LETTER: Final = rf"\s?[a-z]\d?{_ALONE}"
_FRACTION: Final = rf"\s[1-9]/[2-9]{_ALONE}"
_TO: Final = r"\s*(?:-|–|—|/|\+|&|,|\bbis\b|\bu\.|\bund\b)\s*"
_LAST: Final = rf"(?:\d{{1,4}}(?:{_LETTER})?{_ALONE}|[a-z]{_ALONE})"
_WORD: Final = r"(?:(?:\bhaus|\bhs\.?)\s*)?(?:(?:\bhausnummer|\bhausnr\.?|\bhnr\.?|\bnr\.?|\bno\.?)\s*)?"
_NUMBER: Final = (
    rf"(?<![\d/]){_WORD}(?<![\d/])(?P<number>[1-9]\d{{0,3}})(?P<suffix>{_FRACTION}|{_LETTER}|)"
    rf"(?P<until>(?:{_TO}{_LAST})*)(?:\s?ff?\.?{_ALONE})?[\s.]*"
)
AT_END: Final = re.compile(rf"{_NUMBER}$", re.IGNORECASE)
_WHOLE: Final = re.compile(rf"\s*{_NUMBER}", re.IGNORECASE)


@dataclass(frozen=True)
class HouseNumber:
    """A number with what distinguishes houses that share it, and the last one where several are meant."""

    number: int
    suffix: str = ""  # "a", "1/2"; "/1" is a house behind another
    until: str = ""  # "14", "c", "14a"

    def __str__(self) -> str:
        """Return the number as it is written: "12 a–14"."""
        gap = "" if not self.suffix or self.suffix.startswith("/") else " "
        return f"{self.number}{gap}{self.suffix}{f'–{self.until}' if self.until else ''}"

    @property
    def last(self) -> int:
        """Return the last number that is meant; the number itself if it is the only one."""
        digits = re.match(r"\d+", self.until)
        return int(digits[0]) if digits else self.number

    @property
    def ends(self) -> list[tuple[int, str]]:
        """Return number and suffix of the first and the last house that is meant."""
        last = (self.last, re.sub(r"^\d+", "", self.until)) if self.until else (self.number, self.suffix)
        return list(dict.fromkeys(((self.number, self.suffix), last)))


def plain(text: str) -> str:
    """Return a text in which fractions are written with a stroke."""
    return text.translate(_HALVES)


def of(found: re.Match[str]) -> HouseNumber:
    """Return the number that AT_END has found."""
    number, suffix = int(found["number"]), _tidy(found["suffix"])
    until = _tidy(re.split(_TO, found["until"], flags=re.IGNORECASE)[-1])
    behind = re.fullmatch(r"\s*/\s*(\d+)", found["until"])
    if behind and not suffix and int(behind[1]) <= number:
        return HouseNumber(number, f"/{int(behind[1])}")  # "12/1"; "12/14" are two houses
    return HouseNumber(number, suffix, until)


def read(text: str) -> HouseNumber | None:
    """Return the house number that a cell of its own holds; None if it holds something else."""
    found = _WHOLE.fullmatch(plain(text))
    return of(found) if found else None


def _tidy(part: str) -> str:
    return "".join(part.lower().split())
