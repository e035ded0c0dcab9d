"""Why a text is not understood."""

from enum import StrEnum


class Doubt(StrEnum):
    """What stands in the way; the text is then kept as it is, for a person to read."""

    TOO_LONG = "too_long"
    WORDS = "words"  # words or signs that have no place in the grammar
    NOTHING = "nothing"  # no days with times in it
    CLOCK = "clock"  # times that do not exist, or that people hardly mean: 25 Uhr, 9–5 Uhr
    RHYTHM = "rhythm"  # „jeden 2. Mittwoch“ may be of the month, or every other one
    NO_ANCHOR = "no_anchor"  # „alle 14 Tage“, but nobody says since when
    SCOPE = "scope"  # to which of the lines does it belong?
    CONTRADICTION = "contradiction"  # two statements about the same time
    TWO_READINGS = "two_readings"  # prose and opening_hours differ, and it could be either
    NOT_EXPRESSIBLE = "not_expressible"  # clear to people, but no rule can say it


class NotUnderstoodError(Exception):
    """Reading stops; at is the place in the cleaned text where that is known."""

    def __init__(self, doubt: Doubt, at: int | None = None) -> None:
        super().__init__(doubt.value)
        self.doubt, self.at = doubt, at
