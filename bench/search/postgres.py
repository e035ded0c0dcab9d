"""First baseline: PostgreSQL's full text search (`german`, pg_trgm), in a table of its own beside the offers.

All words first; if nothing has them all, any of them; if nothing has any, names and topics that look alike.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, LiteralString, Self

import psycopg
from psycopg import sql

from bench.search.corpus import Document
from bench.search.engine import Filter, Found
from bench.search.weights import weigh

SCHEMA: Final = sql.Identifier("search_baseline")
# pg_trgm.word_similarity_threshold: 0.6 misses most slips of long words, 0.35 begins to find nonsense.
ALIKE: Final = 0.4

_COLUMNS: Final = """
  id bigint PRIMARY KEY, document tsvector, label text, topics text[], audiences text[], languages text[],
  min_age int, max_age int, is_cost_free boolean, resource_level int, verified_on date, space_ids bigint[],
  stadtteil_ids bigint[], is_everywhere boolean, points geography(MultiPoint, 4326)
"""
_ROW: Final = """
  INSERT INTO {table} VALUES (
    %s,
    setweight(to_tsvector('german', %s), 'A') || setweight(to_tsvector('german', %s), 'B')
    || setweight(to_tsvector('german', %s), 'C') || setweight(to_tsvector('german', %s), 'D'),
    %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, ST_GeogFromText(%s)
  )
"""
_INDEXES: Final = (
    "CREATE INDEX ON {table} USING gin (document)",
    "CREATE INDEX ON {table} USING gin (label gin_trgm_ops)",
    "CREATE INDEX ON {table} USING gist (points)",
)
# Each way of asking: the words, what must be true of a row, and how well it fits.
_Way = tuple[LiteralString, LiteralString, LiteralString]
_FITS: Final = "ts_rank_cd(document, said, 1)"  # 1: long texts are not better for being long
_WAYS: Final[tuple[_Way, ...]] = (
    ("websearch_to_tsquery('german', %(text)s)", "document @@ said", _FITS),
    (
        "replace(plainto_tsquery('german', %(text)s)::text, ' & ', ' | ')::tsquery",
        "document @@ said",
        _FITS,
    ),
    ("%(text)s::text", "said <%% label", "word_similarity(said, label)"),
)
_ALL: Final[_Way] = ("''::text", "true", "0")
_ANSWER: Final = """
  WITH found AS MATERIALIZED (
    SELECT
      id, topics, audiences, languages, is_cost_free, resource_level, verified_on, stadtteil_ids,
      is_everywhere, {fits} AS fit
    FROM {table}, (SELECT {said} AS said) AS words WHERE {condition}
  ),
  -- Many offers say the same: each list is taken apart once.
  facet (kind, choice, offers) AS (
    SELECT 'topic', choice, sum(offers)
    FROM (SELECT topics, count(*) AS offers FROM found GROUP BY topics) AS said, unnest(topics) AS choice
    GROUP BY choice
    UNION ALL
    SELECT 'audience', choice, sum(offers)
    FROM (SELECT audiences, count(*) AS offers FROM found GROUP BY audiences) AS said,
      unnest(audiences) AS choice
    GROUP BY choice
    UNION ALL
    SELECT 'language', choice, sum(offers)
    FROM (SELECT languages, count(*) AS offers FROM found GROUP BY languages) AS said,
      unnest(languages) AS choice
    GROUP BY choice
    UNION ALL
    SELECT 'cost_free', 'true', count(*) FROM found WHERE is_cost_free HAVING count(*) > 0
    UNION ALL
    SELECT 'resource_level', resource_level::text, count(*) FROM found GROUP BY resource_level
    UNION ALL
    SELECT 'space', choice::text, sum(offers)
    FROM (
      SELECT stadtteil_ids, count(*) AS offers FROM found WHERE NOT is_everywhere GROUP BY stadtteil_ids
    ) AS said, unnest(stadtteil_ids) AS choice
    GROUP BY choice
  )
  SELECT
    (SELECT count(*) FROM found),
    (SELECT count(*) FROM found WHERE is_everywhere),
    ARRAY(SELECT id FROM found ORDER BY fit DESC, verified_on DESC NULLS LAST, id LIMIT %(per_page)s),
    (SELECT jsonb_object_agg(kind, counts) FROM (
      SELECT kind, jsonb_object_agg(choice, offers) AS counts FROM facet GROUP BY kind
    ) AS facets)
"""
_CONDITIONS: Final[dict[str, LiteralString]] = {
    "topic": "topics @> ARRAY[%(topic)s]",
    "audience": "audiences @> ARRAY[%(audience)s]",
    "language": "languages @> ARRAY[%(language)s]",
    "age": "coalesce(min_age, 0) <= %(age)s AND coalesce(max_age, %(age)s) >= %(age)s",
    "cost_free": "is_cost_free",
    "space_id": "(is_everywhere OR space_ids @> ARRAY[%(space_id)s::bigint])",
    "near": "ST_DWithin(points, geography(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)), %(metres)s)",
}


class Postgres:
    """One region's table, asked over a single connection; threads need one of these each."""

    def __init__(self, url: str, region_id: int, *, guesses: bool = True) -> None:
        """Connect as the owner; url as libpq takes it. guesses: at last, look for what is alike."""
        self._ways = _WAYS if guesses else _WAYS[:-1]
        # Each statement is planned for its own words: a plan for any words reads them anew for every row.
        self._connection: psycopg.Connection[Any] = psycopg.connect(
            url, autocommit=True, prepare_threshold=None
        )
        self._table = sql.SQL("{}.{}").format(SCHEMA, sql.Identifier(f"offers_{region_id}"))
        self._stadtteile: list[str] = []
        self._connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        self._connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(SCHEMA))
        self._connection.execute(f"SET pg_trgm.word_similarity_threshold = {ALIKE}".encode())
        self._connection.execute("SET jit = off")
        self._connection.execute("SET work_mem = '64MB'")
        self._connection.execute(
            "SET client_min_messages = warning"
        )  # not each time that only stop words are said

    def __enter__(self) -> Self:
        """Return itself, to be closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the connection; the table stays."""
        self._connection.close()

    def fill(self, documents: Sequence[Document], *, with_synonyms: bool = True) -> Self:
        """Make the table afresh with these documents and its indexes."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(self._with_table("DROP TABLE IF EXISTS {table}"))
            cursor.execute(self._with_table("CREATE TABLE {table} (" + _COLUMNS + ")"))
            cursor.executemany(self._with_table(_ROW), _rows(documents, with_synonyms=with_synonyms))
            for statement in _INDEXES:
                cursor.execute(self._with_table(statement))
        self._connection.execute(self._with_table("VACUUM (ANALYZE) {table}"))
        return self.open()

    def open(self) -> Self:
        """Use the table as another connection has filled it."""
        asked = self._with_table("SELECT DISTINCT unnest(stadtteil_ids)::text FROM {table}")
        self._stadtteile = [row[0] for row in self._connection.execute(asked)]
        return self

    @property
    def size(self) -> int:
        """Return the bytes that the table takes with its indexes."""
        name = self._table.as_string(self._connection)
        row = self._connection.execute("SELECT pg_total_relation_size(%s)", [name]).fetchone()
        assert row is not None
        return int(row[0])

    def find(self, text: str, wanted: Filter, per_page: int = 20) -> Found:
        """Return what answers the text and the filter; an empty text asks for everything."""
        asked = text.replace("\x00", " ").strip()
        values = _values(wanted) | {"text": asked, "per_page": per_page}
        for way in self._ways if asked else (_ALL,):
            total, everywhere, ids, facets = self._ask(way, wanted, values)
            if total:
                return Found(total, ids, self._with_everywhere(facets, everywhere))
        return Found(0, [], {})

    def _ask(self, way: _Way, wanted: Filter, values: dict[str, Any]) -> tuple[int, int, list[int], Any]:
        said, answers, fits = way
        conditions = [
            condition
            for name, condition in _CONDITIONS.items()
            if getattr(wanted, name) is not None and getattr(wanted, name) is not False
        ]
        statement = sql.SQL(_ANSWER).format(
            table=self._table,
            said=sql.SQL(said),
            fits=sql.SQL(fits),
            condition=sql.SQL(" AND ").join(map(sql.SQL, [answers, *conditions])),
        )
        row = self._connection.execute(statement, values).fetchone()
        assert row is not None
        return row  # type: ignore[no-any-return]

    def _with_everywhere(
        self, facets: dict[str, dict[str, int]], everywhere: int
    ) -> dict[str, dict[str, int]]:
        """Add what belongs to every space to the count of each."""
        located = facets.pop("space", {})
        counted = {space: located.get(space, 0) + everywhere for space in self._stadtteile}
        return {**facets, "space": {space: offers for space, offers in counted.items() if offers}}

    def _with_table(self, statement: LiteralString) -> sql.Composed:
        return sql.SQL(statement).format(table=self._table)


def _rows(documents: Sequence[Document], *, with_synonyms: bool) -> Iterable[tuple[Any, ...]]:
    for one in documents:
        texts = weigh(one, with_synonyms=with_synonyms)
        points = ", ".join(f"{lon} {lat}" for lon, lat in one.points)
        yield (
            *(one.id, texts.a, texts.b, texts.c, texts.d, " \n".join([one.name, *one.topic_names])),
            *(one.topics, one.audiences, one.languages, one.min_age, one.max_age, one.is_cost_free),
            *(one.resource_level, one.verified_on, one.space_ids, one.stadtteil_ids, one.is_everywhere),
            f"MULTIPOINT({points})" if points else None,
        )


def _values(wanted: Filter) -> dict[str, Any]:
    near = wanted.near
    return {
        "topic": wanted.topic,
        "audience": wanted.audience,
        "language": wanted.language,
        "age": wanted.age,
        "space_id": wanted.space_id,
        "lon": near and near.lon,
        "lat": near and near.lat,
        "metres": wanted.metres,
    }
