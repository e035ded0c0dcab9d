"""Provenance: where entries come from and what the source said, word for word."""

from datetime import date
from typing import Any, Final

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from api.core import tables
from api.history.entities import versioned

# Marks in SourceRecord.mapped that the import wrote nothing: somebody else had entered the offer already.
LINKED: Final = "linked"


class Source(SQLModel, table=True):
    """A published list that entries or polygons come from, with its licence."""

    __table_args__ = (UniqueConstraint("region_id", "slug"),)

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    slug: str
    title: str
    publisher: str
    url: str = ""
    licence: str
    licence_url: str = ""
    attribution: str
    date_on: date | None = None  # the state of the data
    is_example: bool = False


class SourceRecord(SQLModel, table=True):
    """One row of a source and the entries made from it."""

    __tablename__ = "source_record"
    __table_args__ = (UniqueConstraint("source_id", "key"),)

    id: int = tables.identity()
    source_id: int = tables.reference("source.id", index=False)
    key: str
    offer_id: int = tables.reference("offer.id")
    offer_at_place_id: int | None = tables.reference("offer_at_place.id", optional=True)
    raw: dict[str, Any] = tables.document()  # the row as published
    mapped: dict[str, Any] = (
        tables.document()
    )  # what the import last wrote: differs from now = a human edited


versioned(Source)
versioned(SourceRecord, whole=("offer", "offer_id"))
