"""Searches that somebody has saved: kept as the list's address says them, counted when they are shown.

What is new in one is what answers it now and was never seen in it. So neither an offer that was changed but
answered before is called new, nor one that comes back after a pause.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import Session, col

from api.accounts.policy import Person
from api.core import clock
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.regions.models import Region
from api.search import service as search
from api.search.schemas import SearchQuery
from api.search.shelves import Shelves
from api.watching import watchers
from api.watching.models import SavedSearch

MOST: Final = 30  # of one account
# A search that finds more than this chooses nothing, and its ids would not be worth keeping.
MOST_KNOWN: Final = 20_000
KEPT: Final = timedelta(days=1)  # what was removed, for whoever wants it back
HIGHEST: Final = 2**63 - 1

# From an address to what it asks for; raises InvalidInputError where it names what is gone.
Read = Callable[[str], SearchQuery]


@dataclass(frozen=True)
class Counted:
    """A saved search with what answers it now.

    number: how many; None: something it names is gone, or it is too wide. new: ids not seen on the page,
    untold: those among them that no mail has told. is_certain: whether words were answered by the index.
    """

    search: SavedSearch
    number: int | None
    ids: Sequence[int] = ()
    new: Sequence[int] = ()
    untold: Sequence[int] = ()
    is_certain: bool = True


def of(session: Session, person: Person) -> Sequence[SavedSearch]:
    """Return somebody's searches by name."""
    order = (func.lower(col(SavedSearch.name)), col(SavedSearch.id))
    return session.scalars(select(SavedSearch).where(_own(person), _there()).order_by(*order)).all()


def get(session: Session, person: Person, search_id: int, *, removed: bool | None = False) -> SavedSearch:
    """Return one of somebody's searches, removed lately or not (None: either), or raise NotFoundError."""
    found = session.get(SavedSearch, search_id) if search_id <= HIGHEST else None
    is_own = found and (found.account_id, found.region_id) == (person.account_id, person.region_id)
    if found is None or not is_own or removed not in (None, found.removed_at is not None):
        raise NotFoundError("There is no such search.")
    return found


def save(
    session: Session, region: Region, person: Person, address: str, name: str, ids: Sequence[int] | None
) -> tuple[SavedSearch, bool]:
    """Save a search with what answers it now (None: that is not certain); return it, and whether it is new.

    The same one is there once: then nothing changes but the name, if one is said for one that was removed.
    Raises ConflictError where there are MOST already, InvalidInputError where it finds too much.
    """
    watchers.held(session, region, person.account_id)  # of two at the same time, the second one finds it
    if ids is not None and len(ids) > MOST_KNOWN:
        raise InvalidInputError(f"The search finds more than {MOST_KNOWN} offers.")
    known = session.scalars(
        select(SavedSearch).where(_own(person), col(SavedSearch.address) == address)
    ).first()
    if known is not None and known.removed_at is None:
        return known, False
    if len(of(session, person)) >= MOST:
        raise ConflictError(f"There are {MOST} searches already.")
    now = clock.now()
    if known is not None:
        session.delete(known)
        session.flush()
    row = SavedSearch(
        account_id=person.account_id,
        region_id=region.id,
        name=name,
        address=address,
        known=sorted(ids) if ids is not None else None,
        told=[],
        created_at=now,
        seen_at=now,
    )
    session.add(row)
    session.flush()
    return row, True


def rename(session: Session, person: Person, search_id: int, name: str) -> None:
    """Call a search something else."""
    get(session, person, search_id).name = name
    session.flush()


def remove(session: Session, person: Person, search_id: int) -> None:
    """Forget a search; the last one can be brought back for a while. Twice is as good as once."""
    found = get(session, person, search_id, removed=None)
    if found.removed_at is not None:
        return
    session.execute(delete(SavedSearch).where(_own(person), col(SavedSearch.removed_at).is_not(None)))
    found.removed_at = clock.now()
    session.flush()


def bring_back(session: Session, person: Person, search_id: int) -> None:
    """Bring back the search that was removed last, with all that was known of it."""
    found = get(session, person, search_id, removed=None)
    if found.removed_at is None:
        return
    if len(of(session, person)) >= MOST:
        raise ConflictError(f"There are {MOST} searches already.")
    found.removed_at = None
    session.flush()


def forget(session: Session) -> None:
    """Delete what was removed longer ago than KEPT, of everybody."""
    session.execute(delete(SavedSearch).where(col(SavedSearch.removed_at) < clock.now() - KEPT))


def answers(
    session: Session, region: Region, query: SearchQuery, shelves: Shelves | None
) -> tuple[list[int], bool]:
    """Return the offers that answer a question whole, and whether that is certain: words need the index."""
    hits = search.look_up(session, region, query, shelves)
    return [int(one) for one in hits.ids[: hits.whole]], not hits.is_plain


def counted(
    session: Session, region: Region, saved: SavedSearch, read: Read, shelves: Shelves | None
) -> Counted:
    """Return a search with what answers it now; a search that could not be counted before has nothing new."""
    try:
        ids, is_certain = answers(session, region, read(saved.address), shelves)
    except InvalidInputError:
        return Counted(saved, None)
    if len(ids) > MOST_KNOWN:
        return Counted(saved, None)
    if not is_certain or saved.known is None:
        return Counted(saved, len(ids), ids, is_certain=is_certain)
    known, told = set(saved.known), set(saved.told)
    new = [one for one in ids if one not in known]
    return Counted(saved, len(ids), ids, new, [one for one in new if one not in told])


def count_first(session: Session, found: Sequence[Counted]) -> None:
    """Keep what answers those searches that nobody could count yet: from now on something can be new."""
    for one in found:
        if one.search.known is None:
            note(one, seen=True)
    session.flush()


def note(found: Counted, *, seen: bool) -> None:
    """Keep that all that answers a search was seen on the page, or else that it was told by mail."""
    saved = found.search
    if found.number is None or not found.is_certain:
        return
    if seen or saved.known is None:
        saved.known = _together(saved.known or (), found.ids)
        saved.told = []
        saved.seen_at = clock.now()
    elif found.untold:
        saved.told = _together(saved.told, found.untold)


def _together(known: Sequence[int], more: Sequence[int]) -> list[int]:
    every = sorted({*known, *more})
    return every if len(every) <= MOST_KNOWN else sorted(more)


def _own(person: Person) -> ColumnElement[bool]:
    return (col(SavedSearch.account_id) == person.account_id) & (
        col(SavedSearch.region_id) == person.region_id
    )


def _there() -> ColumnElement[bool]:
    return col(SavedSearch.removed_at).is_(None)
