"""The queue of pairs that may be one: found, asked about once, and closed when they are alike no more."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.core.build import ROOT
from api.core.errors import ConflictError, NotFoundError
from api.curation import duplicates, duplicates_listing, sheet, states
from api.curation.duplicates import Noted
from api.curation.duplicates_kinds import Likeness, PairDecision
from api.curation.duplicates_listing import PairLine, Wanted
from api.curation.duplicates_models import DuplicatePair
from api.offers.models import Offer, Status
from api.regions.models import Region
from importers.duplicates import look
from tests.curation.sheets import by, contact, entry, place, point
from tests.factories import box, make_division, make_offer, make_region, make_space, make_topic
from tests.merging.world import merged
from tests.plans import rows_read

HERE = {"new-1": place(street="Sonnenstraße 1", point=point(13.5, 52.5))}
PHONE = {"new-1": contact(phone="030 1234")}


def twice(session: Session, region: Region, **fields: object) -> tuple[Offer, Offer]:
    """One offer that stands on the map two times."""
    said = {"name": "Elterncafé Sonne", "places": HERE, "contacts": PHONE, **fields}
    return entry(session, region, **said), entry(session, region, **said)


def waiting(session: Session, region: Region, **wanted: object) -> list[PairLine]:
    return duplicates_listing.pairs(session, region, Wanted(**wanted)).results  # type: ignore[arg-type]


def test_finds_what_is_there_twice_and_says_why_in_german(session: Session, region: Region) -> None:
    one, other = twice(session, region)
    make_offer(session, region)
    assert look(session, region.id) == Noted(1, 0, 0, 1)
    (line,) = waiting(session, region)
    assert (line.one.id, line.other.id, line.verdict) == (one.id, other.id, Likeness.CERTAIN)
    assert line.reasons[0] == "Name gleich"
    assert "gleiche Telefonnummer" in line.reasons
    assert line.score >= 8


def test_looking_again_asks_nothing_again(session: Session, region: Region) -> None:
    twice(session, region)
    look(session, region.id)
    (before,) = waiting(session, region)
    assert look(session, region.id) == Noted(0, 0, 0, 1)
    assert waiting(session, region) == [before]


def test_what_is_different_is_never_asked_about_again(session: Session, region: Region) -> None:
    one, other = twice(session, region)
    look(session, region.id)
    (line,) = waiting(session, region)
    duplicates.differ(session, by(region), line.id, "Zwei Gruppen.")
    assert look(session, region.id) == Noted(0, 0, 0, 0)
    (decided,) = waiting(session, region, decisions=[PairDecision.DIFFERENT])
    assert (decided.decided_by, decided.note) == ("account:1", "Zwei Gruppen.")
    with pytest.raises(ConflictError):
        duplicates.differ(session, by(region, "account:2"), line.id)
    duplicates.ask_again(session, by(region), line.id)
    assert len(waiting(session, region)) == 1
    assert {one.status, other.status} == {Status.PUBLISHED}


def test_a_pair_that_is_alike_no_more_leaves_the_queue_and_comes_back(
    session: Session, region: Region
) -> None:
    _, other = twice(session, region)
    look(session, region.id)
    sheet.apply(session, by(region), other, {"name": {"old": other.name, "new": "Fahrradwerkstatt"}})
    assert look(session, region.id) == Noted(0, 0, 1, 0)
    sheet.apply(session, by(region), other, {"name": {"old": other.name, "new": "Elterncafé Sonne"}})
    assert look(session, region.id) == Noted(0, 1, 0, 1)


def test_what_is_archived_or_merged_is_no_duplicate(session: Session, region: Region) -> None:
    one, other = twice(session, region)
    third, _ = twice(session, region, name="Schachclub")
    states.archive(session, by(region), third.id)
    look(session, region.id)
    (line,) = waiting(session, region)
    done = merged(session, region, one, other)
    assert done.pair_id == line.id
    assert look(session, region.id) == Noted(0, 0, 0, 0)
    (told,) = waiting(session, region, decisions=[PairDecision.MERGED])
    assert (told.kept_id, told.batch_id) == (one.id, done.batch_id)


def test_what_somebody_has_named_waits_however_unlike_it_is(session: Session, region: Region) -> None:
    one, other = make_offer(session, region), make_offer(session, region)
    number = duplicates.name_pair(session, by(region), other.id, one.id)
    assert duplicates.name_pair(session, by(region), one.id, other.id) == number
    assert look(session, region.id) == Noted(0, 0, 0, 1)
    assert duplicates_listing.pair(session, region, number).verdict == Likeness.NAMED
    with pytest.raises(ConflictError):
        duplicates.name_pair(session, by(region), one.id, one.id)


def test_those_who_wait_longest_come_first_and_filters_hold(session: Session, region: Region) -> None:
    division = make_division(session, region)
    west = make_space(session, division, "1", box(13.4, 52.4, 13.55, 52.6))
    make_topic(session, "familie")
    near = twice(session, region, topics=["familie"])
    far = [make_offer(session, region) for _ in range(2)]
    away = {"new-1": place(street="Ferne 1", point=point(13.58, 52.5))}
    gone = [entry(session, region, name=f"Werkstatt {n}", places=away) for n in (1, 2)]
    numbers = [
        duplicates.name_pair(session, by(region), one.id, other.id) for one, other in (gone, far, near)
    ]
    assert [line.id for line in waiting(session, region)] == numbers
    assert [line.id for line in waiting(session, region, spaces=[west.id])] == numbers[1:]
    assert [line.id for line in waiting(session, region, topics=["familie"])] == numbers[2:]
    assert [line.id for line in waiting(session, region, offer_id=far[1].id)] == [numbers[1]]
    page = duplicates_listing.pairs(session, region, Wanted(), page=2, per_page=2)
    assert (page.total, [line.id for line in page.results]) == (3, numbers[2:])


def test_pairs_are_those_of_their_region(session: Session, region: Region) -> None:
    abroad = make_region(session, is_default=False)
    one, other = make_offer(session, region), make_offer(session, region)
    number = duplicates.name_pair(session, by(region), one.id, other.id)
    assert waiting(session, abroad) == []
    with pytest.raises(NotFoundError):
        duplicates_listing.pair(session, abroad, number)
    with pytest.raises(NotFoundError):
        duplicates.differ(session, by(abroad), number)


def test_reasons_tell_nothing_of_a_hidden_address(session: Session, region: Region) -> None:
    hidden = {"new-1": place(street="Geheimweg 7", address_hidden=True)}
    twice(session, region, places=hidden)
    look(session, region.id)
    said = str(waiting(session, region))
    assert "Geheimweg" not in said
    assert "entfernt" not in said


def test_the_queue_reads_what_it_shows_and_nothing_of_what_was_decided(
    session: Session, region: Region
) -> None:
    offers = [make_offer(session, region) for _ in range(40)]
    for place_in_list, offer in enumerate(offers[1:]):
        number = duplicates.name_pair(session, by(region), offers[place_in_list].id, offer.id)
        if place_in_list < 30:
            duplicates.differ(session, by(region), number)
    session.execute(text("ANALYZE duplicate_pair"))
    read = rows_read(session, lambda: duplicates_listing.pairs(session, region, Wanted(), per_page=5))
    assert read["duplicate_pair"] <= 9
    assert session.exec(select(DuplicatePair)).all() != []


def test_the_command_says_what_it_has_found(database: Engine, owner_url: str) -> None:
    with Session(database) as session, session.begin():
        twice(session, make_region(session, slug="hier", name="Hier"))

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "importers.duplicates", *arguments],
            cwd=ROOT,
            env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url},
            capture_output=True,
            text=True,
            check=False,
        )

    waits = "Hier: 1 Paar wartet auf eine Entscheidung ({} neu, 0 wieder, 0 erledigt).\n"
    assert run("--region=hier").stdout == waits.format(1)
    assert run().stdout == waits.format(0)
    wrong = run("--region=nirgends")
    assert (wrong.returncode, wrong.stderr) == (2, "Die Region „nirgends“ gibt es nicht.\n")


def test_make_undo_takes_a_merge_back_whole(database: Engine, owner_url: str) -> None:
    with Session(database) as session, session.begin():
        region = make_region(session)
        one, other = twice(session, region)
        batch = merged(session, region, one, other).batch_id
        gone = other.id
    done = subprocess.run(
        [sys.executable, "-m", "importers.undo", str(batch)],
        cwd=ROOT,
        env={**os.environ, "LANDKARTE_DATABASE_URL": owner_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with Session(database) as session:
        assert session.get_one(Offer, gone).status == Status.PUBLISHED
        assert session.exec(select(DuplicatePair)).one().decision == PairDecision.OPEN
