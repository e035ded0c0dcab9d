"""Doubts about what an offer says of itself: nothing at all, or two things that exclude each other."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, text
from sqlmodel import Session

from api.core.text import fold
from api.doubts.finding import Finding, fingerprint
from api.doubts.models import Kind
from importers.values import LANGUAGES

_OFFERS: Final = text("""
  SELECT id, name, summary, topics, audiences, languages, min_age, max_age
  FROM offer WHERE id = ANY (CAST(:offers AS bigint[])) AND status IN ('published', 'paused')
""")
_AUDIENCES: Final = text("""
  SELECT slug, names ->> 'de' AS name, coalesce(min_age, 0) AS least, coalesce(max_age, 200) AS most
  FROM audience WHERE min_age IS NOT NULL OR max_age IS NOT NULL
""")
_OLDEST: Final = 120
_YEARS: Final = re.compile(
    r"\b(?:von\s+)?(?P<from>\d{1,3})\s*(?:-|–|bis)\s*(?P<to>\d{1,3})\s*Jahren?\b"
    r"|\b(?P<least>ab|ab\s+dem\s+Alter\s+von)\s+(?P<ab>\d{1,3})\s+Jahren?\b"
    r"|\bbis\s+(?:zu\s+)?(?P<bis>\d{1,3})\s+Jahren?\b",
    re.IGNORECASE,
)
# A span of time, not of a life: „seit 20 bis 30 Jahren“, „3 bis 4 Jahre lang“, „vor 5 bis 6 Jahren“.
_SPAN: Final = re.compile(r"\b(?:seit|vor|nach|in)\s+(?:\w+\s+)?$", re.IGNORECASE)
_SPOKEN: Final = re.compile(
    r"\b(?:auf|in|sprechen(?:\s+auch)?|spricht(?:\s+auch)?)\s+"
    r"(?P<words>[A-ZÄÖÜ]\w+(?:(?:,\s*|\s+und\s+|\s+oder\s+|\s*/\s*)[A-ZÄÖÜ]\w+)*)"
)
_WORDS: Final = re.compile(r"\w+")


class _Ages(NamedTuple):
    least: int | None
    most: int | None
    said: str


def check(session: Session, offer_ids: Sequence[int]) -> Iterator[Finding]:
    """Yield what is missing in these offers, and what contradicts itself."""
    audiences = {row.slug: row for row in session.execute(_AUDIENCES)}
    for row in session.execute(_OFFERS, {"offers": list(offer_ids)}):
        if not row.topics:
            yield Finding(row.id, Kind.TOPIC_MISSING, "topics", fingerprint(row.topics))
        if not row.summary.strip():
            yield Finding(row.id, Kind.SUMMARY_MISSING, "summary", fingerprint(row.summary))
        for found in (_ages(row), _audience(row, audiences), _language(row)):
            if found is not None:
                yield found


def ages_said(words: str) -> _Ages | None:
    """Return the only statement about ages in a text; of several nobody knows which one counts."""
    found = [match for match in _YEARS.finditer(words) if not _SPAN.search(words[: match.start()])]
    if len(found) != 1:
        return None
    one = found[0]
    least, most = one["from"] or one["ab"], one["to"] or one["bis"]
    ages = _Ages(int(least) if least else None, int(most) if most else None, " ".join(one[0].split()))
    oldest = _OLDEST if ages.most is None else ages.most
    return ages if (ages.least or 0) <= oldest <= _OLDEST else None


def _ages(row: Row[Any]) -> Finding | None:
    """Return the doubt about ages of which the text says others; what only one of both says is no doubt."""
    said = ages_said(f"{row.name}. {row.summary}")
    if said is None:
        return None
    differing = {
        name: new
        for name, old, new in (("min_age", row.min_age, said.least), ("max_age", row.max_age, said.most))
        if old is not None and new is not None and old != new
    }
    if not differing:
        return None
    least, most = differing.get("min_age", row.min_age), differing.get("max_age", row.max_age)
    is_in_order = least is None or most is None or least <= most
    seen = fingerprint(said, row.min_age, row.max_age)
    proposed = differing if is_in_order else None
    return Finding(row.id, Kind.AGES_TEXT, next(iter(differing)), seen, {"said": said.said}, proposed)


def _audience(row: Row[Any], audiences: dict[str, Row[Any]]) -> Finding | None:
    if row.min_age is None and row.max_age is None:
        return None
    least, most = row.min_age or 0, _OLDEST if row.max_age is None else row.max_age
    for slug in row.audiences:
        group = audiences.get(slug)
        if group is not None and (most < group.least or least > group.most):
            seen = fingerprint(row.audiences, row.min_age, row.max_age)
            return Finding(row.id, Kind.AGES_AUDIENCE, "audiences", seen, {"audience": group.name})
    return None


def _language(row: Row[Any]) -> Finding | None:
    """Return the doubt about languages of the text that are not among those spoken."""
    if not row.languages:
        return None
    words = f"{row.name}. {row.summary}"
    said = {
        LANGUAGES[fold(word)]: word
        for match in _SPOKEN.finditer(words)
        for word in _WORDS.findall(match["words"])
        if fold(word) in LANGUAGES
    }
    missing = {tag: word for tag, word in said.items() if tag not in row.languages}
    if not missing:
        return None
    seen = fingerprint(sorted(said), row.languages)
    return Finding(
        row.id,
        Kind.LANGUAGES_TEXT,
        "languages",
        seen,
        {"said": ", ".join(missing.values())},
        {"languages": [*row.languages, *missing]},
    )
