"""What a kind of work is: how much of it waits for a reader, and which things, the oldest first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.pages import Page
from api.curation import listing
from api.curation.bulk import Did
from api.curation.claims import Thing
from api.regions.models import Region
from web.staff.gate import PATH

QUEUE: Final = f"{PATH}/aufgaben"


class Reader(NamedTuple):
    """Who asks, and what is to be shown: of one space, of one topic, only what nobody else looks after."""

    session: Session
    region: Region
    person: Person
    space_id: int | None = None
    topic: str = ""
    free: bool = False

    @property
    def spaces(self) -> tuple[int, ...]:
        """Return the space as lists want it."""
        return () if self.space_id is None else (self.space_id,)

    @property
    def topics(self) -> tuple[str, ...]:
        """Return the topic as lists want it."""
        return (self.topic,) if self.topic else ()


@dataclass(frozen=True)
class Item:
    """Something that waits; the path leads to where it is done."""

    path: str
    name: str
    actor: str  # who has brought it up; empty: nobody
    origin: str  # as in queue_words.ORIGINS
    since: datetime | None
    said: str = ""  # instead of who and from where
    thing: Thing | None = None  # what somebody can look after, and choose among others


@dataclass(frozen=True)
class Task:
    """A kind of work; action: what somebody has to be allowed to have it in the queue."""

    slug: str
    title: str
    one: str  # „1 neues Angebot“
    many: str  # „2 neue Angebote“
    about: str
    count: Callable[[Reader], int]
    items: Callable[[Reader, int, int], Page[Item]]  # page, per page
    action: Action = Action.SEE_QUEUE
    deeds: tuple[Did, ...] = ()  # what can be done to several at once

    def counted(self, number: int) -> str:
        """Return a number of these in words."""
        many = f"{number} und mehr" if number >= listing.MOST_COUNTED else str(number)
        return f"{many} {self.one if number == 1 else self.many}"
