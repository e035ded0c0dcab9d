"""Second baseline: Tantivy with its German stemmer and stop words, in memory or in a folder.

All words first; if nothing has them all, any of them; if nothing has any, words that are one slip away.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import tantivy
from tantivy import FieldType, Occur, Query, Tokenizer
from tantivy import Filter as Step

from bench.search.corpus import Document
from bench.search.engine import Filter, Found
from bench.search.points import Points
from bench.search.weights import weigh

BOOSTS: Final = {"a": 10.0, "b": 4.0, "c": 2.0, "d": 1.0}  # in the same proportion as PostgreSQL's own
GROUPS: Final = ("topic", "audience", "language", "resource_level", "space")
HEAP: Final = 64_000_000  # bytes, for the single thread that writes
CHOICES: Final = 10_000  # more than any group has
OLDEST: Final = 120  # years; stands for "no upper age"
SHORTEST: Final = 3  # letters of a word that may be misspelt
BESIDE: Final = "beside.npz"  # in the folder: what Tantivy itself does not keep


class Tantivy:
    """One region's index; threads may share it."""

    def __init__(self, folder: Path | None = None) -> None:
        """Begin an empty index, in memory unless a folder is given; one that is there is kept."""
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder) if folder else None)
        self._german = _german()
        self._index.register_tokenizer("german", self._german)
        self._searcher = self._index.searcher()
        self._points = Points([])
        self._stadtteile: list[str] = []

    def fill(self, documents: Sequence[Document], *, with_synonyms: bool = True) -> Self:
        """Put these documents into the index in place of all others."""
        writer = self._index.writer(HEAP, num_threads=1)
        writer.delete_all_documents()
        for document in documents:
            writer.add_document(
                tantivy.Document.from_dict(_fields(document, with_synonyms=with_synonyms), self._schema)
            )
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._points = Points([(one.id, lon, lat) for one in documents for lon, lat in one.points])
        self._stadtteile = [
            str(space) for space in sorted({id_ for one in documents for id_ in one.stadtteil_ids})
        ]
        if self._folder:
            spaces = np.array(self._stadtteile, np.str_)
            np.savez(self._folder / BESIDE, points=self._points.rows, spaces=spaces)
        return self

    def open(self) -> Self:
        """Use what has been filled into the folder before."""
        assert self._folder is not None
        with np.load(self._folder / BESIDE) as kept:
            self._points = Points(kept["points"])
            self._stadtteile = kept["spaces"].tolist()
        return self

    def find(self, text: str, wanted: Filter, per_page: int = 20) -> Found:
        """Return what answers the text and the filter; an empty text asks for everything."""
        # The query language is the parser's; of it, people know the quotes.
        said = re.sub(r'[^\w\s"]', " ", text).lower()
        conditions = self._conditions(wanted)
        for way in (self._all_words, self._any_word, self._nearly) if text.strip() else (self._everything,):
            query = way(said)
            if query is None:
                continue
            query = Query.boolean_query([(Occur.Must, query), *conditions])
            result = self._searcher.search(query, per_page)
            total: int = result.count  # type: ignore[attr-defined] # the binding has it, its stubs do not
            if total:
                addresses = [address for _, address in result.hits]
                ids = [int(id_ or 0) for id_ in self._searcher.fast_field_values("id", addresses)]
                return Found(total, ids, self._facets(query))
        return Found(0, [], {})

    def _all_words(self, said: str) -> Query | None:
        return self._parse(said, conjunction=True)

    def _any_word(self, said: str) -> Query | None:
        return self._parse(said, conjunction=False)

    def _parse(self, said: str, *, conjunction: bool) -> Query | None:
        if not self._german.analyze(said):
            return None
        return self._index.parse_query_lenient(
            said, list(BOOSTS), field_boosts=BOOSTS, conjunction_by_default=conjunction
        )[0]

    def _nearly(self, said: str) -> Query | None:
        """Return the query for any word with one letter more, less or other, or two changed places."""
        near = [
            (Occur.Should, Query.boost_query(Query.fuzzy_term_query(self._schema, field, word, 1), boost))
            for word in self._german.analyze(said)
            if len(word) >= SHORTEST
            for field, boost in BOOSTS.items()
        ]
        return Query.boolean_query(near) if near else None

    def _everything(self, _said: str) -> Query:
        return Query.all_query()

    def _conditions(self, wanted: Filter) -> list[tuple[Occur, Query]]:
        """Return what must hold, without a say in the ranking."""
        found: list[Query] = []
        for field in ("topic", "audience", "language"):
            value = getattr(wanted, field)
            if value is not None:
                found.append(self._is(field, value))
        if wanted.cost_free:
            found.append(self._is("cost_free", True))
        if wanted.age is not None:
            found.append(self._between("min_age", 0, wanted.age))
            found.append(self._between("max_age", wanted.age, OLDEST))
        if wanted.space_id is not None:
            in_it, everywhere = self._is("space_id", wanted.space_id), self._is("everywhere", True)
            found.append(Query.boolean_query([(Occur.Should, in_it), (Occur.Should, everywhere)]))
        if wanted.near is not None:
            ids = self._points.near(wanted.near, wanted.metres)
            found.append(Query.term_set_query(self._schema, "id", ids))
        return [(Occur.Must, Query.const_score_query(query, 0.0)) for query in found]

    def _is(self, field: str, value: object) -> Query:
        return Query.term_query(self._schema, field, value, "basic")

    def _between(self, field: str, lowest: int, highest: int) -> Query:
        return Query.range_query(self._schema, field, FieldType.Unsigned, lowest, highest)

    def _facets(self, query: Query) -> dict[str, dict[str, int]]:
        asked = (*GROUPS, "cost_free", "everywhere")
        answer = self._searcher.aggregate(
            query, {group: {"terms": {"field": group, "size": CHOICES}} for group in asked}
        )
        facets = {group: _counts(answer[group]["buckets"]) for group in asked}
        everywhere, located = facets.pop("everywhere").get("true", 0), facets["space"]
        counted = {space: located.get(space, 0) + everywhere for space in self._stadtteile}
        facets["space"] = {space: offers for space, offers in counted.items() if offers}
        facets["cost_free"].pop("false", None)
        return facets


def _counts(buckets: list[dict[str, Any]]) -> dict[str, int]:
    return {str(bucket.get("key_as_string", bucket["key"])): bucket["doc_count"] for bucket in buckets}


def _german() -> tantivy.TextAnalyzer:
    """Return the analyzer; folding comes last, as the stemmer knows umlauts and ß by itself."""
    steps = (
        Step.remove_long(60),
        Step.lowercase(),
        Step.stopword("german"),
        Step.stemmer("german"),
        Step.ascii_fold(),
    )
    builder = tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    for step in steps:
        builder = builder.filter(step)
    return builder.build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in BOOSTS:
        builder.add_text_field(field, tokenizer_name="german")
    for field in ("topic", "audience", "language"):
        builder.add_text_field(field, fast=True, tokenizer_name="raw", index_option="basic")
    for field in ("id", "resource_level", "space_id", "space", "min_age", "max_age"):
        builder.add_unsigned_field(field, indexed=True, fast=True)
    for field in ("cost_free", "everywhere"):
        builder.add_boolean_field(field, indexed=True, fast=True)
    return builder.build()


def _fields(document: Document, *, with_synonyms: bool) -> dict[str, Any]:
    texts = weigh(document, with_synonyms=with_synonyms)
    return {
        **{field: getattr(texts, field) for field in BOOSTS},
        "id": document.id,
        "topic": document.topics,
        "audience": document.audiences,
        "language": document.languages,
        "resource_level": document.resource_level,
        "space_id": document.space_ids,
        # What is everywhere is added to all counts afterwards.
        "space": [] if document.is_everywhere else document.stadtteil_ids,
        "min_age": document.min_age or 0,
        "max_age": OLDEST if document.max_age is None else document.max_age,
        "cost_free": document.is_cost_free,
        "everywhere": document.is_everywhere,
    }
