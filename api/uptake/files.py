"""Tables for spreadsheets, as api/exports/csv.py writes them: UTF-8 with a mark, semicolons, no formulas."""

import csv
import io
from collections.abc import Iterable, Sequence


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as a file; None is an empty cell."""
    text = io.StringIO()
    text.write("\ufeff")
    lines = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    lines.writerow(headers)
    lines.writerows(["" if cell is None else plain(str(cell)) for cell in row] for row in rows)
    return text.getvalue()


def plain(said: str) -> str:
    """Return a word or a name that no spreadsheet takes for a formula."""
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else said
