"""How addresses say which part of the queue is meant: ?art=neu&raum=12&thema=familie."""

from typing import Final, NamedTuple

from fastapi import Request
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.pages import MAX_PAGE
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from web.staff import queue, scopes
from web.staff.queue import Reader, Task, task_named
from web.staff.queue_words import DONE, NEXT
from web.staff.scopes import Level

_OF_THIS: Final = frozenset({"schneller", "wieder"})  # said about the thing itself, not about the one before
_DIGITS: Final = 19


class Choice(NamedTuple):
    """What the queue can be filtered by: the spaces of a person, and topics by slug and name."""

    levels: list[Level]
    topics: list[tuple[str, str]]


def choice(session: Session, region: Region, person: Person) -> Choice:
    """Return what a person can choose from."""
    own = person.spaces_for(Action.SEE_QUEUE)
    levels = [
        Level(level.name, [one for one in level.spaces if own is None or one[0] in own])
        for level in scopes.levels(session, region.id)
    ]
    topics = []
    for topic in taxonomy.topics(session):
        topics.append((topic.slug, topic.names["de"]))
        topics += [(finer.slug, f"– {finer.names['de']}") for finer in topic.children]
    return Choice([level for level in levels if level.spaces], topics)


def asked(
    request: Request, session: Session, region: Region, person: Person, known: Choice | None = None
) -> tuple[Reader, Task | None]:
    """Return what an address asks for; what it says wrongly is as good as not said."""
    said = request.query_params
    known = known or choice(session, region, person)
    spaces = {str(number): number for level in known.levels for number, _name in level.spaces}
    slugs = {slug for slug, _name in known.topics}
    topic = said.get("thema", "")
    reader = Reader(
        session,
        region,
        person,
        spaces.get(said.get("raum", "")),
        topic if topic in slugs else "",
        said.get("frei") == "ja",
    )
    return reader, task_named(person, said.get("art", ""))


def page_number(request: Request) -> int:
    """Return the page that an address names, the first one unless it is a number."""
    said = request.query_params.get("seite", "")
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= len(str(MAX_PAGE)) else 1
    return min(max(number, 1), MAX_PAGE)


def following(
    request: Request, session: Session, region: Region, person: Person, path: str, done: str, **more: str
) -> str:
    """Return where to go after something was done: to the next of the queue it was opened from, or there."""
    reader, task = asked(request, session, region, person)
    next_path = queue.after(reader, task, path)
    slug = task.slug if task else ""
    return queue.address(slug, reader, 1, next_path or queue.QUEUE, fertig=done, **more)


def done_said(request: Request, *, is_list: bool = False) -> str:
    """Return in words what was done just before; on the page of a thing this is the next one."""
    name = request.query_params.get("fertig", "")
    words = DONE.get(name, "")
    return words if is_list or not words or name in _OF_THIS else f"{words} {NEXT}"


def taken_back(request: Request) -> int:
    """Return the number of the doubt that was called right just before, 0 if none was."""
    said = request.query_params.get("war", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _DIGITS else 0
