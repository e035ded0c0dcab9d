"""Doubts come, stay, are dismissed and settle by themselves; looking twice changes nothing."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from api.core.errors import ConflictError, NotFoundError
from api.curation import service as curation
from api.curation import states
from api.doubts import service
from api.doubts.listing import Wanted, counts, doubts
from api.doubts.models import Kind, State
from api.doubts.settling import KEPT_DAYS, forget
from api.history.models import Revision
from api.offers.models import Offer
from api.regions.models import Region
from importers.checking.run import again
from tests.curation.sheets import by, place
from tests.doubts.doubtful import NOW, at, found, kinds, look, looked, rows, sound
from tests.factories import box, make_division, make_region, make_space, make_topic


def change(session: Session, region: Region, offer: Offer, path: str, old: object, new: object) -> None:
    curation.change_at_once(session, by(region), offer.id, {path: {"old": old, "new": new}})


def test_looking_again_changes_nothing(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound(session, here, summary="", topics=[])
    look(session, here)
    before = rows(session)
    at(monkeypatch, NOW + timedelta(days=1))
    settled = look(session, here)
    assert rows(session) == before
    assert (settled.written.total(), settled.closed.total(), settled.found.total()) == (0, 0, 2)


def test_nothing_of_the_entry_is_changed(session: Session, here: Region) -> None:
    sound(session, here, summary="", min_age=4, name="Turnen ab 6 Jahren", website="http://info@verein.de")
    before = [revision.id for revision in session.scalars(select(Revision))]
    assert look(session, here).written.total() == 3
    assert [revision.id for revision in session.scalars(select(Revision))] == before


def test_a_doubt_closes_itself_when_the_fact_changes(session: Session, here: Region) -> None:
    offer = sound(session, here, summary="")
    line = looked(session, here)[Kind.SUMMARY_MISSING]
    change(session, here, offer, "summary", "", "Frühstück.")
    again(session, here, [offer.id])
    closed = service.get(session, here.id, line.id)
    assert (closed.state, closed.closed_at, closed.closed_by) == (State.SETTLED, NOW, None)
    assert found(session, here) == []


def test_it_may_come_back_as_another_one(session: Session, here: Region) -> None:
    offer = sound(session, here, summary="")
    first = looked(session, here)[Kind.SUMMARY_MISSING]
    change(session, here, offer, "summary", "", "Frühstück.")
    look(session, here)
    change(session, here, offer, "summary", "Frühstück.", "")
    assert looked(session, here)[Kind.SUMMARY_MISSING].id != first.id


def test_what_is_right_so_is_not_asked_again_until_the_value_changes(session: Session, here: Region) -> None:
    offer = sound(session, here, name="Turnen ab 6 Jahren", min_age=4)
    line = looked(session, here)[Kind.AGES_TEXT]
    service.dismiss(session, by(here, "account:7"), line.id, line.seen, " Geschwister dürfen mit. ")
    assert looked(session, here) == {}
    said = service.get(session, here.id, line.id)
    assert (said.state, said.closed_by, said.note) == (
        State.DISMISSED,
        "account:7",
        "Geschwister dürfen mit.",
    )
    change(session, here, offer, "min_age", 4, 5)
    assert looked(session, here)[Kind.AGES_TEXT].note == ""
    assert [line.id for line in found(session, here, state=State.DISMISSED)] == []


def test_an_offer_that_is_put_away_and_back_keeps_what_was_said(session: Session, here: Region) -> None:
    offer = sound(session, here, name="Turnen ab 6 Jahren", min_age=4)
    line = looked(session, here)[Kind.AGES_TEXT]
    service.dismiss(session, by(here), line.id, line.seen)
    states.archive(session, by(here), offer.id)
    assert looked(session, here) == {}
    states.bring_back(session, by(here), offer.id)
    assert looked(session, here) == {}


def test_what_is_not_public_any_more_has_no_doubts(session: Session, here: Region) -> None:
    offer = sound(session, here, summary="")
    assert Kind.SUMMARY_MISSING in looked(session, here)
    states.archive(session, by(here), offer.id)
    assert looked(session, here) == {}


def test_saying_so_can_be_taken_back(session: Session, here: Region) -> None:
    sound(session, here, summary="")
    line = looked(session, here)[Kind.SUMMARY_MISSING]
    service.dismiss(session, by(here), line.id, line.seen)
    service.dismiss(session, by(here), line.id, line.seen)  # a second click
    service.ask_again(session, by(here), line.id)
    service.ask_again(session, by(here), line.id)
    assert looked(session, here)[Kind.SUMMARY_MISSING] == line


def test_who_answers_about_an_older_value_is_told(session: Session, here: Region) -> None:
    offer = sound(session, here, name="Turnen ab 6 Jahren", min_age=4)
    line = looked(session, here)[Kind.AGES_TEXT]
    change(session, here, offer, "min_age", 4, 5)
    look(session, here)
    with pytest.raises(ConflictError):
        service.dismiss(session, by(here), line.id, line.seen)
    change(session, here, offer, "min_age", 5, 6)
    look(session, here)
    with pytest.raises(ConflictError):
        service.dismiss(session, by(here), line.id, line.seen)
    with pytest.raises(ConflictError):
        service.ask_again(session, by(here), line.id)


def test_another_region_knows_nothing_of_it(session: Session, here: Region) -> None:
    sound(session, here, summary="")
    line = looked(session, here)[Kind.SUMMARY_MISSING]
    there = make_region(session, is_default=False)
    assert found(session, there) == []
    with pytest.raises(NotFoundError):
        service.get(session, there.id, line.id)
    with pytest.raises(NotFoundError):
        service.dismiss(session, by(there), line.id, line.seen)


def test_a_part_of_the_offers_says_nothing_of_the_others(session: Session, here: Region) -> None:
    offer, _other = sound(session, here, summary=""), sound(session, here, summary="")
    look(session, here)
    change(session, here, offer, "summary", "", "Frühstück.")
    again(session, here, [offer.id])
    assert kinds(session, here) == [Kind.SUMMARY_MISSING]


def test_doubts_are_listed_and_counted_by_kind_space_topic_and_person(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_topic(session, "geld")
    division = make_division(session, here)
    west = make_space(session, division, "1", box(13, 52, 13.1, 52.1))
    make_space(session, division, "2", box(13.1, 52, 13.2, 52.1))
    points = ({"lon": 13.05, "lat": 52.05}, {"lon": 13.15, "lat": 52.05})
    for number, point in enumerate(points):
        at(monkeypatch, NOW + timedelta(hours=-number))
        spot = place(point={**point, "precision": None})
        sound(session, here, summary="", places={"new-1": spot}, topics=["geld"], name=f"Nummer {number}")
        look(session, here)
    nowhere = sound(session, here, summary="", topics=[])
    look(session, here)
    assert [line.name for line in found(session, here)] == ["Nummer 1", "Café", "Café", "Nummer 0"]
    assert counts(session, here, Wanted()) == {Kind.TOPIC_MISSING: 1, Kind.SUMMARY_MISSING: 3}
    assert counts(session, here, Wanted(spaces=[west.id], topics=["geld"])) == {Kind.SUMMARY_MISSING: 1}
    assert {line.name for line in found(session, here, spaces=[west.id])} == {"Nummer 0", "Café"}
    assert [line.name for line in found(session, here, topics=["geld"])] == ["Nummer 1", "Nummer 0"]
    assert [line.name for line in found(session, here, only=Offer.name == "Nummer 0")] == ["Nummer 0"]
    assert [line.kind for line in found(session, here, offer_id=nowhere.id, kinds=[Kind.TOPIC_MISSING])] == [
        Kind.TOPIC_MISSING
    ]
    assert len(found(session, here, before=NOW)) == 3
    page = doubts(session, here, Wanted(), page=2, per_page=3)
    assert ([line.name for line in page.results], page.total) == (["Nummer 0"], 4)


def test_what_is_settled_is_forgotten_in_the_end(
    session: Session, here: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = sound(session, here, summary="", topics=[])
    look(session, here)
    change(session, here, offer, "summary", "", "Frühstück.")
    look(session, here)
    at(monkeypatch, NOW + timedelta(days=KEPT_DAYS + 1))
    forget(session, here.id)
    assert [(row["kind"], row["state"]) for row in rows(session)] == [(Kind.TOPIC_MISSING, State.OPEN)]


def test_an_offer_that_is_deleted_takes_its_doubts_along(session: Session, here: Region) -> None:
    offer = sound(session, here, summary="")
    look(session, here)
    session.delete(offer)
    session.flush()
    assert rows(session) == []
