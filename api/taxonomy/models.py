"""Topics and audiences: the shared vocabulary in which people's needs are said."""

from sqlmodel import Field, SQLModel

from api.core import tables


class Topic(SQLModel, table=True):
    """A need in residents' plain words; two levels, the same in all regions of an installation."""

    id: int = tables.identity()
    parent_id: int | None = tables.reference("topic.id", optional=True)
    slug: str = Field(unique=True)
    icon: str
    position: int
    names: dict[str, str] = tables.document()
    descriptions: dict[str, str] = tables.document()
    synonyms: list[str] = tables.texts()
    helplines: list[str] = tables.texts()  # kinds of helplines that are shown with it


class Audience(SQLModel, table=True):
    """A group of people that offers are made for."""

    id: int = tables.identity()
    slug: str = Field(unique=True)
    position: int
    names: dict[str, str] = tables.document()
    min_age: int | None = None
    max_age: int | None = None
