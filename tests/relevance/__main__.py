"""The figures of the engines side by side: `python -m tests.relevance postgres tantivy ours`.

Run it within `python -m ops.cluster exec`, after the tests have left a demo database.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence

from tests.relevance import engines
from tests.relevance.judging import Figures, by_kind, judge_all, read_grades, read_queries


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each engine; return 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance")
    parser.add_argument("engines", nargs="+", choices=sorted(engines.ENGINES))
    asked = parser.parse_args(arguments)
    database, queries, grades = engines.demo_database(), read_queries(), read_grades()
    for name in asked.engines:
        ask = engines.asking(engines.ENGINES[name](database), database)
        sys.stdout.write(table(name, by_kind(judge_all(ask, queries, grades))))
    return 0


def table(name: str, parts: Mapping[str, Figures]) -> str:
    """Return the figures of one engine, a line for each kind of query."""
    head = f"{name:<12}{'queries':>8}{'nDCG@10':>9}{'succ@1':>8}{'zero':>7}{'silent':>8}\n"
    rows = (
        f"{kind:<12}{part.queries:>8}{part.ndcg:>9.3f}{part.success:>8.3f}{part.zero_hits:>7.3f}"
        f"{part.found_nothing:>8.3f}\n"
        for kind, part in parts.items()
    )
    return head + "".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
