"""Pairs of offers on pages of staff: who reaches them, and where the pages about them are."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from fastapi import Request
from sqlalchemy import ColumnElement
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core.errors import NotFoundError
from api.curation import duplicates_listing, entries, reach
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_listing import PairLine, Side
from api.curation.entries import Whereabouts
from api.curation.merging_undo import pair_of_offer
from api.regions.models import Region
from web.staff import duplicates_queue, queue
from web.staff.queue import Reader
from web.staff.queue_reading import asked

_LOOKED_THROUGH = 100  # from the oldest on, to find what comes after one


class Here(NamedTuple):
    """Who asks for a page about pairs; its address says of which space and topic."""

    request: Request
    session: Session
    region: Region
    person: Person

    @property
    def reader(self) -> Reader:
        """Who asks, with what the list was filtered by."""
        return asked(*self)[0]

    @property
    def mine(self) -> ColumnElement[bool]:
        """The condition on offers for those that the person may merge."""
        return scope.offers_for(self.person, Action.MERGE)

    @property
    def back(self) -> str:
        """What an address says of the queue from which somebody came."""
        reader, task = asked(*self)
        return queue.address(task.slug if task else "", reader, path="")

    def url(self, path: str = duplicates_queue.PAIR, **more: str) -> str:
        """Return an address that keeps the filters."""
        return queue.address("", self.reader, 1, path, **more)

    def ways(self, pair_id: int) -> dict[str, Any]:
        """Return where one came from and what comes next, as the pages about a pair show it."""
        following = self.after(pair_id)
        return {
            "here": queue.QUEUE,
            "at": address(pair_id),
            "query": self.url(""),
            "list_url": self.url(),
            "next_url": self.url(following) if following else "",
        }

    def after(self, pair_id: int) -> str:
        """Return the path of the pair that waits behind this one, else of the first; empty: none does."""
        wanted = duplicates_queue.wanted(self.reader)
        lines = duplicates_listing.pairs(self.session, self.region, wanted, 1, _LOOKED_THROUGH).results
        numbers = [line.id for line in lines]
        rest = numbers[numbers.index(pair_id) + 1 :] if pair_id in numbers else []
        found = next((number for number in [*rest, *numbers] if number != pair_id), None)
        return address(found) if found else ""


def address(pair_id: int) -> str:
    """Return the path of the page about a pair."""
    return f"{duplicates_queue.PAIR}/{pair_id}"


def merged_into(session: Session, region: Region, offer_id: int) -> str:
    """Return the path of the page about the merge by which an offer has gone; empty: it was not merged."""
    try:
        return address(pair_of_offer(session, region.id, offer_id))
    except NotFoundError:
        return ""


def pair_for(here: Here, pair_id: int, action: Action = Action.MERGE) -> PairLine:
    """Return a pair; raise NotFoundError, also if one of its offers is no business of this person.

    Of a merged pair only the offer counts that has stayed: the other one may lie nowhere any more.
    """
    if pair_id > reach.HIGHEST:
        raise NotFoundError("There is no such pair.")
    line = duplicates_listing.pair(here.session, here.region, pair_id)
    is_merged = line.decision == PairDecision.MERGED and line.kept_id is not None
    for offer_id in [line.kept_id or 0] if is_merged else [line.one.id, line.other.id]:
        reach.offer_for(here.session, here.person, action, offer_id)
    return line


def check_sees_all(here: Here, line: PairLine) -> None:
    """Raise NotAllowedError unless somebody may know all of both offers: what is chosen is shown."""
    for side in (line.one, line.other):
        about = reach.offer_for(here.session, here.person, Action.MERGE, side.id)
        reach.check_hidden(here.session, here.person, side.id)
        here.person.require(Action.READ_PROFESSIONAL_CONTACTS, about)


def sides(line: PairLine, first_id: int) -> tuple[Side, Side]:
    """Return both offers of a pair, one of them first."""
    return (line.one, line.other) if line.one.id == first_id else (line.other, line.one)


def places_of(session: Session, lines: Iterable[PairLine]) -> dict[int, list[Whereabouts]]:
    """Return where the offers of pairs take place."""
    return entries.whereabouts(session, [side.id for line in lines for side in (line.one, line.other)])
