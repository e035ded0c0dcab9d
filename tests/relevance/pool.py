"""What is to be graded: `python -m tests.relevance.pool postgres tantivy ours`.

It writes var/relevance/pool.jsonl: each line is a query with all that any of the engines has among its first
ten, in an order that says nothing; it does not say who has found what. Run it within `python -m ops.cluster
exec`, after the tests, with the address of the test database that they used.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from api.core.build import ROOT
from bench.search.corpus import Document
from tests.relevance import engines
from tests.relevance.judging import DEPTH, Ask, Query, read_queries

FILE: Final = ROOT / "var" / "relevance" / "pool.jsonl"
SEED: Final = "pool"
LETTERS: Final = 600  # of a description


def pooled(asks: Sequence[Ask], query: Query, depth: int = DEPTH) -> list[str]:
    """Return the slugs that any engine has among its best, shuffled the same way every time."""
    found = sorted({slug for ask in asks for slug in ask(query.text)[:depth]})
    Random(f"{SEED}/{query.text}").shuffle(found)
    return found


def shown(document: Document) -> dict[str, Any]:
    """Return what whoever grades gets to see of an offer."""
    return {
        "slug": document.slug,
        "name": document.name,
        "summary": document.summary,
        "description": document.description[:LETTERS],
        "topics": document.topic_names,
        "provider": document.provider,
        "audiences": document.audience_names,
        "languages": document.languages,
        "ages": [document.min_age, document.max_age],
        "cost": document.cost,
        "places": [" · ".join(place.words()) for place in document.places],
    }


def lines(asks: Sequence[Ask], queries: Sequence[Query], by_slug: Mapping[str, Document]) -> list[str]:
    """Return a line of JSON for each query."""
    return [
        json.dumps(
            {
                "query": query.text,
                "need": query.need,
                "documents": [shown(by_slug[slug]) for slug in pooled(asks, query)],
            },
            ensure_ascii=False,
        )
        for query in queries
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file; return 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance.pool")
    parser.add_argument("engines", nargs="+", choices=sorted(engines.ENGINES))
    parser.add_argument("--file", type=Path, default=FILE)
    asked = parser.parse_args(arguments)
    database = engines.demo_database()
    asks = [
        engines.asking(engines.ENGINES[name](database), database) for name in dict.fromkeys(asked.engines)
    ]
    by_slug = {document.slug: document for document in engines.offers(database)}
    written = lines(asks, read_queries(), by_slug)
    asked.file.parent.mkdir(parents=True, exist_ok=True)
    asked.file.write_text("\n".join(written) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
