"""Divisions, spaces, their neighbours and their outlines."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.core.errors import FieldError, InvalidInputError, NotFoundError
from api.core.tables import columns
from api.regions.models import Region
from api.spaces import queries
from api.spaces.models import Division, Space, SpaceOverlap
from api.spaces.schemas import DivisionOut, LevelOut, SpaceRef


def divisions(session: Session, region: Region) -> list[DivisionOut]:
    """Return the region's divisions with their levels."""
    rows = session.execute(
        select(*columns(Division), col(Space.level), func.count().label("spaces"))
        .join(Space, col(Space.division_id) == col(Division.id))
        .where(col(Division.region_id) == region.id)
        .group_by(col(Division.id), col(Space.level))
        .order_by(col(Division.id), col(Space.level))
    )
    found: dict[int, DivisionOut] = {}
    for row in rows:
        out = found.setdefault(row.id, DivisionOut.model_validate({**row._mapping, "levels": []}))  # noqa: SLF001
        out.levels.append(LevelOut(level=row.level, name=row.level_names[row.level - 1], spaces=row.spaces))
    return list(found.values())


def resident_spaces(session: Session, region: Region) -> list[SpaceRef]:
    """Return the spaces that residents call Stadtteil, by name."""
    rows = session.execute(queries.refs(region).where(queries.resident()))
    return [SpaceRef.model_validate(row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's public name


def resident_space(session: Session, region: Region, slug: str) -> SpaceRef:
    """Return the Stadtteil with this slug or raise NotFoundError."""
    stmt = queries.refs(region).where(queries.resident(), col(Space.slug) == slug)
    row = session.execute(stmt).first() if "\x00" not in slug else None  # PostgreSQL takes no NUL
    if row is None:
        raise NotFoundError(f"There is no “{slug}” in {region.name}.")
    return SpaceRef.model_validate(row._mapping)  # noqa: SLF001


def by_keys(session: Session, region: Region, keys: Sequence[str]) -> dict[int, SpaceRef]:
    """Return spaces by id for keys like "lor:110306", or raise InvalidInputError for an unknown one."""
    rows = session.execute(queries.refs(region).where(col(Space.key).in_(keys))).all()
    found = {row.id: SpaceRef.model_validate(row._mapping) for row in rows}  # noqa: SLF001
    unknown = sorted(set(keys) - {space.key for space in found.values()})
    if unknown:
        detail = f"“{unknown[0]}” is not the key of a space (division:code, see GET /spaces)"
        raise InvalidInputError(f"space: {detail}.", [FieldError("space", detail)])
    return found


def overlapping_keys(session: Session, space_ids: Sequence[int]) -> list[str]:
    """Return the keys of all spaces, of any division, that share area with one of these."""
    overlap = select(col(SpaceOverlap.other_id)).where(col(SpaceOverlap.space_id).in_(space_ids))
    return sorted(session.scalars(select(col(Space.key)).where(col(Space.id).in_(overlap))))


def known(session: Session, region: Region, keys: Sequence[str]) -> list[SpaceRef]:
    """Return the spaces with these keys; keys of spaces that no longer exist are passed over."""
    rows = session.execute(queries.refs(region).where(col(Space.key).in_(keys)))
    return [SpaceRef.model_validate(row._mapping) for row in rows]  # noqa: SLF001


def space_id(session: Session, region: Region, key: str) -> int:
    """Return the id of the space with this key or raise InvalidInputError."""
    return next(iter(by_keys(session, region, [key])))


def neighbours(session: Session, region: Region, key: str) -> list[SpaceRef]:
    """Return the spaces of the same level that border on a space, by name."""
    touching = queries.touching(space_id(session, region, key))
    rows = session.execute(queries.refs(region).where(col(Space.id).in_(touching)))
    return [SpaceRef.model_validate(row._mapping) for row in rows]  # noqa: SLF001


def overlapping(session: Session, region: Region, key: str) -> list[SpaceRef]:
    """Return the spaces of other divisions that share area with a space."""
    ids = select(queries.overlapping(space_id(session, region, key)).subquery().c.id)
    here = key.partition(":")[0]
    rows = session.execute(queries.refs(region).where(col(Space.id).in_(ids), col(Division.slug) != here))
    return [SpaceRef.model_validate(row._mapping) for row in rows]  # noqa: SLF001


def middle(session: Session, region: Region, key: str) -> tuple[float, float]:
    """Return a point well inside a space (degrees, EPSG:4326), or raise InvalidInputError."""
    point = func.ST_PointOnSurface(col(Space.geom))
    inside = select(func.ST_X(point), func.ST_Y(point)).where(col(Space.id) == space_id(session, region, key))
    lon, lat = session.execute(inside).one()
    return lon, lat


def covering(session: Session, region: Region, lon: float, lat: float) -> list[str]:
    """Return the keys of the spaces in which a point lies (degrees, EPSG:4326)."""
    point = func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)
    here = queries.refs(region).where(func.ST_Covers(col(Space.geom), point))
    return [row.key for row in session.execute(here)]
