"""What follows from the evidence: linked, asked about, or new."""

from enum import StrEnum
from typing import Final

from importers.matching.evidence import Evidence
from importers.matching.names import Alike

# Chosen on the training half of the labelled pairs, measured on the other: docs/reference/dubletten.md
CERTAIN: Final = 8.0
DOUBTFUL: Final = 5.0


class Verdict(StrEnum):
    """How sure it is that a row means an offer that is there already."""

    NEW = "new"
    CERTAIN = "certain"
    DOUBTFUL = "doubtful"


def judge(
    evidence: Evidence, *, is_hidden: bool = False, certain: float = CERTAIN, doubtful: float = DOUBTFUL
) -> Verdict:
    """Return what the evidence alone says.

    No link without the same name and a place or a contact, and none against a contradiction. Where one
    address is hidden, only number or mail address can tell, and a person decides.
    """
    if evidence.score < doubtful or (is_hidden and not evidence.is_found_there):
        return Verdict.NEW
    is_called_so = evidence.alike in (Alike.SAME, Alike.NEARLY)
    is_sure = is_called_so and evidence.is_found_there and not evidence.has_contradiction
    if evidence.score < certain or is_hidden or not is_sure:
        return Verdict.DOUBTFUL
    return Verdict.CERTAIN
