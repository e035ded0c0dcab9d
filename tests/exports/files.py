"""Files as somebody takes them away: written from a region, read back, brought into another one."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from api.exports import notes, reading
from api.exports.columns import HEADERS, Row
from api.exports.formats import FORMATS, Ending
from api.offers import service as offers
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from importers import readers
from importers.file_table import FileTable
from importers.run import Job, prepare

MAPPINGS = Path(__file__).parents[2] / "importers" / "mappings"
ORIGIN = "https://landkarte.example"
AWKWARD = [
    '=HYPERLINK("https://example.org";"Klick")', "+49 30 123-45", "-Liste", "- Liste\n- mehr; =1+1", "@wer",
    "＝1", "'=1", "''", '„Haus“ "Treff"', "a;b,c\td|e", "Zeile\n\nZeile\n  eingerückt",
    "<b>fett</b> &amp; &lt;x>", "<script>alert(1)</script>", "👩🏽‍🦽 🏳️‍🌈 𝔘",
    "مركز الأسرة (برلين)", "Центр", "ß ẞ ﬁ Ä",
    "_x0041_ _x000D_", "]]> <![CDATA[", "0123", "1e5", "007 ", "TRUE", "2026-03-01", "17.4", "#REF!", "NaN",
    "\\n \\u0041 %s {0}", "x" * 9_000, "  viele   Leerzeichen ", "null", "\ufeffx",
]  # fmt: skip
# What is new wherever an offer is entered, or said for people alone.
OF_THIS_MAP = (
    "Schlüssel", "Angebot", "Weitere Kontakte", "Zuletzt geprüft", "Erfundenes Beispiel", "Quelle",
    "In der Landkarte",
)  # fmt: skip


def rows(session: Session, region: Region, **asked: Any) -> list[Row]:
    """The rows of all offers that a filter finds."""
    session.flush()
    wanted = offers.resolve(session, region, OfferFilter.model_validate(asked))
    return list(reading.rows(session, wanted, ORIGIN))


def cells(row: Row) -> dict[str, Any]:
    """A row with the names of its columns."""
    return dict(zip(HEADERS, row, strict=True))


def content(found: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows without what is different in every map."""
    return [{name: cell for name, cell in cells(row).items() if name not in OF_THIS_MAP} for row in found]


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[int, str, Any, Any]]:
    """What two files say differently, less what is different in every map: row, column and both cells."""
    assert len(before) == len(after)
    return [
        (number, name, one[name], other[name])
        for number, (one, other) in enumerate(zip(content(before), content(after), strict=True))
        for name in one
        if one[name] != other[name]
    ]


def about(title: str = "Angebote") -> notes.Notes:
    return notes.Notes(title, date(2026, 3, 1), f"{ORIGIN}/angebote", f"{ORIGIN}/quellen", ())


def written(folder: Path, ending: Ending, found: Sequence[Row]) -> Path:
    """A file with these rows."""
    path = folder / f"angebote.{ending}"
    path.write_bytes(b"".join(FORMATS[ending].write(about(), iter(found))))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    """What our own reader finds in a file."""
    found = readers.read(path, FileTable(key=["Schlüssel"], sheet="Angebote"))
    assert not [row for row in found if row.problem]
    return [row.values for row in found]


def job(path: Path) -> Job:
    """A file with the mapping that belongs to it."""
    kind = "karte" if path.suffix in {".kml", ".geojson"} else "tabelle"
    return prepare(path, MAPPINGS / f"landkarte-{kind}.toml")
