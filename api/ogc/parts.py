"""Part of a collection: which features are wanted, and what PostgreSQL made of them."""

from typing import Any, Final, NamedTuple

from sqlalchemy import CTE
from sqlalchemy.sql.expression import TextualSelect
from sqlmodel import Session

from api.ogc.systems import System


class Slice(NamedTuple):
    """Which features of those that match are wanted, and how many match, if that is known already."""

    limit: int
    offset: int
    matched: int | None = None


ONE: Final = Slice(1, 0, 1)


class Part(NamedTuple):
    """Part of what matches, as the text between the brackets of a list of features."""

    matched: int
    returned: int
    features: str


def read(
    session: Session, page: TextualSelect, found: CTE, system: System, wanted: Slice, pages: str
) -> Part:
    """Return the features that a statement builds of those found; pages: where the region's pages are."""
    values = {**written(system), **wanted._asdict(), "pages": pages}
    row = session.execute(page.bindparams(**values).add_cte(found)).one()
    return Part(row.matched, row.returned, row.features)


def written(system: System) -> dict[str, Any]:
    """Return what a statement has to know to write coordinates in a system."""
    return {"north_first": system.is_north_first, "srid": system.srid, "digits": system.digits}
