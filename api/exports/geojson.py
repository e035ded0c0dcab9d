"""GeoJSON (RFC 7946): a feature for each row with all columns as properties; no point, no geometry."""

from collections.abc import Iterator
from typing import Final

from api.exports.cells import as_json
from api.exports.columns import HEADERS, KEY, LAT, LON, Row
from api.exports.notes import Notes
from api.exports.parts import together

# A point stands in the geometry alone: whoever moves it shall not leave the old one behind.
PROPERTIES: Final = tuple((name, position) for position, name in enumerate(HEADERS) if name not in (LON, LAT))
_KEY, _LON, _LAT = (HEADERS.index(name) for name in (KEY, LON, LAT))


def write(notes: Notes, rows: Iterator[Row]) -> Iterator[bytes]:
    """Yield the parts of a file; what it says about itself stands before the features (RFC 7946, 6.1)."""
    return together(_pieces(notes, rows))


def _pieces(notes: Notes, rows: Iterator[Row]) -> Iterator[str]:
    about = {
        "type": "FeatureCollection",
        "name": notes.title,
        "date": notes.day,
        "page": notes.page,
        "licences": [
            {"attribution": one.attribution, "licence": one.licence, "url": one.licence_url}
            for one in notes.sources
        ],
        "notes": notes.text(),
    }
    yield f'{as_json(about)[:-1]},"features":['
    between = "\n"
    for row in rows:
        yield between + as_json(_feature(row))
        between = ",\n"
    yield "\n]}\n"


def _feature(row: Row) -> dict[str, object]:
    lon, lat = row[_LON], row[_LAT]
    return {
        "type": "Feature",
        "id": row[_KEY],
        "geometry": None if lon is None else {"type": "Point", "coordinates": [lon, lat]},
        "properties": {name: None if row[position] == "" else row[position] for name, position in PROPERTIES},
    }
