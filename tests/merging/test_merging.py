"""Merging two offers: what stands afterwards, value by value, and who may not do it."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import duplicates, merging, sheet, states
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.curation.merging_sides import Choice
from api.history.models import Revision
from api.offers.models import Offer, OfferRedirect, Status
from api.regions.models import Region
from api.sources.models import LINKED, SourceRecord
from tests.curation.sheets import by, contact, entry, only, place, point
from tests.factories import make_offer, make_region, make_source, make_topic
from tests.merging.world import compared, merged, two

KEPT, OTHER, BOTH = Choice


def usual(session: Session, region: Region, kept: Offer, other: Offer) -> dict[str, Choice]:
    return {row.path: row.usual for row in compared(session, region, kept, other).rows if not row.is_same}


def streets(session: Session, region: Region, offer: Offer) -> list[str]:
    told = sheet.of_offer(session, region.id, offer.id)
    return sorted(one["street"] for one in told["places"].values())


def labels(session: Session, region: Region, offer: Offer) -> list[str]:
    told = sheet.of_offer(session, region.id, offer.id)
    return sorted(one["label"] for one in told["contacts"].values())


def test_what_only_one_of_them_says_is_kept_by_itself(session: Session, region: Region) -> None:
    one, other = two(session, region)
    merged(session, region, one, other)
    told = sheet.of_offer(session, region.id, one.id)
    assert (told["name"], told["organization"]) == ("Elterncafé Sonne", "Verein")
    assert (told["summary"], told["cost"]) == ("Frühstück für Eltern.", "free")


def test_places_and_contacts_are_joined_and_the_same_one_is_there_once(
    session: Session, region: Region
) -> None:
    one, other = two(session, region)
    merged(session, region, one, other)
    assert streets(session, region, one) == ["Mondweg 5", "Sonnenstraße 1"]
    assert labels(session, region, one) == ["Anmeldung", "Büro"]


def test_the_hours_come_along_to_the_same_house_and_with_the_other_one(
    session: Session, region: Region
) -> None:
    one, other = two(session, region)
    merged(session, region, one, other)
    places = sheet.of_offer(session, region.id, one.id)["places"].values()
    assert [len(place["schedules"]) for place in places] == [1, 1]
    (moon,) = (place for place in places if place["street"] == "Mondweg 5")
    assert [day["on"] for line in moon["schedules"] for day in line["deviations"]] == ["2026-01-12"]


def test_each_value_can_be_chosen(session: Session, region: Region) -> None:
    one, other = two(session, region)
    found = compared(session, region, one, other)
    (twin,) = (path for path in found.twins.values() if path.startswith("places/"))
    office = next(row.path for row in found.rows if row.other and row.other == found_private(found.other))
    merged(
        session, region, one, other,
        {"name": OTHER, "organization": OTHER, "summary": KEPT, office: KEPT, f"{twin}/name": OTHER},
    )  # fmt: skip
    told = sheet.of_offer(session, region.id, one.id)
    assert (told["name"], told["organization"], told["summary"]) == ("Elterncafé", "Amt", "")
    assert labels(session, region, one) == ["Büro"]
    assert told["places"][twin.partition("/")[2]]["name"] == "Haus Sonne"


def found_private(told: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in told["contacts"].values() if not one["is_public"])


def test_a_part_of_the_kept_one_can_be_left_out(session: Session, region: Region) -> None:
    one, other = two(session, region)
    extra = entry(session, region, places={"new-1": place(street="Weg 9", point=point(13.9, 52.5))})
    key, _ = only(sheet.of_offer(session, region.id, extra.id)["places"])
    merged(session, region, extra, one, {f"places/{key}": OTHER})
    assert streets(session, region, extra) == ["Sonnenstraße 1"]
    assert other.status == Status.PUBLISHED


def test_lists_without_an_order_are_joined(session: Session, region: Region) -> None:
    for slug in ("geld", "familie", "schule"):
        make_topic(session, slug)
    one = entry(session, region, topics=["geld", "familie"], languages=["de"])
    other = entry(session, region, topics=["familie", "schule"], languages=["tr"])
    assert usual(session, region, one, other) == {"topics": BOTH, "languages": BOTH}
    merged(session, region, one, other, {"languages": OTHER})
    told = sheet.of_offer(session, region.id, one.id)
    assert (told["topics"], told["languages"]) == (["geld", "familie", "schule"], ["tr"])


def test_what_is_true_only_together_comes_from_one_offer(session: Session, region: Region) -> None:
    one = entry(session, region, min_age=3, max_age=6)
    other = entry(session, region, min_age=7, max_age=12)
    with pytest.raises(InvalidInputError) as raised:
        merged(session, region, one, other, {"min_age": OTHER})
    assert [error.field for error in raised.value.errors] == ["min_age"]
    merged(session, region, one, other, {"min_age": OTHER, "max_age": OTHER})
    assert (one.min_age, one.max_age) == (7, 12)


@pytest.mark.parametrize("path", ["nothing", "places/1", "organization_website", "name"])
def test_what_cannot_be_chosen_is_named(session: Session, region: Region, path: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        merged(session, region, *two(session, region), {path: BOTH})
    assert [error.field for error in raised.value.errors] == [path]


def test_what_is_for_professionals_is_never_joined_with_what_is_public(
    session: Session, region: Region
) -> None:
    one = entry(session, region, contacts={"new-1": contact()})
    other = entry(session, region, contacts={"new-1": contact(is_public=False)})
    merged(session, region, one, other)
    told = sheet.of_offer(session, region.id, one.id)["contacts"]
    assert sorted(one["is_public"] for one in told.values()) == [False, True]


def test_a_hidden_address_is_never_joined_with_an_open_one(session: Session, region: Region) -> None:
    one = entry(session, region, places={"new-1": place()})
    other = entry(session, region, places={"new-1": place(address_hidden=True)})
    assert compared(session, region, one, other).twins == {}
    merged(session, region, one, other)
    told = sheet.of_offer(session, region.id, one.id)["places"]
    assert sorted(place["address_hidden"] for place in told.values()) == [False, True]


def test_the_other_one_is_archived_and_leads_on(session: Session, region: Region) -> None:
    one, other = two(session, region)
    done = merged(session, region, one, other)
    assert (one.status, other.status) == (Status.PUBLISHED, Status.ARCHIVED)
    way = session.exec(select(OfferRedirect)).one()
    assert (way.old_id, way.old_slug, way.new_id) == (other.id, other.slug, one.id)
    assert (done.offer_id, done.slug) == (one.id, one.slug)


def test_all_of_it_is_one_batch(session: Session, region: Region) -> None:
    one, other = two(session, region)
    before = max(session.exec(select(Revision.id)).all())
    done = merged(session, region, one, other)
    since = session.exec(select(Revision).where(col(Revision.id) > before)).all()
    assert {revision.batch_id for revision in since} == {done.batch_id}
    assert {revision.actor for revision in since} == {"account:1"}


def test_rows_of_lists_mean_the_kept_one_as_links(session: Session, region: Region) -> None:
    one, other = two(session, region)
    found = compared(session, region, one, other)
    rows = {}
    for key in found.other["places"]:
        row = SourceRecord(
            source_id=make_source(session, region).id,
            key=key,
            offer_id=other.id,
            offer_at_place_id=int(key),
            raw={},
            mapped={"name": "x"},
        )
        session.add(row)
        rows[key] = row
    session.flush()
    merged(session, region, one, other)
    assert {row.offer_id for row in rows.values()} == {one.id}
    assert all(row.mapped == {"name": "x", LINKED: True} for row in rows.values())
    twin, mine = next((a, b) for a, b in found.twins.items() if a.startswith("places/"))
    places = {f"places/{key}": f"places/{row.offer_at_place_id}" for key, row in rows.items()}
    assert places.pop(twin) == mine
    assert all(there == here for there, here in places.items())


def test_who_has_not_seen_the_present_state_decides_nothing(session: Session, region: Region) -> None:
    one, other = two(session, region)
    seen = compared(session, region, one, other).seen
    sheet.apply(session, by(region), other, {"summary": {"old": other.summary, "new": "Neu"}})
    with pytest.raises(ConflictError, match="changed since"):
        merging.merge(session, by(region), one.id, other.id, {}, seen=seen)
    assert other.status == Status.PUBLISHED


def test_only_what_is_alive_is_merged_and_only_once(session: Session, region: Region) -> None:
    one, other = two(session, region)
    third = make_offer(session, region)
    merged(session, region, one, other)
    for kept, gone in ((one, other), (third, other), (other, third), (one, one)):
        with pytest.raises(ConflictError):
            merged(session, region, kept, gone)
    states.archive(session, by(region), third.id)
    with pytest.raises(ConflictError, match="archived"):
        merged(session, region, one, third)


def test_offers_of_another_region_are_not_found(session: Session, region: Region) -> None:
    one, _ = two(session, region)
    abroad = make_offer(session, make_region(session, is_default=False))
    with pytest.raises(NotFoundError):
        merged(session, region, one, abroad)


def test_where_four_eyes_are_wanted_one_plans_and_another_one_does_it(
    session: Session, region: Region
) -> None:
    region.four_eyes = True
    session.flush()
    one, other = two(session, region)
    with pytest.raises(ConflictError):
        merged(session, region, one, other)
    seen = compared(session, region, one, other).seen
    number = merging.plan(session, by(region), one.id, other.id, {"name": OTHER}, seen=seen, note="gleich")
    with pytest.raises(ConflictError):
        merging.carry_out(session, by(region), number)
    done = merging.carry_out(session, by(region, "account:2"), number)
    assert (one.name, done.pair_id) == ("Elterncafé", number)
    pair = session.get_one(DuplicatePair, number)
    assert (pair.decision, pair.decided_by, pair.note) == (PairDecision.MERGED, "account:2", "gleich")


def test_a_plan_is_not_carried_out_after_a_change(session: Session, region: Region) -> None:
    one, other = two(session, region)
    seen = compared(session, region, one, other).seen
    number = merging.plan(session, by(region), one.id, other.id, {}, seen=seen)
    states.pause(session, by(region), other.id, None)
    with pytest.raises(ConflictError, match="changed since"):
        merging.carry_out(session, by(region, "account:2"), number)


def test_the_public_one_rather_stays_then_the_older_one(session: Session, region: Region) -> None:
    one, other = two(session, region)
    assert merging.usual_order(session, region.id, other.id, one.id) == (one.id, other.id)
    states.pause(session, by(region), one.id, None)
    assert merging.usual_order(session, region.id, one.id, other.id) == (other.id, one.id)


def test_other_pairs_of_what_is_gone_leave_the_queue(session: Session, region: Region) -> None:
    one, other = two(session, region)
    third = make_offer(session, region)
    number = duplicates.name_pair(session, by(region), other.id, third.id)
    merged(session, region, one, other)
    assert session.get_one(DuplicatePair, number).decision == PairDecision.CLOSED
