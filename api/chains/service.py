"""Chains: reading them, and every verb that changes one; each leaves one step in the history."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from sqlalchemy import select
from sqlmodel import Session, col

from api.chains.models import HelpChain, HelpChainLink
from api.chains.schemas import MOST_CHAINS, MOST_LINKS, Chain, ChainIn, Link, LinkIn
from api.core.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from api.core.languages import DEFAULT
from api.core.text import slugify
from api.curation.sheet import hold
from api.history import service as history
from api.history.service import Act
from api.regions.models import Region
from api.taxonomy import service as taxonomy

HIGHEST: Final = 2**63 - 1  # number that a row can have
MANY_CHAINS: Final = f"Mehr als {MOST_CHAINS} Ketten hat eine Landkarte nicht."
MANY_LINKS: Final = f"Mehr als {MOST_LINKS} Glieder hat eine Kette nicht."
NO_TOPIC: Final = "Dieses Thema gibt es nicht. Bitte wählen Sie eines aus der Liste."
Way = Literal["up", "down"]
Placed = HelpChain | HelpChainLink


def every(session: Session, region: Region, *, published: bool = True) -> list[Chain]:
    """Return the chains of a region with their links, in their order; published: only those for everybody."""
    stmt = select(HelpChain).where(col(HelpChain.region_id) == region.id)
    if published:
        stmt = stmt.where(col(HelpChain.is_published))
    rows = session.scalars(stmt.order_by(col(HelpChain.position), col(HelpChain.id))).all()
    return [chain for chain in _read(session, rows) if chain.links or not published]


def by_slug(session: Session, region: Region, slug: str) -> Chain:
    """Return a published chain, or raise NotFoundError."""
    is_it = (col(HelpChain.region_id) == region.id) & (col(HelpChain.slug) == slug)
    stmt = select(HelpChain).where(is_it, col(HelpChain.is_published))
    row = session.scalars(stmt).first() if "\x00" not in slug else None  # PostgreSQL takes no NUL
    found = _read(session, [row])[0] if row else None
    if found is None or not found.links:
        raise NotFoundError("There is no such chain.")
    return found


def get(session: Session, region_id: int, chain_id: int) -> Chain:
    """Return a chain, also one that is not published, or raise NotFoundError."""
    return _read(session, [_row(session, region_id, chain_id)])[0]


def link(chain: Chain, link_id: int) -> Link:
    """Return a link of a chain, or raise NotFoundError."""
    found = next((one for one in chain.links if one.id == link_id), None)
    if found is None:
        raise NotFoundError("There is no such link in this chain.")
    return found


def create(session: Session, act: Act, chain: ChainIn) -> Chain:
    """Add a chain at the end, not published yet. Raises InvalidInputError."""
    checked = chain.checked()
    hold(session, act.region_id)
    known = session.scalars(select(HelpChain).where(col(HelpChain.region_id) == act.region_id)).all()
    if len(known) >= MOST_CHAINS:
        raise InvalidInputError(MANY_CHAINS, [FieldError(f"names.{DEFAULT}", MANY_CHAINS)])
    row = HelpChain(
        region_id=act.region_id,
        slug=_free_slug(checked.names[DEFAULT], {one.slug for one in known}),
        position=_after(one.position for one in known),
        **checked.model_dump(),
    )
    return _read(session, [history.create(session, act, row)])[0]


def change(session: Session, act: Act, chain_id: int, chain: ChainIn) -> list[str]:
    """Change the texts of a chain; return the names of the fields that differ. Its slug stays."""
    return history.change(session, act, _row(session, act.region_id, chain_id), chain.checked().model_dump())


def publish(session: Session, act: Act, chain_id: int, *, is_published: bool) -> None:
    """Show a chain to everybody, or to nobody but staff. Raises ConflictError for one without links."""
    row = _row(session, act.region_id, chain_id)
    if is_published and not _links(session, chain_id):
        raise ConflictError("A chain without links helps nobody.")
    history.change(session, act, row, {"is_published": is_published})


def add_link(session: Session, act: Act, chain_id: int, said: LinkIn) -> Link:
    """Add a link at the end of a chain. Raises InvalidInputError."""
    checked = _checked(session, said)
    hold(session, act.region_id)
    _row(session, act.region_id, chain_id)
    there = _links(session, chain_id)
    if len(there) >= MOST_LINKS:
        raise InvalidInputError(MANY_LINKS, [FieldError(f"names.{DEFAULT}", MANY_LINKS)])
    row = HelpChainLink(
        chain_id=chain_id, position=_after(one.position for one in there), **checked.model_dump()
    )
    return _link(history.create(session, act, row))


def change_link(session: Session, act: Act, chain_id: int, link_id: int, said: LinkIn) -> list[str]:
    """Change a link of a chain; return the names of the fields that differ. Raises InvalidInputError."""
    checked = _checked(session, said)
    row = _link_row(session, act.region_id, chain_id, link_id)
    return history.change(session, act, row, checked.model_dump())


def remove_link(session: Session, act: Act, chain_id: int, link_id: int) -> None:
    """Take a link out of a chain; the history keeps it."""
    history.delete(session, act, _link_row(session, act.region_id, chain_id, link_id))


def move_link(session: Session, act: Act, chain_id: int, link_id: int, way: Way) -> None:
    """Move a link by one place; at the end nothing happens."""
    hold(session, act.region_id)
    row = _link_row(session, act.region_id, chain_id, link_id)
    _move(session, act, _links(session, chain_id), row, way)


def move(session: Session, act: Act, chain_id: int, way: Way) -> None:
    """Move a chain by one place in the list of chains; at the end nothing happens."""
    hold(session, act.region_id)
    row = _row(session, act.region_id, chain_id)
    stmt = select(HelpChain).where(col(HelpChain.region_id) == act.region_id)
    rows = session.scalars(stmt.order_by(col(HelpChain.position), col(HelpChain.id))).all()
    _move(session, act, rows, row, way)


def _move(session: Session, act: Act, rows: Sequence[Placed], row: Placed, way: Way) -> None:
    at = next(number for number, one in enumerate(rows) if one.id == row.id)
    target = at + (1 if way == "down" else -1)
    if not 0 <= target < len(rows):
        return
    position = _beyond(rows, target, way)
    if position is None:  # halved too often: all are numbered anew, which is seldom and can be undone, too
        for number, one in enumerate(rows):
            history.change(session, act, one, {"position": float(number)})
        position = _beyond(rows, target, way)
    history.change(session, act, row, {"position": position})


def _beyond(rows: Sequence[Placed], target: int, way: Way) -> float | None:
    """Return a position beyond a row, before the next one; None: there is no number between them."""
    step = 1 if way == "down" else -1
    here, after = rows[target].position, target + step
    if not 0 <= after < len(rows):
        return here + step
    found = (here + rows[after].position) / 2
    return found if min(here, rows[after].position) < found < max(here, rows[after].position) else None


def _after(positions: Iterable[float]) -> float:
    return max(positions, default=0.0) + 1


def _checked(session: Session, said: LinkIn) -> LinkIn:
    checked = said.checked()
    if checked.topic:
        try:
            taxonomy.with_children(session, [checked.topic])
        except InvalidInputError as error:
            raise InvalidInputError("topic", [FieldError("topic", NO_TOPIC)]) from error
    return checked


def _free_slug(name: str, taken: set[str]) -> str:
    wish, number = slugify(name), 1
    slug = wish
    while slug in taken:
        number += 1
        slug = f"{wish}-{number}"
    return slug


def _row(session: Session, region_id: int, chain_id: int) -> HelpChain:
    row = session.get(HelpChain, chain_id) if chain_id <= HIGHEST else None
    if row is None or row.region_id != region_id:
        raise NotFoundError("There is no such chain.")
    return row


def _link_row(session: Session, region_id: int, chain_id: int, link_id: int) -> HelpChainLink:
    _row(session, region_id, chain_id)
    row = session.get(HelpChainLink, link_id) if link_id <= HIGHEST else None
    if row is None or row.chain_id != chain_id:
        raise NotFoundError("There is no such link in this chain.")
    return row


def _links(session: Session, chain_id: int) -> list[HelpChainLink]:
    stmt = select(HelpChainLink).where(col(HelpChainLink.chain_id) == chain_id)
    return list(session.scalars(stmt.order_by(col(HelpChainLink.position), col(HelpChainLink.id))))


def _read(session: Session, rows: Sequence[HelpChain]) -> list[Chain]:
    ids = [row.id for row in rows]
    stmt = select(HelpChainLink).where(col(HelpChainLink.chain_id).in_(ids))
    links: dict[int, list[Link]] = {chain_id: [] for chain_id in ids}
    for one in session.scalars(stmt.order_by(col(HelpChainLink.position), col(HelpChainLink.id))):
        links[one.chain_id].append(_link(one))
    return [Chain.model_validate(row.model_dump() | {"links": links[row.id]}) for row in rows]


def _link(row: HelpChainLink) -> Link:
    return Link.model_validate(row.model_dump())
