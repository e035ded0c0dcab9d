"""Cells as text: what every format writes where it has nothing better."""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from api.exports.columns import Cell

# What XML 1.0 cannot say at all (section 2.2).
_UNSAYABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def as_text(cell: Cell) -> str:
    """Return a cell as text: yes as "ja", no as nothing, lists with semicolons, timetables as JSON."""
    if cell is None or isinstance(cell, bool):
        return "ja" if cell else ""
    if isinstance(cell, list):
        return as_json(cell) if _is_lines(cell) else "; ".join(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, str) else repr(cell)


def escaped(text: str) -> str:
    """Return a text as it stands between tags of XML, less the control signs that XML does not know."""
    plain = _UNSAYABLE.sub("", text) if not text.isprintable() else text
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _is_lines(cell: Sequence[Any]) -> bool:
    return bool(cell) and isinstance(cell[0], dict)
