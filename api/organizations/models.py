"""Organizations: who is responsible for offers."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from api.core import tables
from api.history.entities import versioned


class Organization(SQLModel, table=True):
    """A provider; residents read "Anbieter"."""

    __table_args__ = (UniqueConstraint("region_id", "name"),)

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    name: str
    website: str | None = None


versioned(Organization)
