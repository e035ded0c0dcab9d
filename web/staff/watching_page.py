"""The page of what somebody keeps an eye on, as its routes answer with it."""

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.search.deps import ShelvesDep
from api.search.shelves import Shelves
from api.watching import news, searches, watchers
from api.watching.models import LONGEST_NAME, Rhythm
from web.staff import watching
from web.staff.gate import allowed
from web.staff.showing import page
from web.staff.watching import WATCHING
from web.staff.watching_address import reader

DONE: Final = {
    "suche": "Die Suche ist gespeichert. Was von jetzt an dazukommt, ist hier neu.",
    "bekannt": "Diese Suche haben Sie schon gespeichert.",
    "name": "Die Suche heißt jetzt so.",
    "angebot": "Das Angebot steht auf Ihrer Liste.",
    "ohne-suche": "Die Suche ist gelöscht.",
    "ohne-angebot": "Das Angebot steht nicht mehr auf Ihrer Liste.",
    "zurueck": "Es ist wieder da.",
    "gesehen": "Alles ist als gesehen vermerkt. Was von jetzt an dazukommt, ist hier neu.",
    "mails": "Das ist gespeichert.",
}
_DIGITS: Final = 18  # of the number of any row


class Here(NamedTuple):
    """Who asks, where."""

    request: Request
    session: Session
    region: Region
    person: Person
    shelves: Shelves | None

    def news(self) -> news.News:
        """Return all that this person keeps an eye on, as it is now."""
        read = reader(self.session, self.region)
        return news.gather(self.session, self.region, self.person, read, self.shelves)


def watching_here(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.WATCH))],
    shelves: ShelvesDep,
) -> Here:
    """Return who asks for something of their own."""
    return Here(request, session, region, person, shelves)


HereDep = Annotated[Here, Depends(watching_here, scope="function")]


def shown(here: Here, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    """Answer with the page of all that somebody keeps an eye on."""
    found = here.news()
    searches.count_first(here.session, found.searches)
    watcher = watchers.find(here.session, here.person)
    asked = here.request.query_params
    done = DONE.get(asked.get("fertig", ""), "") if here.request.method == "GET" else ""
    values: dict[str, Any] = {
        "watching": WATCHING,
        "searches": watching.searches(here.session, here.region, found),
        "offers": watching.watched(found.lines),
        "is_unseen": found.is_unseen,
        "fingerprint": found.fingerprint,
        "broken": watching.BROKEN,
        "rhythms": watching.RHYTHMS,
        "rhythm": watcher.rhythm if watcher else Rhythm.WEEKLY,
        "email": watchers.email_of(here.session, here.person.account_id),
        "can_mail": watching.can_mail(here.region, here.request.app.state.settings),
        "longest": LONGEST_NAME,
        "typed": {},
        "done": done,
        "undo": _undo(asked.get) if done else "",
    }
    said = values | context
    return page(here.request, here.session, here.region, here.person, "watching.html", status, **said)


def number(said: str) -> int:
    """Return the number of a row, or one that none has."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _DIGITS else 0


def _undo(said: Callable[[str, str], str]) -> str:
    """Return the address that brings back what was just removed, if anything was."""
    for kind, done in (("suche", "ohne-suche"), ("angebot", "ohne-angebot")):
        found = number(said(kind, ""))
        if said("fertig", "") == done and found:
            return f"{WATCHING}/{kind}/{found}/zurueck"
    return ""
