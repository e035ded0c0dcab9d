"""What waits for people: a registry of kinds of work, each counted and listed with the oldest first.

A further kind is one more Task in TASKS: how many there are, and which, for a Reader.
"""

from typing import Final
from urllib.parse import urlencode

from sqlalchemy import and_

from api.accounts.policy import Action, Person
from api.core.pages import Page
from api.curation import listing
from api.curation.bulk import Did
from api.curation.claims import About, unclaimed
from api.curation.listing import Sort, Wanted
from api.curation.reach import BY_LISTS, BY_PEOPLE, reach
from web.staff import due_queue, duplicates_queue, queue_doubts
from web.staff.gate import PATH
from web.staff.queue_kinds import QUEUE, Item, Reader, Task

__all__ = ["PROPOSAL", "QUEUE", "TASKS", "Item", "Reader", "Task"]

PROPOSAL: Final = f"{PATH}/vorschlag"
PER_PAGE: Final = 20
_LOOKED_THROUGH: Final = 100  # from the oldest on, to find what comes after one


def _wanted(reader: Reader, sorts: tuple[Sort, ...], *, by_lists: bool) -> Wanted:
    seen = reach(reader.person, Action.SEE_QUEUE)
    return Wanted(
        sorts=sorts,
        origins=BY_LISTS if by_lists else BY_PEOPLE,
        spaces=reader.spaces,
        topics=reader.topics,
        reach=and_(seen, unclaimed(reader.person, About.PROPOSAL)) if reader.free else seen,
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
                f"{PROPOSAL}/{line.id}", line.name or "ohne Namen", line.actor, line.origin, line.proposed_at,
                thing=(About.PROPOSAL, line.id),
            )
            for line in found.results
        ]  # fmt: skip
        return Page[Item](total=found.total, results=shown, page=found.page, per_page=found.per_page)

    # Words of residents are answered one by one; what is nonsense can go at once.
    is_words = sorts == (Sort.REPORT,)
    deeds = (Did.DECLINED,) if is_words else (Did.ACCEPTED, Did.DECLINED)
    return Task(slug, title, one, many, about, count, items, deeds=deeds)


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
    *duplicates_queue.TASKS,
    *queue_doubts.TASKS,
    *due_queue.TASKS,
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


def fields(task: str = "", reader: Reader | None = None) -> dict[str, str]:
    """Return what the address of the queue says: which kind of work, and how it was filtered."""
    said = {"art": task}
    if reader is not None:
        said |= {"raum": str(reader.space_id or ""), "thema": reader.topic}
        said |= {"frei": "ja" if reader.free else ""}
    return said


def address(
    task: str = "", reader: Reader | None = None, page: int = 1, path: str = QUEUE, **more: str
) -> str:
    """Return the address of the queue, or of one of its things, as it was filtered."""
    said = fields(task, reader) | {"seite": str(page) if page > 1 else ""} | more
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path


def after(reader: Reader, task: Task | None, path: str) -> str | None:
    """Return the path of what comes next in the queue, or of its first, or None if nothing else waits."""
    if task is None:
        return None
    paths = [item.path for item in task.items(reader, 1, _LOOKED_THROUGH).results]
    rest = paths[paths.index(path) + 1 :] if path in paths else []
    return next((one for one in [*rest, *paths] if one != path), None)
