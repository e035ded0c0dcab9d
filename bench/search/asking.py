"""Questions to a made-up region: what is asked in process, and the same as paths of the API."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlencode

import psycopg

from api.search.schemas import SearchQuery
from bench.installation import Installation
from bench.region import Plan
from bench.search.engine import Filter
from bench.search.questions import Question, questions

PATH: Final = "/api/v1/search"
_STADTTEILE: Final = """
  SELECT s.id, s.key, r.id FROM region r
  JOIN division d ON d.region_id = r.id JOIN space s ON s.division_id = d.id AND s.level = d.resident_level
  WHERE r.slug = %s ORDER BY s.id
"""


@dataclass(frozen=True)
class Local:
    """A region of a database: its number there, and the keys of its Stadtteile by their numbers."""

    id: int
    plan: Plan
    stadtteile: Mapping[int, str]

    def questions(self, number: int, seed: int) -> list[Question]:
        """Return so many questions; regions with the same Stadtteile get corresponding ones."""
        return questions(number, seed, plan=self.plan, space_ids=list(self.stadtteile))


class Ask(NamedTuple):
    """One question to one region; is_new: nobody has asked it, nor said one at least of its words, before."""

    region: int
    text: str
    wanted: Filter
    is_new: bool


def local(installation: Installation, plan: Plan) -> Local:
    """Return a region as the database has numbered it."""
    with psycopg.connect(installation.plain_url) as connection:
        rows = connection.execute(_STADTTEILE, [plan.slug]).fetchall()
    return Local(rows[0][2], plan, {space: key for space, key, _ in rows})


def asks(at: Local, number: int, seed: int) -> Iterator[Ask]:
    """Yield so many questions in the order in which they are asked."""
    asked: set[Question] = set()
    said: set[str] = set()
    for text, wanted in at.questions(number, seed):
        words = set(text.lower().split())
        yield Ask(at.id, text, wanted, (text, wanted) not in asked and not words <= said)
        asked.add((text, wanted))
        said |= words


def query_of(question: Question, stadtteile: Mapping[int, str]) -> SearchQuery:
    """Return a question as the pages ask it in process."""
    text, wanted = question
    return SearchQuery(
        q=text,
        space=[stadtteile[wanted.space_id]] if wanted.space_id is not None else [],
        topic=[wanted.topic] if wanted.topic else [],
        audience=[wanted.audience] if wanted.audience else [],
        language=[wanted.language] if wanted.language else [],
        age=wanted.age,
        cost_free=wanted.cost_free,
        near=wanted.near,
        metres=wanted.metres if wanted.near else None,
    )


def path(question: Question, stadtteile: Mapping[int, str]) -> str:
    """Return the path that asks the API the same."""
    text, wanted = question
    pairs: list[tuple[str, object]] = [("q", text)]
    if wanted.topic:
        pairs.append(("topic", wanted.topic))
    if wanted.audience:
        pairs.append(("audience", wanted.audience))
    if wanted.language:
        pairs.append(("language", wanted.language))
    if wanted.age is not None:
        pairs.append(("age", wanted.age))
    if wanted.cost_free:
        pairs.append(("cost_free", "true"))
    if wanted.space_id is not None:
        pairs.append(("space", stadtteile[wanted.space_id]))
    if wanted.near is not None:
        pairs += [("near", f"{wanted.near.lon},{wanted.near.lat}"), ("metres", wanted.metres)]
    return f"{PATH}?{urlencode(pairs)}"
