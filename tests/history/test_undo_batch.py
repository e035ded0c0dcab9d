"""Undo of a whole import: what nobody touched goes, what people wrote stays."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from api.core.errors import ConflictError, NotFoundError
from api.curation import service as curation
from api.curation.models import Kind
from api.history import service as history
from api.history.models import ImportBatch, Origin, Revision
from api.history.service import Act
from api.history.undo import Reason, undo, undo_batch
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace
from api.offers.schemas import ContactIn, OfferIn
from api.places import service as places
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.regions.models import Region
from api.sources.models import SourceRecord
from tests.factories import act, make_batch, make_offer, make_place


@dataclass
class Entry:
    """What an import made of one row."""

    offer: Offer
    place: Place
    contact: Contact
    record: SourceRecord


@pytest.fixture
def batch(session: Session, region: Region) -> ImportBatch:
    return make_batch(session, region)


def importing(region: Region, batch: ImportBatch) -> Act:
    return act(region, actor="import", origin=Origin.IMPORT, batch_id=batch.id)


def taken(session: Session, region: Region, batch: ImportBatch, name: str, street: str = "Weg 1") -> Entry:
    """Let an import make an offer with its place, contact and source record."""
    doing = importing(region, batch)
    place = places.at_address(session, doing, PlaceIn(street=street, lon=13.5, lat=52.5))
    offer = offers.create(session, doing, OfferIn(name=name, status="published"))
    at_place = offers.attach(session, doing, offer, place)
    contact = offers.set_contact(session, doing, offer, ContactIn(phone="030 1"))
    assert batch.source_id is not None
    record = SourceRecord(
        source_id=batch.source_id,
        key=name,
        offer_id=offer.id,
        offer_at_place_id=at_place.id,
        raw={},
        mapped={},
    )
    return Entry(offer, place, contact, history.create(session, doing, record))


def count(session: Session, table: type[SQLModel]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def counts(session: Session) -> list[int]:
    return [count(session, table) for table in (Offer, Place, OfferAtPlace, Contact, SourceRecord)]


def last_id(session: Session) -> int:
    return session.scalar(select(func.max(Revision.id))) or 0


def test_what_nobody_touched_is_removed_with_all_its_parts(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    for number in range(3):
        taken(session, region, batch, f"Kurs {number}")
    done = undo_batch(session, batch.id, "x")
    assert counts(session) == [0, 0, 0, 0, 0]
    assert done.kept == []
    assert batch.undone_at is not None


def rename(session: Session, region: Region, entry: Entry) -> None:
    offers.change(session, act(region), entry.offer, {"name": "Von Hand"})


def add_contact(session: Session, region: Region, entry: Entry) -> None:
    offers.set_contact(session, act(region), entry.offer, ContactIn(label="Büro", phone="030 2"))


def change_contact(session: Session, region: Region, entry: Entry) -> None:
    offers.set_contact(session, act(region), entry.offer, ContactIn(phone="030 3"))


def remove_contact(session: Session, region: Region, entry: Entry) -> None:
    history.delete(session, act(region), entry.contact)


def add_place(session: Session, region: Region, entry: Entry) -> None:
    offers.attach(session, act(region), entry.offer, make_place(session, region, 13.6, 52.6))


def say_hours(session: Session, region: Region, entry: Entry) -> None:
    offers.attach(session, act(region), entry.offer, entry.place, "Mo 9–12")


@pytest.mark.parametrize("edit", [rename, add_contact, change_contact, remove_contact, add_place, say_hours])
def test_an_entry_that_somebody_edited_stays_with_all_its_parts(
    session: Session, region: Region, batch: ImportBatch, edit: Any
) -> None:
    edited = taken(session, region, batch, "Bearbeitet")
    other = taken(session, region, batch, "Unberührt", street="Weg 2")
    edit(session, region, edited)
    shown = offers.get(session, region, edited.offer.id)
    done = undo_batch(session, batch.id, "x")
    assert offers.get(session, region, edited.offer.id) == shown
    assert session.get(SourceRecord, edited.record.id) is not None
    assert ("offer", edited.offer.id, Reason.EDITED) in [(k.entity, k.entity_id, k.reason) for k in done.kept]
    for table, row in ((Offer, other.offer), (Place, other.place), (SourceRecord, other.record)):
        assert session.get(table, row.id) is None


def test_a_place_that_two_imported_offers_share_stays_with_the_edited_one(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    edited, other = taken(session, region, batch, "Bearbeitet"), taken(session, region, batch, "Unberührt")
    assert edited.place.id == other.place.id
    rename(session, region, edited)
    undo_batch(session, batch.id, "x")
    assert counts(session) == [1, 1, 1, 1, 1]


def test_a_place_that_somebody_else_uses_by_now_stays(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    entry = taken(session, region, batch, "Kurs")
    mine = make_offer(session, region, entry.place, name="Meins")
    done = undo_batch(session, batch.id, "x")
    assert [place.id for place in offers.get(session, region, mine.id).places] == [entry.place.id]
    assert counts(session) == [1, 1, 1, 0, 0]
    assert ("place", entry.place.id) in [(k.entity, k.entity_id) for k in done.kept]


def test_an_entry_with_an_open_proposal_stays_whole(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    entry = taken(session, region, batch, "Kurs")
    curation.propose(session, act(region), Kind.WITHDRAW, "gibt es nicht mehr", {}, offer_id=entry.offer.id)
    shown = offers.get(session, region, entry.offer.id)
    done = undo_batch(session, batch.id, "x")
    assert offers.get(session, region, entry.offer.id) == shown
    assert Reason.NEEDED in [kept.reason for kept in done.kept]


def test_changed_fields_go_back_but_not_those_that_a_human_changed_since(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    offer = make_offer(session, region, name="Alt", summary="alt", hours_text="alt")
    doing = importing(region, batch)
    offers.change(session, doing, offer, {"name": "Import", "summary": "Import"})
    offers.change(session, doing, offer, {"hours_text": "Import", "summary": "Import 2"})
    offers.change(session, act(region), offer, {"summary": "Von Hand", "cost_note": "frei"})
    done = undo_batch(session, batch.id, "x")
    assert (offer.name, offer.summary, offer.hours_text, offer.cost_note) == (
        "Alt",
        "Von Hand",
        "alt",
        "frei",
    )
    assert "summary" in [kept.field for kept in done.kept]


def test_a_human_who_says_the_same_as_the_import_has_said_it(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    offer = make_offer(session, region, hours_text="alt")
    offers.change(session, importing(region, batch), offer, {"hours_text": "Mo 9–12"})
    for hours in ("Di 9–12", "Mo 9–12"):
        offers.change(session, act(region), offer, {"hours_text": hours})
    undo_batch(session, batch.id, "x")
    assert offer.hours_text == "Mo 9–12"


def test_an_edit_that_was_taken_back_does_not_count(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    entry = taken(session, region, batch, "Kurs")
    rename(session, region, entry)
    undo(session, last_id(session), "x")
    undo_batch(session, batch.id, "x")
    assert counts(session) == [0, 0, 0, 0, 0]


def test_an_edit_that_was_taken_back_and_made_again_counts(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    entry = taken(session, region, batch, "Kurs")
    rename(session, region, entry)
    undo(session, last_id(session), "x")
    undo(session, last_id(session), "x")
    undo_batch(session, batch.id, "x")
    assert offers.get(session, region, entry.offer.id).name == "Von Hand"


def test_what_an_import_removed_comes_back(session: Session, region: Region, batch: ImportBatch) -> None:
    place = make_place(session, region, 13.5, 52.5)
    offer = make_offer(session, region, place, contact={"phone": "1"})
    shown = offers.get(session, region, offer.id)
    doing = importing(region, batch)
    at_place = session.exec(select(OfferAtPlace)).one()
    contact = session.exec(select(Contact)).one()
    for row in (at_place, contact, place):
        history.delete(session, doing, row)
    undo_batch(session, batch.id, "x")
    assert offers.get(session, region, offer.id) == shown


def test_changes_of_another_region_and_of_others_do_not_matter(
    session: Session, region: Region, batch: ImportBatch
) -> None:
    mine = make_offer(session, region, name="Meins")
    taken(session, region, batch, "Kurs")
    offers.change(session, act(region), mine, {"name": "Immer noch meins"})
    undo_batch(session, batch.id, "x")
    assert [offer.name for offer in session.exec(select(Offer))] == ["Immer noch meins"]


def test_an_import_is_undone_once(session: Session, region: Region, batch: ImportBatch) -> None:
    undo_batch(session, batch.id, "x")
    with pytest.raises(ConflictError):
        undo_batch(session, batch.id, "x")
    with pytest.raises(NotFoundError):
        undo_batch(session, 999_999, "x")


FIELDS = ["name", "summary", "hours_text"]
Steps = st.lists(
    st.tuples(
        st.sampled_from(["human", "human", "import", "undo"]),
        st.sampled_from(FIELDS),
        st.sampled_from(["rot", "grün", "blau"]),
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=Steps, imported=st.booleans())
def test_after_any_edits_the_humans_words_are_right(
    session: Session, region: Region, steps: list[tuple[str, str, str]], imported: bool
) -> None:
    """The model: a stack of values for each field; undoing the import leaves the last that is not its own."""
    with session.begin_nested() as savepoint:
        batch = make_batch(session, region)
        doing, human = importing(region, batch), act(region)
        start = OfferIn(name="Anfang", summary="Anfang", hours_text="Anfang")
        offer = offers.create(session, doing if imported else human, start)
        stacks = {field: [("start", "Anfang")] for field in FIELDS}
        for who, field, value in steps:
            if who == "undo":
                last = session.exec(
                    select(Revision)
                    .where(Revision.entity_id == offer.id, Revision.entity == "offer")
                    .order_by(col(Revision.id).desc())
                ).first()
                assert last is not None
                # Only a human's last word is taken back here, by the human.
                if last.origin != Origin.FORM or last.action != "change":
                    continue
                undo(session, last.id, "human")
                (changed,) = last.changes
                stacks[changed].pop()
            elif stacks[field][-1][1] != value:
                offers.change(session, doing if who == "import" else human, offer, {field: value})
                stacks[field].append((who, value))
        edited = any(who == "human" for stack in stacks.values() for who, _value in stack)
        undo_batch(session, batch.id, "x")
        found = session.exec(select(Offer).where(Offer.id == offer.id)).first()
        if imported and not edited:
            assert found is None
        else:
            assert found is not None
            session.expire(found)
            for field, stack in stacks.items():
                while stack[-1][0] == "import":
                    stack.pop()
                assert getattr(found, field) == stack[-1][1], field
        savepoint.rollback()
