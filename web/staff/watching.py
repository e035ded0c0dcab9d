"""Saved searches and the list of offers as their page shows them, and in words as the mail tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from api.core.errors import InvalidInputError
from api.core.settings import Settings
from api.regions.models import Region
from api.watching.facts import Fact
from api.watching.marks import Difference, Line, Offered
from api.watching.models import Rhythm, Standing
from api.watching.news import SHOWN, News
from api.watching.searches import Counted
from web.staff.gate import PATH
from web.staff.watching_address import LIST, Names, wish_of

WATCHING: Final = f"{PATH}/beobachten"
FACTS: Final[Mapping[Fact, str]] = {
    Fact.NAME: "Name",
    Fact.DESCRIPTION: "Beschreibung",
    Fact.WHO_FOR: "für wen",
    Fact.HOURS: "Zeiten",
    Fact.PLACE: "Ort",
    Fact.CONTACT: "Kontakt",
    Fact.LANGUAGES: "Sprachen",
    Fact.COST: "Kosten",
    Fact.WHEELCHAIR: "Rollstuhl",
    Fact.ACCESS: "Anmeldung",
    Fact.PROVIDER: "Anbieter",
    Fact.TRANSLATION: "Übersetzung",
}
NOW: Final[Mapping[Standing, str]] = {
    Standing.PUBLIC: "ist jetzt öffentlich",
    Standing.PAUSED: "macht jetzt Pause",
    Standing.ARCHIVED: "ist jetzt archiviert",
    Standing.UNPUBLISHED: "ist nicht mehr öffentlich",
    Standing.GONE: "ist nicht mehr auf der Landkarte",
}
STATES: Final[Mapping[Standing, str]] = {
    Standing.PAUSED: "macht Pause",
    Standing.ARCHIVED: "archiviert",
    Standing.UNPUBLISHED: "noch nicht öffentlich",
    Standing.GONE: "nicht mehr auf der Landkarte",
}
AGES: Final = {"due": "wieder zu prüfen", "overdue": "lange nicht geprüft"}
TURNED: Final = {"due": "ist wieder zu prüfen", "overdue": "wurde lange nicht geprüft"}
RHYTHMS: Final[Mapping[Rhythm, str]] = {
    Rhythm.WEEKLY: "höchstens einmal in der Woche",
    Rhythm.DAILY: "höchstens einmal am Tag",
    Rhythm.NONE: "gar nicht",
}
NAMELESS: Final = "Ein Angebot, das es hier nicht mehr gibt"
BROKEN: Final = (
    "Diese Suche geht nicht mehr: Etwas, das sie auswählt, gibt es nicht mehr, oder sie findet zu viel. "
    "Bitte suchen Sie neu und speichern Sie die neue Suche."
)


@dataclass(frozen=True)
class Search:
    """A saved search with its words; number: of offers, none if it cannot be asked any more."""

    id: int
    name: str
    words: str
    url: str
    since: datetime
    number: int | None
    new: Sequence[Offered]
    more: int  # new ones that are not named
    is_certain: bool

    @property
    def many(self) -> int:
        """Return how many are new."""
        return len(self.new) + self.more


@dataclass(frozen=True)
class Watched:
    """An offer of the list; url: none if there is no page of it any more."""

    id: int
    name: str
    organization: str
    url: str
    state: str  # empty: public and looked at in time
    is_loud: bool  # whether its state stands out
    changes: Sequence[str]  # what is new of it
    since: datetime
    line: Line


def searches(session: Session, region: Region, news: News) -> list[Search]:
    """Return somebody's searches as their page shows them."""
    names = Names(session)
    return [_search(session, region, names, news, one, one.new) for one in news.searches]


def untold(session: Session, region: Region, news: News) -> list[Search]:
    """Return the searches with something to tell, as a mail shows them: without what anybody has typed."""
    names = Names(session)
    found = [one for one in news.searches if one.untold]
    return [_search(session, region, names, news, one, one.untold, is_mail=True) for one in found]


def watched(lines: Sequence[Line], *, is_mail: bool = False) -> list[Watched]:
    """Return the offers of a list in words; of a mail only those with something to tell."""
    return [
        _watched(line, line.untold if is_mail else line.unseen)
        for line in lines
        if not is_mail or line.untold
    ]


def can_mail(region: Region, chosen: Settings) -> bool:
    """Return whether mails can go out: there is a server, and a host name that their links lead to."""
    return bool(chosen.smtp_host and region.hostnames)


def _search(
    session: Session, region: Region, names: Names, news: News, one: Counted, new: Sequence[int],
    *, is_mail: bool = False,
) -> Search:  # fmt: skip
    saved = one.search
    named = [news.named[number] for number in new[:SHOWN] if number in news.named]
    try:
        wish = wish_of(session, region, saved.address)
        words = names.without_words(wish) if is_mail else names.of(wish)
    except InvalidInputError:
        words = ""
    return Search(
        id=saved.id,
        name=words if is_mail else saved.name,
        words="" if is_mail or words == saved.name else words,
        url=f"{LIST}{saved.address}",
        since=saved.seen_at,
        number=one.number,
        new=named,
        more=len(new) - len(named),
        is_certain=one.is_certain,
    )


def _watched(line: Line, different: Difference) -> Watched:
    offer = line.offer
    state = STATES.get(line.state.standing, "") or AGES.get(line.state.freshness or "", "")
    if line.state.standing == Standing.PUBLIC and not line.verified_on:
        state = "noch nie geprüft"
    return Watched(
        id=line.mark.offer_id,
        name=offer.name if offer else NAMELESS,
        organization=offer.organization if offer else "",
        url=_url(line, offer),
        state=state,
        is_loud=line.state.standing != Standing.PUBLIC or line.state.freshness == "overdue",
        changes=_changes(different),
        since=line.mark.seen_at,
        line=line,
    )


def _url(line: Line, offer: Offered | None) -> str:
    if offer is None:
        return ""
    is_public = line.state.standing == Standing.PUBLIC
    return f"/angebot/{offer.slug}" if is_public else f"{PATH}/angebot/{offer.offer_id}"


def _changes(different: Difference) -> list[str]:
    said = [NOW[different.standing]] if different.standing else []
    if different.facts:
        said.append(f"geändert: {', '.join(FACTS[fact] for fact in different.facts)}")
    return [*said, TURNED[different.freshness]] if different.freshness else said
