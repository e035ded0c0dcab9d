"""What waits for people: a registry of kinds of work, each counted and listed with the oldest first.

A further kind is one more Task in TASKS: how many there are, and which, for a Reader.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import urlencode

from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.pages import Page
from api.curation import listing
from api.curation.listing import Sort, Wanted
from api.curation.reach import BY_LISTS, BY_PEOPLE, reach
from api.regions.models import Region
from web.staff.gate import PATH

QUEUE: Final = f"{PATH}/aufgaben"
PROPOSAL: Final = f"{PATH}/vorschlag"
PER_PAGE: Final = 20
_LOOKED_THROUGH: Final = 100  # from the oldest on, to find what comes after one


class Reader(NamedTuple):
    """Who asks, and what is to be shown: of one space, of one topic."""

    session: Session
    region: Region
    person: Person
    space_id: int | None = None
    topic: str = ""


@dataclass(frozen=True)
class Item:
    """Something that waits; the path leads to where it is done."""

    path: str
    name: str
    actor: str
    origin: str  # as in queue_words.ORIGINS
    since: datetime


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

    def counted(self, number: int) -> str:
        """Return a number of these in words."""
        many = f"{number} und mehr" if number >= listing.MOST_COUNTED else str(number)
        return f"{many} {self.one if number == 1 else self.many}"


def _wanted(reader: Reader, sorts: tuple[Sort, ...], *, by_lists: bool) -> Wanted:
    return Wanted(
        sorts=sorts,
        origins=BY_LISTS if by_lists else BY_PEOPLE,
        spaces=() if reader.space_id is None else (reader.space_id,),
        topics=(reader.topic,) if reader.topic else (),
        reach=reach(reader.person, Action.SEE_QUEUE),
    )


def _proposals(
    slug: str, title: str, one: str, many: str, about: str,
    sorts: tuple[Sort, ...] = (), *, by_lists: bool = False,
) -> Task:  # fmt: skip
    """Return the kind of work that some sorts of proposals are."""

    def count(reader: Reader) -> int:
        found = listing.counts(reader.session, reader.region, _wanted(reader, sorts, by_lists=by_lists))
        return sum(found.values())

    def items(reader: Reader, page: int, per_page: int) -> Page[Item]:
        wanted = _wanted(reader, sorts, by_lists=by_lists)
        found = listing.proposals(reader.session, reader.region, wanted, page, per_page)
        shown = [
            Item(
                f"{PROPOSAL}/{line.id}", line.name or "ohne Namen", line.actor, line.origin, line.proposed_at
            )
            for line in found.results
        ]
        return Page[Item](total=found.total, results=shown, page=found.page, per_page=found.per_page)

    return Task(slug, title, one, many, about, count, items)


TASKS: Final = (
    _proposals(
        "hinweise", "Hinweise", "Hinweis", "Hinweise",
        "Jemand hat geschrieben, dass an einem Eintrag etwas nicht stimmt.", (Sort.REPORT,),
    ),
    _proposals(
        "aenderungen", "Änderungen", "Änderung", "Änderungen",
        "Anbieter und Redaktion schlagen vor, einen Eintrag zu ändern.", (Sort.CHANGE, Sort.PAUSE),
    ),
    _proposals(
        "neu", "Neue Angebote", "neues Angebot", "neue Angebote",
        "Vorgeschlagen, aber noch nicht öffentlich.", (Sort.NEW,),
    ),
    _proposals(
        "abmeldungen", "Abmeldungen", "Abmeldung", "Abmeldungen",
        "Ein Angebot soll es nicht mehr geben.", (Sort.WITHDRAW,),
    ),
    _proposals(
        "importe", "Fragen aus Listen", "Frage aus einer Liste", "Fragen aus Listen",
        "Beim Einlesen war nicht sicher, was gilt.", by_lists=True,
    ),
)  # fmt: skip


def tasks_of(person: Person) -> list[Task]:
    """Return the kinds of work that a person may have."""
    return [task for task in TASKS if person.may(task.action)]


def task_named(person: Person, slug: str) -> Task | None:
    """Return a kind of work by the name in addresses."""
    return next((task for task in tasks_of(person) if task.slug == slug), None)


def counts(reader: Reader) -> list[tuple[Task, int]]:
    """Return each kind of work with how much of it waits."""
    return [(task, task.count(reader)) for task in tasks_of(reader.person)]


def today(reader: Reader) -> str:
    """Return in one sentence what waits; empty for whom nothing ever does."""
    found = counts(reader)
    said = [task.counted(number) for task, number in found if number]
    if not said:
        return "Gerade wartet nichts auf Sie." if found else ""
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} und {said[-1]}"
    is_one = sum(number for _task, number in found) == 1
    return f"Auf Sie {'wartet' if is_one else 'warten'} {listed}."


def address(
    task: str = "", reader: Reader | None = None, page: int = 1, path: str = QUEUE, **more: str
) -> str:
    """Return the address of the queue, or of one of its things, as it was filtered."""
    said = {"art": task}
    if reader is not None:
        said |= {"raum": str(reader.space_id or ""), "thema": reader.topic}
    said |= {"seite": str(page) if page > 1 else ""} | more
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path


def after(reader: Reader, task: Task | None, path: str) -> str | None:
    """Return the path of what comes next in the queue, or of its first, or None if nothing else waits."""
    if task is None:
        return None
    paths = [item.path for item in task.items(reader, 1, _LOOKED_THROUGH).results]
    rest = paths[paths.index(path) + 1 :] if path in paths else []
    return next((one for one in [*rest, *paths] if one != path), None)
