"""Somebody who keeps an eye on things, for tests."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select
from starlette.datastructures import QueryParams

from api.accounts.models import Role
from api.accounts.policy import Person
from api.regions.models import Region
from api.search.schemas import SearchQuery
from api.watching import marks, news, searches, watchers
from api.watching.models import SavedSearch, Standing, WatchedOffer
from tests.accounts.people import make_member


def read(address: str) -> SearchQuery:
    """What a search of these tests asks for: topics and words."""
    said = QueryParams(address.removeprefix("?"))
    return SearchQuery(topic=said.getlist("thema"), q=said.get("q", ""))


def make_person(
    session: Session, region: Region, role: Role = Role.COACH, email: str = "coach@x.example", **scope: Any
) -> Person:  # fmt: skip
    """Somebody with a role in a region."""
    account = make_member(session, region, role, email, **scope)
    found = watchers.person_of(session, region, account.id)
    assert found is not None
    return found


def save(session: Session, region: Region, person: Person, address: str = "?thema=geld") -> SavedSearch:
    """A saved search that knows what answers it now."""
    ids, is_certain = searches.answers(session, region, read(address), None)
    return searches.save(session, region, person, address, address or "Alles", ids if is_certain else None)[0]


def gather(session: Session, region: Region, person: Person) -> news.News:
    """All that somebody keeps an eye on."""
    session.flush()
    return news.gather(session, region, person, read, None)


def changes(session: Session, region: Region, person: Person) -> Sequence[marks.Difference]:
    """What is different on somebody's list."""
    return [line.unseen for line in gather(session, region, person).lines if line.unseen]


def fill(session: Session, region: Region, account_id: int, offer_ids: Sequence[int]) -> None:
    """Searches and a list with something new in them, and what can be no more."""
    person = watchers.person_of(session, region, account_id)
    assert person is not None
    for address, name, known in (
        ("?thema=geld&stadtteil=viertel-1", "Geld am Mittwoch", []),
        ("?thema=weg", "Was es einmal gab, mit einem Namen so lang wie achtzig Zeichen es eben erlauben", []),
        ("?q=rat&kostenlos=1&wann=abends", "„rat“ · kostenlos · abends", [1]),
    ):
        searches.save(session, region, person, address, name, known)
    for number in offer_ids:
        marks.watch(session, region, person, number)
    rows = session.exec(select(WatchedOffer).order_by(col(WatchedOffer.offer_id))).all()
    for row, standing in zip(rows, (Standing.PAUSED, Standing.ARCHIVED), strict=False):
        row.seen_standing, row.seen_revision = standing, 0
    gone = WatchedOffer(**rows[0].model_dump() | {"offer_id": 999_999, "seen_standing": Standing.PUBLIC})
    session.add(gone)
    session.flush()
