"""Loads the spaces of a division from GeoJSON or TopoJSON; an unchanged polygon is not touched."""

import json
from pathlib import Path
from typing import Any

from geoalchemy2 import WKBElement
from pydantic import Field
from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.core.text import slugify
from api.spaces.models import Division, Space
from importers import readers
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers.row import Row
from importers.strict import Strict
from importers.values import as_text, line

# What ST_MakeValid leaves of a broken polygon besides areas is dropped.
_AREAS = 3


class Level(Strict):
    """One level: the file with its polygons, and which columns hold code and name."""

    name: str = Field(min_length=1)
    file: str
    code: str = "id"
    label: str = "name"
    object: str | None = None
    parent_prefix: int | None = Field(default=None, ge=1)  # the parent's code: so many letters of one's own


def load(session: Session, division: Division, levels: list[Level], folder: Path) -> list[str]:
    """Bring the spaces of all levels to what the files say; return remarks on those in no file any more."""
    rows = session.scalars(select(Space).where(col(Space.division_id) == division.id))
    there = {space.code: space for space in rows}
    left = set(there)
    for number, level in enumerate(levels, start=1):
        left -= _load_level(session, division, number, level, folder, there)
    return [
        f"{division.name}: „{there[code].name}“ ({code}) steht in keiner Datei mehr und bleibt bestehen."
        for code in sorted(left)
    ]


def _load_level(
    session: Session, division: Division, number: int, level: Level, folder: Path, there: dict[str, Space]
) -> set[str]:
    rows = _rows(folder / level.file, level)
    shapes = _shapes(session, list(rows.values()), level)
    slugs = {space.slug for space in there.values() if space.level == number}
    added = []
    for (code, row), shape in zip(rows.items(), shapes, strict=True):
        values: dict[str, Any] = {
            "level": number,
            "key": f"{division.slug}:{code}",
            "name": line(row.values.get(level.label)),
            "parent_id": _parent_id(level, number, code, there),
        }
        space = there.get(code)
        if space is None:
            # Addresses of pages stay, so a slug is given once.
            slug = _free(slugify(values["name"]), code, slugs)
            shape_and_slug: dict[str, Any] = {"slug": slug, "geom": WKBElement(shape, extended=True)}
            space = Space(division_id=division.id, code=code, **values, **shape_and_slug)
            slugs.add(slug)
            added.append(space)
            there[code] = space
        else:
            _change(space, values, shape)
    # All at once: the database recomputes memberships once for each statement.
    session.add_all(added)
    session.flush()
    return set(rows)


def _change(space: Space, values: dict[str, Any], shape: bytes) -> None:
    for field, value in values.items():
        if getattr(space, field) != value:
            setattr(space, field, value)
    if space.geom.desc != shape.hex():
        space.geom = WKBElement(shape, extended=True)


def _rows(path: Path, level: Level) -> dict[str, Row]:
    table = FileTable(key=[level.code], object=level.object)
    rows: dict[str, Row] = {}
    for row in readers.read(path, table):
        code = line(row.values.get(level.code))
        if row.problem or not code or not as_text(row.values.get(level.label)):
            missing = row.problem or f"„{level.code}“ oder „{level.label}“ fehlt"
            raise UnusableError(f"{path}, Fläche {row.number}: {missing}.")
        if code in rows:
            raise UnusableError(f"{path}, Fläche {row.number}: Den Schlüssel „{code}“ gibt es schon.")
        geometry = row.values.get("geometry")
        if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            raise UnusableError(f"{path}, Fläche {row.number}: Hier fehlt die Fläche.")
        rows[code] = row
    if not rows:
        raise UnusableError(f"{path}: Die Datei enthält keine Flächen.")
    return rows


def _shapes(session: Session, rows: list[Row], level: Level) -> list[bytes]:
    """Return the polygons as PostGIS keeps them (EWKB): valid, and several parts allowed."""
    documents = [json.dumps(row.values.get("geometry")) for row in rows]
    given = func.unnest(cast(documents, ARRAY(Text))).table_valued("document", with_ordinality="position")
    given = given.render_derived(name="given")
    shape = func.ST_SetSRID(func.ST_GeomFromGeoJSON(given.c.document), 4326)
    shape = func.ST_Multi(func.ST_CollectionExtract(func.ST_MakeValid(shape), _AREAS))
    found = session.execute(
        select(func.ST_AsEWKB(shape), func.ST_IsEmpty(shape)).order_by(given.c.position)
    ).all()
    for row, (ewkb, is_empty) in zip(rows, found, strict=True):
        if ewkb is None or is_empty:
            raise UnusableError(f"{level.file}, Fläche {row.number}: Hier fehlt die Fläche.")
    return [bytes(ewkb) for ewkb, _ in found]


def _parent_id(level: Level, number: int, code: str, there: dict[str, Space]) -> int | None:
    if level.parent_prefix is None:
        return None
    parent = there.get(code[: level.parent_prefix])
    if parent is None or parent.level >= number:
        raise UnusableError(
            f"{level.file}: Zu „{code}“ fehlt die größere Fläche „{code[: level.parent_prefix]}“."
        )
    return parent.id


def _free(wish: str, code: str, taken: set[str]) -> str:
    return f"{wish}-{slugify(code)}" if wish in taken else wish
