"""Made-up divisions of a region: two, cut differently, each with two levels."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from psycopg import Cursor

from bench import words
from bench.cells import Grid
from bench.rows import Row, copy, insert


@dataclass(frozen=True)
class Division:
    """A grid of fine spaces, of which so many columns and rows make a coarse one."""

    slug: str
    name: str
    level_names: tuple[str, str]
    resident_level: int | None
    columns: int
    rows: int
    wide: int
    high: int

    def codes(self) -> Iterator[str]:
        """Yield the codes of the fine spaces."""
        return (_code(x, y) for x in range(self.columns) for y in range(self.rows))


DIVISIONS: Final = (
    Division("stadtteile", "Stadtteile", ("Stadtteil", "Quartier"), 1, 24, 6, 3, 1),
    Division("planung", "Planungsräume", ("Sozialraum", "Planungsraum"), None, 12, 8, 3, 4),
)

# The coarse spaces are united from the fine ones, so that borders agree as in official files.
_COARSE: Final = """
  INSERT INTO space (division_id, level, code, key, name, slug, geom)
  SELECT %(division)s, 1, parent, %(prefix)s || parent, name, slug, ST_Multi(ST_Union(geom))
  FROM cell GROUP BY parent, name, slug ORDER BY parent
"""
_FINE: Final = """
  INSERT INTO space (division_id, parent_id, level, code, key, name, slug, geom)
  SELECT %(division)s, p.id, 2, c.code, %(prefix)s || c.code, c.name || ' ' || c.code,
    c.slug || '-' || c.code, c.geom
  FROM cell c JOIN space p ON p.division_id = %(division)s AND p.code = c.parent ORDER BY c.code
"""


def key_prefix(division: Division, region_slug: str) -> str:
    """Return what stands before the code in the keys of a division; another one in each region."""
    return f"{division.slug}-{region_slug}:"


def write(
    cursor: Cursor[Row], division: Division, grid: Grid, *, region: int, region_slug: str, source: int
) -> None:
    """Write a division with its spaces; the statements' triggers do the memberships and overlaps."""
    prefix = key_prefix(division, region_slug)
    values = {
        "region_id": region,
        "source_id": source,
        "slug": prefix.removesuffix(":"),
        "name": division.name,
        "level_names": list(division.level_names),
        "resident_level": division.resident_level,
    }
    said = {"division": insert(cursor, "division", values), "prefix": prefix}
    cursor.execute("CREATE TEMP TABLE cell (code text, parent text, name text, slug text, geom geometry)")
    copy(cursor, "cell", ("code", "parent", "name", "slug", "geom"), _cells(division, grid))
    cursor.execute(_COARSE, said)
    cursor.execute(_FINE, said)
    cursor.execute("DROP TABLE cell")


def _cells(division: Division, grid: Grid) -> Iterator[Row]:
    """Yield code, parent's code, parent's name and slug, and outline of every fine space."""
    names = [stem + quarter for stem in words.STEMS for quarter in words.QUARTERS]
    Random(grid.seed).shuffle(names)  # noqa: S311 - the same names in every run
    given: dict[str, str] = {}
    for x, y, outline in grid.cells():
        parent = f"{x // division.wide:02}-{y // division.high:02}"
        name = given.setdefault(parent, names[len(given)])
        slug = f"{division.level_names[0]}-{parent}".lower()
        yield _code(x, y), parent, name, slug, outline


def _code(x: int, y: int) -> str:
    return f"{x:02}{y:02}"
