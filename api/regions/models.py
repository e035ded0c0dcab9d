"""Regions: each is one operated map and owns everything on it."""

from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from api.core import tables


class Region(SQLModel, table=True):
    """A city or county with its map; the unit that can move to another installation."""

    __table_args__ = (
        Index("uq_region_default", "is_default", unique=True, postgresql_where=text("is_default")),
    )

    id: int = tables.identity()
    slug: str = Field(unique=True)
    name: str
    hostnames: list[str] = tables.texts()
    is_default: bool = False
    state: str  # federal state as in ISO 3166-2:DE, e.g. "BE": decides on holidays
    timezone: str
    space_word: str  # what residents call a space: "stadtteil" or "ort"
    help_name: str
    help_phone: str
    # Emergency and advice numbers of its own, beside or instead of those in data/help; see helplines.py.
    helplines: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSONB, sa_column_kwargs={"server_default": "[]"}
    )
    # Markdown of its own for pages such as "impressum": page → language → text; see web/texts.py.
    texts: dict[str, dict[str, str]] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    # Name, mark and colour of its own instead of ours; see identity.py.
    identity: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSONB, sa_column_kwargs={"server_default": "{}"}
    )
    exit_url: str = Field(default="", sa_column_kwargs={"server_default": ""})  # where the quick exit leads
    # Nobody publishes alone: whoever proposes something does not accept it.
    four_eyes: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    # Raised by the database with every committed change of anything public; ETags are built from it.
    data_version: int = Field(default=1, sa_type=BigInteger, sa_column_kwargs={"server_default": "1"})
    version_xid: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
