"""Two people at the same moment: one of them merges, the other is told."""

import threading

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from api.core.errors import ConflictError
from api.curation import merging, sheet
from api.curation.merging_sides import side_by_side
from api.history import service as history
from api.offers.models import Offer, OfferRedirect, Status
from api.regions.models import Region
from tests.curation.sheets import by
from tests.factories import make_offer, make_region
from tests.locks import wait_for_lock
from tests.merging.world import two


@pytest.fixture
def world(database: Engine) -> tuple[Engine, Region, int, int]:
    with Session(database, expire_on_commit=False) as session, session.begin():
        region = make_region(session)
        one, other = two(session, region)
        numbers = one.id, other.id
        session.refresh(region)
    return database, region, *numbers


def side_by_side_in_time(engine: Engine, first: object, second: object) -> list[Exception]:
    """Do something in one transaction while another one does something else; return what was raised."""
    failures: list[Exception] = []

    def work() -> None:
        try:
            with Session(engine) as session, session.begin():
                second(session)  # type: ignore[operator]
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failures.append(error)

    with Session(engine) as session:
        first(session)  # type: ignore[operator]
        session.flush()
        thread = threading.Thread(target=work)
        thread.start()
        wait_for_lock(engine)
        session.commit()
        thread.join(timeout=20)
    return failures


@pytest.mark.parametrize("is_turned", [False, True])
def test_two_people_merge_the_same_pair_and_one_hears_of_it(
    world: tuple[Engine, Region, int, int], is_turned: bool
) -> None:
    engine, region, one, other = world
    with Session(engine) as session:
        seen = side_by_side(session, region.id, one, other).seen
        turned = side_by_side(session, region.id, other, one).seen

    def first(session: Session) -> None:
        merging.merge(session, by(region), one, other, {}, seen=seen)

    def second(session: Session) -> None:
        both = (other, one) if is_turned else (one, other)
        mark = turned if is_turned else seen
        merging.merge(session, by(region, "account:2"), *both, {}, seen=mark)

    (failure,) = side_by_side_in_time(engine, first, second)
    assert isinstance(failure, ConflictError)
    assert failure.detail == merging.MERGED_AWAY
    with Session(engine) as session:
        assert len(session.exec(select(OfferRedirect)).all()) == 1
        assert session.get_one(Offer, other).status == Status.ARCHIVED
        assert session.scalar(text("SELECT count(*) FROM import_batch")) == 1


def test_an_edit_at_the_same_moment_is_not_lost(world: tuple[Engine, Region, int, int]) -> None:
    engine, region, one, other = world
    with Session(engine) as session:
        seen = side_by_side(session, region.id, one, other).seen

    def edit(session: Session) -> None:
        change = {"name": {"old": "Elterncafé", "new": "Café am Park"}}
        sheet.apply(session, by(region), sheet.get(session, region.id, other), change)

    def merge(session: Session) -> None:
        merging.merge(session, by(region, "account:2"), one, other, {}, seen=seen)

    (failure,) = side_by_side_in_time(engine, edit, merge)
    assert isinstance(failure, ConflictError)
    with Session(engine) as session:
        found = session.get_one(Offer, other)
        assert (found.name, found.status) == ("Café am Park", Status.PUBLISHED)


def test_the_database_closes_no_circle(session: Session, region: Region) -> None:
    offers = [make_offer(session, region) for _ in range(3)]
    for old, new in ((0, 1), (1, 2)):
        session.add(redirect(region, offers[old], offers[new]))
        session.flush()
    for old, new in ((2, 0), (2, 1), (2, 2)):
        way = redirect(region, offers[old], offers[new])
        with pytest.raises(IntegrityError), session.begin_nested():
            history.create(session, by(region), way)


def redirect(region: Region, old: Offer, new: Offer) -> OfferRedirect:
    return OfferRedirect(region_id=region.id, old_id=old.id, old_slug=old.slug, new_id=new.id)
