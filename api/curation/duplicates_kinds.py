"""How alike two offers are, and what people decide about them."""

from enum import StrEnum


class Likeness(StrEnum):
    """How alike two offers are."""

    CERTAIN = "certain"
    DOUBTFUL = "doubtful"
    NAMED = "named"  # somebody has said so


class PairDecision(StrEnum):
    """What has become of a pair."""

    OPEN = "open"
    MERGED = "merged"
    DIFFERENT = "different"  # never asked about again
    CLOSED = "closed"  # they are not alike any more, or one of them is gone
