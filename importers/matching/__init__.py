"""Which rows mean an offer that is there already: weighed reasons to be read (docs/adr/0025-matching.md)."""

from importers.matching.deciding import Candidate, Matcher, match_all, pairs
from importers.matching.verdicts import Verdict

__all__ = ["Candidate", "Matcher", "Verdict", "match_all", "pairs"]
