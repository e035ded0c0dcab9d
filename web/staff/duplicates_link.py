"""Which offer a row of a list may be: the one that the import has named, and what is found by name."""

import re
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.errors import NotFoundError
from api.curation import entries, reach
from api.curation.entries import Entry, Whereabouts
from api.curation.viewing import ProposalView

# As importers.matching says it: „Vielleicht schon vorhanden: „Café“ (Angebot 12) – Name gleich.“
_NAMED: Final = re.compile(r"“ \(Angebot ([1-9][0-9]{0,17})\) – ")
_LONGEST: Final = 100
_QUEUE: Final = ("art", "raum", "thema", "frei")


@dataclass(frozen=True)
class Likely:
    """An offer that may be meant, with its places to tell it from others."""

    entry: Entry
    places: list[Whereabouts]


def can_link(view: ProposalView) -> bool:
    """Return whether this is a new row of a list, which may be an offer that is there already."""
    is_new = view.kind == "create" and view.origin == "import"
    return is_new and view.decision == "open" and view.offer_id is None


def named(session: Session, person: Person, view: ProposalView) -> list[Likely]:
    """Return the offer that the import takes it for, if the person may decide about that one, too."""
    found = _NAMED.search(view.reason)
    if found is None:
        return []
    number = int(found[1])
    try:
        reach.offer_for(session, person, Action.DECIDE, number)
    except NotFoundError:
        return []
    return likely(session, [entries.entry(session, person.region_id, number)])


def by_name(
    session: Session, person: Person, said: str, action: Action, without: int = 0
) -> tuple[list[Likely], bool]:
    """Return offers with which a person may do this, by name, and whether there are more of them."""
    if not said:
        return [], False
    found, count = entries.entries(session, person, said, 1, action)
    fitting = [one for one in found if one.id != without and one.status != "archived"]
    return likely(session, fitting), count > len(found)


def likely(session: Session, found: list[Entry]) -> list[Likely]:
    """Return offers with their places."""
    places = entries.whereabouts(session, [one.id for one in found])
    return [Likely(one, places[one.id]) for one in found]


def kept(request: Request) -> dict[str, str]:
    """Return what an address says of the queue from which somebody came, for a search to keep it."""
    return {name: request.query_params[name] for name in _QUEUE if request.query_params.get(name)}


def plain(said: str) -> str:
    """Return what was searched for as it is shown again."""
    return " ".join(said.replace("\x00", "").split())[:_LONGEST]


def number(said: str) -> int:
    """Return the number that a form names; raise NotFoundError if it names none."""
    if not (said.isascii() and said.isdecimal() and len(said) < 19):  # noqa: PLR2004 - fits a bigint
        raise NotFoundError("There is no such offer.")
    return int(said)
