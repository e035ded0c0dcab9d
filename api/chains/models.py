"""Help chains and their links; what people decide about them has a history."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from api.core import tables
from api.history.entities import versioned


class HelpChain(SQLModel, table=True):
    """A situation that many know, and what helps one after the other; looked after by the network."""

    __tablename__ = "help_chain"
    __table_args__ = (UniqueConstraint("region_id", "slug"),)

    id: int = tables.identity()
    region_id: int = tables.reference("region.id", index=False)
    slug: str  # stays: it is in links
    names: dict[str, str] = tables.document()  # language → text; "de" is always there
    summaries: dict[str, str] = tables.document()  # one sentence; language → text, none is {}
    is_published: bool = False
    # Between those of its neighbours: a chain that is moved changes alone, so that moving it can be undone.
    position: float


class HelpChainLink(SQLModel, table=True):
    """A step of a chain: which offers answer it, by topic, by words, or because somebody has named them."""

    __tablename__ = "help_chain_link"
    __table_args__ = (
        CheckConstraint("min_age <= max_age", name="ages"),
        Index("ix_help_chain_link_chain", "chain_id", "position"),
    )

    id: int = tables.identity()
    chain_id: int = tables.reference("help_chain.id", index=False)
    position: float  # as of a chain
    names: dict[str, str] = tables.document()
    topic: str = ""  # slug, finer ones included
    words: str = ""  # as people type them into the search
    min_age: int | None = None  # years
    max_age: int | None = None
    # In their order. No foreign keys: what is gone is passed over, what was merged is found where it is now.
    offer_ids: list[int] = Field(
        default_factory=list, sa_type=ARRAY(BigInteger), sa_column_kwargs={"server_default": "{}"}
    )


versioned(HelpChain)
versioned(HelpChainLink, whole=("help_chain", "chain_id"))
