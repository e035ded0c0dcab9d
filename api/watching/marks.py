"""The offers on somebody's list: put there, taken off, and how they stand now and stood before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.offers import freshness, redirects
from api.offers.freshness import Freshness, OfferFreshness
from api.offers.models import Offer, Status
from api.organizations.models import Organization
from api.regions.models import Region
from api.watching import facts, watchers
from api.watching.facts import Fact
from api.watching.models import Standing, WatchedOffer
from api.watching.searches import HIGHEST, KEPT

MOST: Final = 200  # of one account
_STANDINGS: Final = {
    Status.PUBLISHED: Standing.PUBLIC,
    Status.PAUSED: Standing.PAUSED,
    Status.ARCHIVED: Standing.ARCHIVED,
}
_STALE: Final = (Freshness.DUE, Freshness.OVERDUE)


class State(NamedTuple):
    """How an offer stands, as far as an account may know it."""

    standing: Standing
    freshness: Freshness | None  # none: it is not public


@dataclass(frozen=True)
class Offered:
    """An offer as lists name it."""

    offer_id: int
    slug: str
    name: str
    organization: str


@dataclass(frozen=True)
class Difference:
    """What is different from before; nothing: all is as it was."""

    facts: Sequence[Fact] = ()
    standing: Standing | None = None  # if it is another one now
    freshness: Freshness | None = None  # if it is due or overdue now and was not

    def __bool__(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self.facts or self.standing or self.freshness)


@dataclass(frozen=True)
class Line:
    """An offer of the list: as it is, and what is different since it was seen and since a mail told of it.

    offer: None: nobody may know more than that it is gone. moved: what it has become part of, if public.
    """

    mark: WatchedOffer
    offer: Offered | None
    state: State
    paused_until: date | None = None
    verified_on: date | None = None
    moved: Offered | None = None
    unseen: Difference = field(default_factory=Difference)
    untold: Difference = field(default_factory=Difference)


def watch(session: Session, region: Region, person: Person, offer_id: int) -> bool:
    """Put an offer on somebody's list, as it is now; return whether it is new there.

    Raises NotFoundError for what they may not see, ConflictError where there are MOST already.
    """
    watchers.held(session, region, person.account_id)
    found = session.get(WatchedOffer, (person.account_id, offer_id)) if offer_id <= HIGHEST else None
    if found is not None and found.removed_at is None and found.region_id == region.id:
        return False
    states = _rows(session, region, person, [offer_id]) if offer_id <= HIGHEST else {}
    row = states.get(offer_id)
    if row is None or not row.is_visible:
        raise NotFoundError("There is no such offer.")
    _check_room(session, person)
    if found is not None:
        session.delete(found)
        session.flush()
    now, last, state = clock.now(), facts.last_revision(session, region.id), _state(row, region)
    session.add(
        WatchedOffer(
            account_id=person.account_id,
            offer_id=offer_id,
            region_id=region.id,
            created_at=now,
            seen_at=now,
            seen_revision=last,
            seen_standing=state.standing,
            seen_freshness=state.freshness,
            told_revision=last,
            told_standing=state.standing,
            told_freshness=state.freshness,
        )
    )
    session.flush()
    return True


def remove(session: Session, person: Person, offer_id: int) -> None:
    """Take an offer off somebody's list; the last one can be brought back for a while.

    Twice is as good as once.
    """
    found = _get(session, person, offer_id)
    if found.removed_at is not None:
        return
    session.execute(delete(WatchedOffer).where(_own(person), col(WatchedOffer.removed_at).is_not(None)))
    found.removed_at = clock.now()
    session.flush()


def bring_back(session: Session, person: Person, offer_id: int) -> None:
    """Bring back the offer that was taken off last, with what was known of it."""
    found = _get(session, person, offer_id)
    if found.removed_at is None:
        return
    _check_room(session, person)
    found.removed_at = None
    session.flush()


def forget(session: Session) -> None:
    """Delete what was taken off longer ago than KEPT, of everybody."""
    session.execute(delete(WatchedOffer).where(col(WatchedOffer.removed_at) < clock.now() - KEPT))


def watched(session: Session, person: Person, ids: Sequence[int]) -> set[int]:
    """Return which of some offers are on somebody's list."""
    stmt = select(col(WatchedOffer.offer_id)).where(
        _own(person), _there(), col(WatchedOffer.offer_id).in_(ids)
    )
    return set(session.scalars(stmt)) if ids else set()


def lines(session: Session, region: Region, person: Person) -> list[Line]:
    """Return somebody's list: what is different first, then by name."""
    marks = session.scalars(select(WatchedOffer).where(_own(person), _there())).all()
    rows = _rows(session, region, person, [mark.offer_id for mark in marks])
    seen = facts.changed(session, [(mark.offer_id, mark.seen_revision) for mark in marks])
    told = facts.changed(session, [(mark.offer_id, mark.told_revision) for mark in marks])
    moved = _moved(session, region, [mark.offer_id for mark in marks if not _is_public(rows, mark)])
    found = []
    for mark in marks:
        row = rows.get(mark.offer_id)
        state = _state(row, region)
        offer = _offered(row) if row is not None and row.is_visible else None
        before = (
            State(mark.seen_standing, mark.seen_freshness),
            State(mark.told_standing, mark.told_freshness),
        )
        found.append(
            Line(
                mark,
                offer,
                state,
                row.paused_until if offer and row is not None else None,
                row.verified_on if offer and row is not None else None,
                moved.get(mark.offer_id),
                difference(before[0], state, seen.get(mark.offer_id, ())),
                difference(before[1], state, told.get(mark.offer_id, ())),
            )
        )
    return sorted(found, key=lambda line: (not line.unseen, line.offer.name.lower() if line.offer else ""))


def difference(before: State, now: State, changed: Sequence[Fact]) -> Difference:
    """Return what is to be told of an offer: its facts only while it is public, its age only as it grows."""
    is_stale = now.freshness in _STALE and _age(now) > _age(before)
    return Difference(
        facts=changed if now.standing == Standing.PUBLIC else (),
        standing=now.standing if now.standing != before.standing else None,
        freshness=now.freshness if is_stale else None,
    )


def note(found: Sequence[Line], last: int, *, seen: bool) -> None:
    """Keep that a list was seen on the page as it is, or else that it was told by mail; last: revision."""
    for line in found:
        mark = line.mark
        mark.told_revision = last
        mark.told_standing, mark.told_freshness = line.state
        if seen:
            mark.seen_at, mark.seen_revision = clock.now(), last
            mark.seen_standing, mark.seen_freshness = line.state


def offered(session: Session, region: Region, ids: Sequence[int]) -> dict[int, Offered]:
    """Return those of some offers that are public, by number."""
    stmt = _columns().where(
        col(Offer.region_id) == region.id, col(Offer.status) == Status.PUBLISHED, col(Offer.id).in_(ids)
    )
    return {row.id: _offered(row) for row in session.execute(stmt)} if ids else {}


def _age(state: State) -> int:
    return list(Freshness).index(state.freshness) if state.freshness else -1


def _moved(session: Session, region: Region, ids: Sequence[int]) -> dict[int, Offered]:
    targets = redirects.of_ids(session, region.id, ids)
    known = offered(session, region, sorted({target.id for target in targets.values()}))
    return {old: known[target.id] for old, target in targets.items() if target.id in known}


def _is_public(rows: dict[int, Any], mark: WatchedOffer) -> bool:
    row = rows.get(mark.offer_id)
    return row is not None and row.status == Status.PUBLISHED


def _columns() -> Any:  # noqa: ANN401 - a statement of many columns
    names = ("id", "slug", "name", "status", "paused_until", "verified_on")
    return select(
        *(col(getattr(Offer, name)) for name in names), col(Organization.name).label("organization")
    ).outerjoin(Organization, col(Organization.id) == col(Offer.organization_id))


def _rows(session: Session, region: Region, person: Person, ids: Sequence[int]) -> dict[int, Any]:
    is_visible = or_(col(Offer.status) == Status.PUBLISHED, scope.offers_for(person, Action.SEE_ENTRIES))
    days = [col(getattr(OfferFreshness, name)) for name in ("fresh_until", "due_on", "overdue_on")]
    stmt = (
        _columns()
        .add_columns(is_visible.label("is_visible"), *days)
        .outerjoin(OfferFreshness, col(OfferFreshness.offer_id) == col(Offer.id))
        .where(col(Offer.region_id) == region.id, col(Offer.id).in_(ids))
    )
    return {row.id: row for row in session.execute(stmt)} if ids else {}


def _state(row: Any, region: Region) -> State:  # noqa: ANN401 - a row of _rows, or none
    if row is None or not row.is_visible:
        return State(Standing.GONE, None)
    if row.status != Status.PUBLISHED or row.due_on is None:
        return State(_STANDINGS.get(row.status, Standing.UNPUBLISHED), None)
    today = clock.today(region.timezone)
    return State(Standing.PUBLIC, freshness.state(today, row.fresh_until, row.due_on, row.overdue_on))


def _offered(row: Any) -> Offered:  # noqa: ANN401 - a row of _columns
    return Offered(row.id, row.slug, row.name, row.organization or "")


def _check_room(session: Session, person: Person) -> None:
    stmt = select(func.count()).select_from(WatchedOffer).where(_own(person), _there())
    if (session.scalar(stmt) or 0) >= MOST:
        raise ConflictError(f"There are {MOST} offers already.")


def _get(session: Session, person: Person, offer_id: int) -> WatchedOffer:
    found = session.get(WatchedOffer, (person.account_id, offer_id)) if offer_id <= HIGHEST else None
    is_here = found is not None and found.region_id == person.region_id
    if found is None or not is_here:
        raise NotFoundError("This offer is not on the list.")
    return found


def _own(person: Person) -> ColumnElement[bool]:
    return (col(WatchedOffer.account_id) == person.account_id) & (
        col(WatchedOffer.region_id) == person.region_id
    )


def _there() -> ColumnElement[bool]:
    return col(WatchedOffer.removed_at).is_(None)
