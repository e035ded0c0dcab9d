"""Saved searches: new is what answers now and was never seen; they are one person's alone, and few."""

from urllib.parse import quote

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from api.accounts.models import Account, Grant, Role
from api.accounts.policy import Person
from api.core import clock
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from api.watching import marks, news, searches
from api.watching.models import SavedSearch, WatchedOffer, Watcher
from tests.factories import act, make_offer, make_region, make_topic
from tests.watching.people import gather, make_person, save


@pytest.fixture
def person(session: Session, region: Region) -> Person:
    make_topic(session, "geld")
    return make_person(session, region)


def change(session: Session, region: Region, offer: Offer, **values: object) -> None:
    offers.change(session, act(region), offer, values)


def new(session: Session, region: Region, person: Person) -> set[int]:
    (found,) = gather(session, region, person).searches
    return set(found.new)


def test_new_is_what_answers_now_and_was_never_seen(session: Session, region: Region, person: Person) -> None:
    known = make_offer(session, region, topics=["geld"])
    other = make_offer(session, region)
    hidden = make_offer(session, region, topics=["geld"], status=Status.DRAFT)
    save(session, region, person)
    change(session, region, known, name="Anders")
    assert new(session, region, person) == set()
    added = make_offer(session, region, topics=["geld"])
    change(session, region, other, topics=["geld"])
    assert new(session, region, person) == {added.id, other.id}
    change(session, region, hidden, status=Status.PUBLISHED)
    change(session, region, added, status=Status.ARCHIVED)
    assert new(session, region, person) == {other.id, hidden.id}
    found = gather(session, region, person)
    assert {offer.offer_id for offer in found.named.values()} == {other.id, hidden.id}
    # Told by mail, it is still new on the page, until somebody says that they have seen it.
    news.note(session, found, seen=False)
    (one,) = gather(session, region, person).searches
    assert (set(one.new), list(one.untold)) == ({other.id, hidden.id}, [])
    news.note(session, gather(session, region, person), seen=True)
    assert new(session, region, person) == set()
    # What was away for a while is not new.
    change(session, region, known, status=Status.PAUSED)
    news.note(session, gather(session, region, person), seen=True)
    change(session, region, known, status=Status.PUBLISHED)
    change(session, region, added, status=Status.PUBLISHED)
    assert new(session, region, person) == {added.id}


def test_words_without_an_index_are_not_certain_and_make_nothing_new(
    session: Session, region: Region, person: Person
) -> None:
    make_offer(session, region, name="Schuldnerberatung")
    saved = save(session, region, person, f"?q={quote('schuldnerberatung')}")
    assert saved.known is None
    make_offer(session, region, name="Noch eine Schuldnerberatung")
    found = gather(session, region, person)
    (one,) = found.searches
    assert (one.number, list(one.new), one.is_certain, found.is_unseen) == (2, [], False, False)
    searches.count_first(session, found.searches)
    news.note(session, found, seen=True)
    assert saved.known is None


def test_what_is_gone_or_finds_too_much_is_said_to_be(
    session: Session, region: Region, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = save(session, region, person)
    row.address = "?thema=weg"
    session.flush()
    (one,) = gather(session, region, person).searches
    assert one.number is None
    row.address = ""
    monkeypatch.setattr(searches, "MOST_KNOWN", 1)
    make_offer(session, region)
    make_offer(session, region)
    (one,) = gather(session, region, person).searches
    assert (one.number, list(one.new)) == (None, [])
    with pytest.raises(InvalidInputError):
        searches.save(session, region, person, "?kostenlos=1", "Zu viel", [1, 2])


def test_the_same_search_is_there_once_and_comes_back_as_it_was(
    session: Session, region: Region, person: Person
) -> None:
    saved = save(session, region, person)
    assert searches.save(session, region, person, "?thema=geld", "Noch einmal", []) == (saved, False)
    added = make_offer(session, region, topics=["geld"])
    searches.rename(session, person, saved.id, "Geld")
    searches.remove(session, person, saved.id)
    assert list(searches.of(session, person)) == []
    with pytest.raises(NotFoundError):
        searches.get(session, person, saved.id)
    searches.remove(session, person, saved.id)  # twice is as good as once
    searches.bring_back(session, person, saved.id)
    (back,) = gather(session, region, person).searches
    assert (back.search.name, list(back.new)) == ("Geld", [added.id])
    # Of what is removed only the last one is kept, and for a day.
    other = save(session, region, person, "")
    searches.remove(session, person, saved.id)
    searches.remove(session, person, other.id)
    with pytest.raises(NotFoundError):
        searches.bring_back(session, person, saved.id)
    other.removed_at = clock.now() - searches.KEPT * 2
    session.flush()
    searches.forget(session)
    session.expire_all()
    assert session.exec(select(SavedSearch)).all() == []


def test_there_are_so_many_and_no_more(
    session: Session, region: Region, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "MOST", 1)
    monkeypatch.setattr(marks, "MOST", 1)
    first = save(session, region, person)
    with pytest.raises(ConflictError):
        save(session, region, person, "")
    searches.remove(session, person, first.id)
    save(session, region, person, "")
    with pytest.raises(ConflictError):
        searches.bring_back(session, person, first.id)
    one, other = make_offer(session, region), make_offer(session, region)
    session.flush()
    assert marks.watch(session, region, person, one.id)
    assert not marks.watch(session, region, person, one.id)
    with pytest.raises(ConflictError):
        marks.watch(session, region, person, other.id)
    marks.remove(session, person, one.id)
    assert marks.watch(session, region, person, other.id)
    with pytest.raises(ConflictError):
        marks.bring_back(session, person, one.id)


def test_everything_is_one_persons_in_one_region_and_goes_with_the_account(
    session: Session, region: Region, person: Person
) -> None:
    other = make_person(session, region, Role.ADMIN, "andere@stadt.example")
    elsewhere = make_region(session, is_default=False)
    away = make_person(session, elsewhere, Role.ADMIN, "kreis@kreis.example")
    offer = make_offer(session, region)
    session.flush()
    saved = save(session, region, person)
    marks.watch(session, region, person, offer.id)
    for stranger in (other, away):
        for ask in (
            lambda who: searches.get(session, who, saved.id),
            lambda who: searches.remove(session, who, saved.id),
            lambda who: searches.rename(session, who, saved.id, "Meins"),
            lambda who: searches.bring_back(session, who, saved.id),
            lambda who: marks.remove(session, who, offer.id),
            lambda who: marks.bring_back(session, who, offer.id),
        ):
            with pytest.raises(NotFoundError):
                ask(stranger)
    for number in (2**63, 10**40):
        with pytest.raises(NotFoundError):
            searches.get(session, person, number)
        with pytest.raises(NotFoundError):
            marks.watch(session, region, person, number)
    with pytest.raises(NotFoundError):  # of another region
        marks.watch(session, elsewhere, away, offer.id)
    assert not gather(session, region, other).lines
    session.execute(delete(Grant).where(col(Grant.account_id) == person.account_id))
    session.execute(delete(Account).where(col(Account.id) == person.account_id))
    session.expire_all()
    for table in (SavedSearch, WatchedOffer):
        assert session.exec(select(table)).all() == []
    assert session.get(Watcher, (person.account_id, region.id)) is None
