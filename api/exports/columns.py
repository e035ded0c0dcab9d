"""The columns of every file that is taken away: German for people, and what an import makes of each."""

from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

# A cell before any format has written it; None: nothing is known.
Cell = str | float | date | bool | list[Any] | None
Row = tuple[Cell, ...]


class Kind(StrEnum):
    """What stands in the cells of a column."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    FLAG = "flag"
    LIST = "list"  # of texts without commas and semicolons
    LINES = "lines"  # of a timetable, as ScheduleIn has them


class Column(NamedTuple):
    """A column with its heading; field: of an import that reads it back, None: said for people alone."""

    header: str
    field: str | None = None
    kind: Kind = Kind.TEXT
    width: int = 16  # letters, in a spreadsheet


KEY: Final = "Schlüssel"
OFFER: Final = "Angebot"
NAME: Final = "Name"
LON: Final = "Länge"
LAT: Final = "Breite"
PAGE: Final = "In der Landkarte"

COLUMNS: Final = (
    Column(KEY),
    Column(OFFER),
    Column(NAME, "name", width=40),
    Column("Kurzfassung", "summary", width=40),
    Column("Beschreibung", "description", width=60),
    Column("Anbieter", "organization", width=30),
    Column("Webseite des Anbieters", "organization_website", width=30),
    Column("Haus", "place_name", width=24),
    Column("Straße", "street", width=24),
    Column("PLZ", "postcode", width=8),
    Column("Ort", "town"),
    Column("Stadtteil"),
    Column(LON, "lon", Kind.NUMBER, 12),
    Column(LAT, "lat", Kind.NUMBER, 12),
    Column("Punkt nach Adresse", "precision", width=14),
    Column("Adresse verborgen", "address_hidden", Kind.FLAG, 10),
    Column("Rollstuhlgerecht", "wheelchair", width=10),
    Column("Hinweis zum Ort", "place_note", width=30),
    Column("Ansprechstelle", "contact_label", width=20),
    Column("Telefon", "phone", width=20),
    Column("E-Mail", "email", width=26),
    Column("Weitere Kontakte", width=26),
    Column("Webseite", "website", width=30),
    Column("Sprechzeiten", "hours_text", width=30),
    Column("Sprechzeiten an diesem Ort", "place_hours_text", width=30),
    Column("Zeiten als Regeln", "schedules", Kind.LINES, 12),
    Column("Zeiten an diesem Ort als Regeln", "place_schedules", Kind.LINES, 12),
    Column("Alter von", "min_age", Kind.NUMBER, 8),
    Column("Alter bis", "max_age", Kind.NUMBER, 8),
    Column("Kosten", "cost", width=14),
    Column("Hinweis zu den Kosten", "cost_note", width=24),
    Column("Zugang", "access", width=18),
    Column("Hinweis zum Zugang", "access_note", width=24),
    Column("Sprachen", "languages", Kind.LIST, 12),
    Column("Themen", width=30),
    Column("Themen (Kürzel)", "topics", Kind.LIST, 20),
    Column("Zielgruppen", width=20),
    Column("Zielgruppen (Kürzel)", "audiences", Kind.LIST, 20),
    Column("Ressourcenebene", "resource_level", Kind.NUMBER, 8),
    Column("Kommt zu den Leuten", "outreach", Kind.FLAG, 10),
    Column("Kommt in die Räume", "serves", Kind.LIST, 20),
    Column("Zuletzt geprüft", kind=Kind.DAY, width=12),
    Column("Erfundenes Beispiel", kind=Kind.FLAG, width=10),
    Column("Quelle", width=40),
    Column(PAGE, width=40),
)
HEADERS: Final = tuple(column.header for column in COLUMNS)

# The words of the model in German; an import understands each of them. What nobody knows stays empty.
COST: Final = {"free": "kostenlos", "covered": "BuT", "paid": "kostenpflichtig"}
ACCESS: Final = {
    "walk_in": "ohne Termin",
    "call_first": "nach Anruf",
    "appointment": "mit Termin",
    "referral": "Überweisung",
}
# How exact a point is that was found by the address; nothing: somebody has said where it is.
PRECISION: Final = {"house": "Haus", "street": "Straße", "postcode": "Postleitzahl"}
WHEELCHAIR: Final = {"yes": "ja", "partly": "teilweise", "no": "nein"}
