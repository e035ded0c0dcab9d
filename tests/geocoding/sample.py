"""What the tests of geocoding share: a small invented town with its table of addresses."""

from pathlib import Path
from typing import Any

from sqlmodel import Session

from api.regions.models import Region
from importers.geocoding.load import Loaded, load
from importers.geocoding.table import AddressMapping

SOURCE = {
    "slug": "adressen",
    "region": "hier",
    "title": "Adressen von Hier",
    "publisher": "Amt",
    "licence": "CC0",
    "attribution": "Amt, CC0",
}
COLUMNS = ("strasse", "nr", "zusatz", "plz", "ort", "x", "y")
FIELDS = dict(zip(("street", "number", "suffix", "postcode", "town", "x", "y"), COLUMNS, strict=True))
# Two streets of one name, a long one through two postcodes, and neighbours whose names are nearly the same.
TOWN = """
Ahornallee;1;;10365;Berlin;13,5000;52,5000
Ahornallee;2;;10365;Berlin;13,5001;52,5010
Ahornallee;3;a;10365;Berlin;13,5002;52,5020
Ahornallee;14;;10365;Berlin;13,5003;52,5035
Dorfstraße;5;;10365;Berlin;13,5100;52,5000
Dorfstraße;5;;10318;Berlin;13,5700;52,4300
Ribnitzer Straße;1;;10367;Berlin;13,5200;52,5100
Straße der Beispiele;7;;10367;Berlin;13,5210;52,5110
Straße der Beispiele;9;;10369;Berlin;13,5230;52,5130
Lindenstraße;1;;10369;Berlin;13,5300;52,5200
Lindenstraßa;1;;10318;Berlin;13,5650;52,4310
Straße 12;3;;10369;Berlin;13,5310;52,5210
Straße 13;3;;10369;Berlin;13,5320;52,5220
"""


def mapping(**changes: Any) -> AddressMapping:
    """A mapping of a CSV with a header, with changes."""
    told = {"source": SOURCE, "fields": FIELDS}
    return AddressMapping.model_validate(told | changes)


def table_of(folder: Path, rows: str = TOWN) -> Path:
    """A file with a header and the rows."""
    path = folder / "adressen.csv"
    path.write_text(";".join(COLUMNS) + "\n" + rows.lstrip(), encoding="utf-8")
    return path


def load_town(session: Session, folder: Path, region: Region, rows: str = TOWN) -> Loaded:
    """The region knows the addresses of the town."""
    return load(session, table_of(folder, rows), mapping(), "test", region.slug)
