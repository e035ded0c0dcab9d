"""What all tables share: names of constraints, and columns of a few recurring kinds."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Enum, Identity, Select, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# A statement whose columns are only known when it runs.
Rows = Select[*tuple[Any, ...]]


def columns(table: type[SQLModel]) -> Any:  # noqa: ANN401 - SQLAlchemy's collection knows no types
    """Return the columns of a table, for statements that name or combine them freely."""
    return table.__table__.c  # type: ignore[attr-defined]


def identity() -> Any:  # noqa: ANN401 - SQLModel's own Field returns Any
    """Return a primary key that PostgreSQL counts up."""
    return Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"server_default": Identity()}
    )


def reference(target: str, *, optional: bool = False, index: bool = True) -> Any:  # noqa: ANN401
    """Return a foreign key to "table.column", indexed unless a longer index begins with it."""
    return Field(
        default=None,
        foreign_key=target,
        nullable=optional,
        index=index,
        sa_type=BigInteger,
    )


def choice(
    values: type[StrEnum], default: StrEnum | None = None, name: str = "", *, optional: bool = False
) -> Any:  # noqa: ANN401
    """Return a text column that takes only the values of an enumeration; name: where two columns have it."""
    kind = Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=name or values.__name__.lower(),
        values_callable=lambda enum: [member.value for member in enum],
    )
    return Field(default=default, sa_type=kind, nullable=optional)


def texts() -> Any:  # noqa: ANN401
    """Return a list of texts, empty by default."""
    return Field(
        default_factory=list,
        sa_type=ARRAY(Text),
        nullable=False,
        sa_column_kwargs={"server_default": "{}"},
    )


def document(*, optional: bool = False) -> Any:  # noqa: ANN401
    """Return a JSON document, {} by default."""
    return Field(
        default=None if optional else ...,
        sa_type=JSONB,
        nullable=optional,
    )


def instant(*, optional: bool = False) -> Any:  # noqa: ANN401
    """Return an aware point in time (UTC)."""
    return Field(default=None, sa_type=DateTime(timezone=True), nullable=optional)
