"""Taking a merge back: every row is as it was, but for what people have written since."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import duplicates, past, sheet
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.curation.merging_sides import Choice
from api.curation.merging_undo import pair_of_batch, pair_of_offer, undo_merge
from api.curation.sight import Sight
from api.history.models import ImportBatch, Origin, Revision
from api.offers.models import Offer, OfferRedirect, Status
from api.regions.models import Region
from api.schedules.models import Schedule
from api.sources.models import SourceRecord
from importers.jobs import store
from tests.curation.sheets import by, told
from tests.curation.test_sheet_properties import edits, is_possible
from tests.factories import make_audience, make_offer, make_region, make_source, make_topic
from tests.merging.world import compared, merged, rows_of, two

IN_ONE_DATABASE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def words(session: Session) -> None:
    for slug in ("familie", "geld"):
        make_topic(session, slug)
    make_audience(session, "eltern")


def with_rows(session: Session, region: Region, offer: Offer) -> None:
    """Lists speak of each of its places."""
    for key in sheet.of_offer(session, region.id, offer.id)["places"]:
        mapped = {"name": offer.name}
        source = make_source(session, region)
        row = SourceRecord(
            source_id=source.id, key=key, offer_id=offer.id, offer_at_place_id=int(key), raw={}, mapped=mapped
        )
        session.add(row)
    session.flush()


@IN_ONE_DATABASE
@given(data=st.data())
def test_whatever_was_chosen_both_are_as_they_were(
    data: st.DataObject, session: Session, words: None
) -> None:
    region = make_region(session, is_default=False)
    said = [data.draw(edits(told(organization="Verein")).filter(is_possible)) for _ in range(2)]
    one, other = (sheet.create(session, by(region), one) for one in said)
    both = one, other
    with_rows(session, region, both[1])
    before = rows_of(session, *both)
    found = compared(session, region, *both)
    choices = {row.path: data.draw(st.sampled_from(row.choices)) for row in found.rows}
    ages = data.draw(st.sampled_from([Choice.KEPT, Choice.OTHER]))
    choices |= {"min_age": ages, "max_age": ages}
    whose = {path: data.draw(st.sampled_from([Choice.KEPT, Choice.OTHER])) for path in found.twins.values()}
    for path in choices:
        if path.rpartition("/")[0] in whose:
            choices[path] = whose[path.rpartition("/")[0]]
    done = merged(session, region, *both, choices)
    after = rows_of(session, *both)
    assert after != before
    assert {row["offer_id"] for row in after["source_record"]} <= {both[0].id}
    undone = undo_merge(session, by(region, "account:2"), done.pair_id)
    assert undone.kept == []
    assert rows_of(session, *both) == before


def parts(session: Session, region: Region, offer: Offer, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = sheet.of_offer(session, region.id, offer.id)[kind]
    return found


def test_what_people_have_written_since_stays(session: Session, region: Region) -> None:
    one, other = two(session, region)
    done = merged(session, region, one, other)
    joined = parts(session, region, one, "contacts")
    private = next(key for key, contact in joined.items() if not contact["is_public"])
    written = {
        f"contacts/{private}/label": {"old": "Anmeldung", "new": "Empfang"},
        "summary": {"old": "Frühstück für Eltern.", "new": "Kaffee für Eltern."},
    }
    sheet.apply(session, by(region, "account:2"), one, written)
    undone = undo_merge(session, by(region), done.pair_id)
    assert [(kept.entity, kept.field) for kept in undone.kept] == [("offer", "summary")]
    assert one.summary == "Kaffee für Eltern."
    assert parts(session, region, other, "contacts")[private]["label"] == "Empfang"
    assert (one.status, other.status) == (Status.PUBLISHED, Status.PUBLISHED)


def test_hours_that_were_added_since_go_where_their_place_goes(session: Session, region: Region) -> None:
    one, other = two(session, region)
    done = merged(session, region, one, other)
    places = parts(session, region, one, "places")
    key, moon = next((key, place) for key, place in places.items() if place["street"] == "Mondweg 5")
    more = [
        *moon["schedules"],
        {**moon["schedules"][0], "recurrence": "FREQ=WEEKLY;BYDAY=FR", "deviations": []},
    ]
    change = {f"places/{key}/schedules": {"old": moon["schedules"], "new": more}}
    assert sheet.apply(session, by(region), one, change).conflicts == {}
    undo_merge(session, by(region), done.pair_id)
    assert len(parts(session, region, other, "places")[key]["schedules"]) == 2
    lines = session.exec(select(Schedule).where(Schedule.offer_at_place_id == int(key))).all()
    assert {one.offer_id for one in lines} == {other.id}


def test_the_pair_waits_again_and_so_do_the_others(session: Session, region: Region) -> None:
    one, other = two(session, region)
    third = make_offer(session, region)
    number = duplicates.name_pair(session, by(region), other.id, third.id)
    done = merged(session, region, one, other)
    assert pair_of_batch(session, done.batch_id) == done.pair_id
    assert pair_of_offer(session, region.id, other.id) == done.pair_id
    undo_merge(session, by(region), done.pair_id)
    for pair_id in (number, done.pair_id):
        assert session.get_one(DuplicatePair, pair_id).decision == PairDecision.OPEN
    assert session.exec(select(OfferRedirect)).all() == []
    assert session.get_one(ImportBatch, done.batch_id).undone_at is not None
    assert pair_of_batch(session, done.batch_id) is None
    with pytest.raises(NotFoundError):
        pair_of_offer(session, region.id, other.id)


def test_what_was_taken_back_can_be_merged_again_the_other_way_round(
    session: Session, region: Region
) -> None:
    one, other = two(session, region)
    undo_merge(session, by(region), merged(session, region, one, other).pair_id)
    done = merged(session, region, other, one)
    assert (one.status, other.status) == (Status.ARCHIVED, Status.PUBLISHED)
    undo_merge(session, by(region), done.pair_id)
    assert one.status == Status.PUBLISHED


def test_it_is_taken_back_once_and_the_last_one_first(session: Session, region: Region) -> None:
    one, other = two(session, region)
    third = make_offer(session, region)
    first = merged(session, region, one, other)
    second = merged(session, region, third, one)
    with pytest.raises(ConflictError, match="first"):
        undo_merge(session, by(region), first.pair_id)
    for done in (second, first):
        undo_merge(session, by(region), done.pair_id)
        with pytest.raises(ConflictError, match="not merged"):
            undo_merge(session, by(region), done.pair_id)
    assert {one.status, other.status, third.status} == {Status.PUBLISHED}


def test_it_is_not_for_somebody_of_another_region(session: Session, region: Region) -> None:
    done = merged(session, region, *two(session, region))
    abroad = make_region(session, is_default=False)
    with pytest.raises(NotFoundError):
        undo_merge(session, by(abroad), done.pair_id)


def test_taking_back_is_written_down_like_any_undo(session: Session, region: Region) -> None:
    done = merged(session, region, *two(session, region))
    of_merge = session.exec(select(Revision.id).where(Revision.batch_id == done.batch_id)).all()
    undo_merge(session, by(region, "account:7"), done.pair_id)
    undos = session.exec(select(Revision).where(col(Revision.undoes_id).in_(of_merge))).all()
    assert {one.undoes_id for one in undos} == set(of_merge)
    assert {(one.actor, one.origin) for one in undos} == {("account:7", Origin.UNDO)}


def test_a_merge_in_the_history_of_an_entry_is_taken_back_as_a_whole(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two(session, region)
    before = rows_of(session, one, other)
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    merged(session, region, one, other)
    last = past.history(session, region, one.id, Sight()).results[0]
    past.undo_step(session, by(region), one.id, last.id)
    assert rows_of(session, one, other) == before


def test_a_merge_is_no_import_to_the_pages_of_imports(session: Session, region: Region) -> None:
    done = merged(session, region, *two(session, region))
    with pytest.raises(NotFoundError):
        store.job_of_batch(session, region.id, done.batch_id)
