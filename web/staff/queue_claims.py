"""Who looks after what, for the pages of the queue, and what of it somebody may look after at all."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core.errors import NotFoundError
from api.curation import claims, duplicates_listing, reach, unplaced
from api.curation.claims import About, Thing
from api.doubts import service as doubts
from api.regions.models import Region
from web.staff.queue_kinds import QUEUE
from web.staff.queue_words import actors

CLAIM: Final = f"{QUEUE}/kuemmern"
_KEY: Final = re.compile(rf"({'|'.join(About)})-([1-9][0-9]{{0,18}})")


@dataclass(frozen=True)
class Care:
    """Who looks after a thing; without a name nobody does."""

    key: str  # „proposal-12“, as forms name the thing
    name: str = ""
    account_id: int | None = None
    since: datetime | None = None
    is_mine: bool = False


def key(thing: Thing) -> str:
    """Return what forms call a thing."""
    return f"{thing[0]}-{thing[1]}"


def thing_named(said: str) -> Thing:
    """Return the thing that a form names, or raise NotFoundError."""
    found = _KEY.fullmatch(said)
    if found is None or int(found[2]) > reach.HIGHEST:
        raise NotFoundError("There is no such thing in the queue.")
    return About(found[1]), int(found[2])


def cares(session: Session, person: Person, things: Collection[Thing]) -> dict[Thing, Care]:
    """Return for each of these things who looks after it."""
    held = claims.held(session, person.region_id, things)
    names = actors(session, {f"account:{one.account_id}" for one in held.values()})
    found = {thing: Care(key(thing)) for thing in things}
    for thing, one in held.items():
        name = names[f"account:{one.account_id}"]
        is_mine = one.account_id == person.account_id
        found[thing] = Care(key(thing), name, one.account_id, one.since, is_mine)
    return found


def care(session: Session, person: Person, thing: Thing) -> Care:
    """Return who looks after one thing."""
    return cares(session, person, [thing])[thing]


def check(session: Session, region: Region, person: Person, thing: Thing) -> None:
    """Raise NotFoundError unless the thing is there and in the person's queue."""
    about, number = thing
    if about == About.PROPOSAL:
        reach.proposal_for(session, person, Action.SEE_QUEUE, number)
    elif about == About.PLACE:
        only = scope.offers_for(person, Action.SEE_QUEUE)
        unplaced.get(session, region.id, number, unplaced.Wanted(only=only))
    else:
        for offer_id in _offers(session, region, about, number):
            reach.offer_for(session, person, Action.SEE_QUEUE, offer_id)


def _offers(session: Session, region: Region, about: About, number: int) -> Sequence[int]:
    if about == About.DOUBT:
        return [doubts.get(session, region.id, number).offer_id]
    if about == About.PAIR:
        pair = duplicates_listing.pair(session, region, number)
        return [pair.one.id, pair.other.id]
    return [number]
