"""Loads the help chains of a region file; those that are there already belong to who looks after them."""

from pydantic import Field
from sqlmodel import Session

from api.chains import service as chains
from api.chains.schemas import ChainIn, LinkIn
from api.core.errors import InvalidInputError
from api.core.text import slugify
from api.history.models import Origin
from api.history.service import Act
from api.regions.models import Region
from importers.errors import UnusableError
from importers.run import ACTOR
from importers.strict import Strict


class LinkTable(Strict):
    """A link: a topic, words or both."""

    name: dict[str, str]
    topic: str = ""
    words: str = ""
    min_age: int | None = None
    max_age: int | None = None


class ChainTable(Strict):
    """A chain with its links in their order."""

    name: dict[str, str]
    summary: dict[str, str] = Field(default={})
    links: list[LinkTable] = Field(min_length=1)


def load(session: Session, region: Region, tables: list[ChainTable], origin: str) -> list[str]:
    """Add the chains that the region does not have, public at once; return remarks. Raises UnusableError."""
    act = Act(region.id, ACTOR, Origin.IMPORT)
    known = {chain.slug for chain in chains.every(session, region, published=False)}
    remarks = []
    for table in tables:
        name = table.name.get("de", "")
        if slugify(name) in known:
            continue
        try:
            chain = chains.create(session, act, ChainIn(names=table.name, summaries=table.summary))
            for link in table.links:
                said = {"names": link.name, **link.model_dump(exclude={"name"})}
                chains.add_link(session, act, chain.id, LinkIn.model_validate(said))
        except InvalidInputError as error:
            raise UnusableError(f"{origin}: Hilfekette „{name}“ – {error.errors[0].detail}") from error
        chains.publish(session, act, chain.id, is_published=True)
        remarks.append(f"{region.name}: Hilfekette „{name}“ angelegt.")
    return remarks
