"""OpenStreetMap in XML or PBF: what is named or has the wanted tags, with its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import osmium

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.row import Row

KINDS: Final = {"n": "node", "w": "way", "r": "relation"}
DIGITS: Final = 7  # that OpenStreetMap keeps of a degree: a centimetre


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield nodes and ways, the latter at the middle of their extent, and relations without a place."""
    with path.open("rb") as file:
        kind = "xml" if file.read(200).lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else "pbf"
    try:
        objects = osmium.FileProcessor(osmium.io.File(str(path), kind)).with_locations()
        number = 0
        for thing in objects:
            tags = {tag.k: tag.v for tag in thing.tags}
            if _is_wanted(tags, table.tags):
                number += 1
                yield _row(number, thing, tags)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise UnusableError(
            f"{path.name}: Die OSM-Datei ist beschädigt oder nicht vollständig."
            " Bitte noch einmal herunterladen."
        ) from error
    if not number:
        raise UnusableError(
            f"{path.name}: Die Datei enthält nichts mit den gewünschten Merkmalen. Bitte [file] tags prüfen."
        )


def _is_wanted(tags: dict[str, str], wanted: list[str]) -> bool:
    if not wanted:
        return "name" in tags
    pairs = (one.partition("=") for one in wanted)
    return any(key in tags and (not sign or tags[key] == value) for key, sign, value in pairs)


def _row(number: int, thing: Any, tags: dict[str, str]) -> Row:  # noqa: ANN401 - nodes, ways, relations
    kind = KINDS[thing.type_str()]
    # Tags of that name would hide what we add.
    values: dict[str, Any] = {name: value for name, value in tags.items() if name not in ("id", "lon", "lat")}
    values["id"] = f"{kind}/{thing.id}"
    if kind == "node":
        places = [thing.location]
    elif kind == "way":
        places = [node.location for node in thing.nodes]
    else:
        return Row(number, values)
    known = [place for place in places if place.valid()]
    if not known:
        return Row(number, values)  # an extract that leaves out the nodes
    return Row(
        number,
        values
        | {
            "lon": _middle([place.lon for place in known]),
            "lat": _middle([place.lat for place in known]),
        },
    )


def _middle(degrees: list[float]) -> float:
    return round((min(degrees) + max(degrees)) / 2, DIGITS)
