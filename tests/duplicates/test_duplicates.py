"""Duplicates among labelled pairs: how many links are right, and how many duplicates are found."""

import pytest
from sqlmodel import Session

from api.regions.models import Region
from importers.matching import Matcher, Verdict
from importers.record import Record
from tests.duplicates import make, measure
from tests.duplicates.make import OVERLAP
from tests.duplicates.measure import Judged, figures, judged, simple_rule
from tests.factories import make_offer, make_place, make_region

PRECISE, FOUND = 0.98, 0.90


@pytest.fixture(scope="module")
def counted() -> list[Judged]:
    return [one for one in judged() if one.pair.kind != OVERLAP]


def test_the_pairs_follow_from_the_demo_data() -> None:
    assert make.written() == make.FILE.read_text(encoding="utf-8")


def test_there_are_enough_pairs_of_each_label_in_each_half(counted: list[Judged]) -> None:
    assert len(counted) >= 300
    for half in ("train", "held-out"):
        for label in ("same", "different"):
            assert sum((one.pair.half, one.pair.label) == (half, label) for one in counted) >= 100


@pytest.mark.parametrize("half", ["train", "held-out", ""])
def test_links_are_right_and_duplicates_found(counted: list[Judged], half: str) -> None:
    its = figures(one for one in counted if half in ("", one.pair.half))
    assert its.precision >= PRECISE
    assert its.recall_with_questions >= FOUND


def test_is_better_than_a_hundred_metres_and_thirty_per_cent(counted: list[Judged]) -> None:
    ours, simple = figures(counted), figures(counted, simple_rule)
    assert ours.precision > simple.precision
    assert ours.recall > simple.recall
    assert simple.wrongly_linked > 0


def test_real_overlaps_are_never_linked_wrongly() -> None:
    real = [one for one in judged() if one.pair.kind == OVERLAP]
    assert len(real) == 20
    assert {one.pair.label for one in real if one.verdict == Verdict.CERTAIN} == {"same"}
    same = [one.verdict for one in real if one.pair.label == "same"]
    assert sum(verdict != Verdict.NEW for verdict in same) >= 7


def test_the_page_says_what_is_measured() -> None:
    assert measure.PAGE.read_text(encoding="utf-8") == measure.page()


def put(session: Session, region: Region, left: Record) -> int:
    """The left entry of a pair, as an offer of the region."""
    place = make_place(session, region, left.lon, left.lat, street=left.street, postcode=left.postcode)
    contact = {"phone": left.phone, "email": left.email} if left.has_contact else None
    provider, website = left.organization, left.website
    offer = make_offer(
        session, region, place, name=left.name, organization=provider, contact=contact, website=website
    )
    return offer.id


@pytest.mark.parametrize("half", ["held-out", pytest.param("train", marks=pytest.mark.proof)])
def test_the_database_finds_what_the_pairs_say(session: Session, counted: list[Judged], half: str) -> None:
    """All duplicates in one region at once: each row has to find its own offer among the others."""
    region = make_region(session)
    offers: dict[str, int] = {}
    asked: list[tuple[Record, int]] = []
    for one in (one for one in counted if one.pair.is_same and one.pair.half == half):
        left = one.pair.left
        known = left.model_dump_json()
        if known not in offers:
            offers[known] = put(session, region, left)
        asked.append((one.pair.right, offers[known]))
    session.flush()
    right = linked = found = 0
    matcher = Matcher(session, region.id, None)
    for record, offer_id in asked:
        verdict, candidate = matcher.look_up(record)
        is_right = candidate is not None and candidate.offer_id == offer_id
        linked += verdict == Verdict.CERTAIN
        right += verdict == Verdict.CERTAIN and is_right
        found += is_right
    assert right >= PRECISE * linked
    assert found >= FOUND * len(asked)
    assert right >= 0.85 * len(asked)
