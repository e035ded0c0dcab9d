"""The list of offers: what is different for people to see, has ended or become old; within one's scope."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.accounts.models import Role
from api.accounts.policy import Person
from api.core import clock
from api.core.errors import NotFoundError
from api.history import service as history
from api.offers import service as offers
from api.offers.freshness import Freshness
from api.offers.models import Contact, Offer, OfferAtPlace, OfferRedirect, Status
from api.offers.schemas import ContactIn
from api.places.models import Place
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from api.watching import marks, news
from api.watching.facts import Fact
from api.watching.marks import Difference
from api.watching.models import Standing
from tests import plans
from tests.curation.sheets import line
from tests.factories import act, box, make_division, make_offer, make_place, make_region, make_space
from tests.watching.people import changes, gather, make_person, save


@pytest.fixture
def person(session: Session, region: Region) -> Person:
    return make_person(session, region)


@pytest.fixture
def offer(session: Session, region: Region, person: Person) -> Offer:
    """A public offer with all its parts, on the person's list."""
    at = [
        make_place(session, region, 13.4, 52.5),
        make_place(session, region, 13.3, 52.4, address_hidden=True),
    ]
    found = make_offer(
        session, region, at, contact={"label": "Büro", "phone": "030 1"}, verified_on=today(region)
    )
    offers.set_contact(session, act(region), found, ContactIn(label="Amt", phone="030 2", is_public=False))
    schedules.write(session, act(region), found.id, None, [ScheduleIn.model_validate(line())])
    session.flush()
    marks.watch(session, region, person, found.id)
    return found


def today(region: Region) -> Any:
    return clock.today(region.timezone)


def set_offer(**values: Any) -> Callable[[Session, Region, Offer], None]:
    def deed(session: Session, region: Region, offer: Offer) -> None:
        offers.change(session, act(region), offer, values)

    return deed


def set_contact(label: str, **values: Any) -> Callable[[Session, Region, Offer], None]:
    def deed(session: Session, region: Region, _offer: Offer) -> None:
        row = session.exec(select(Contact).where(col(Contact.label) == label)).one()
        history.change(session, act(region), row, values)

    return deed


def set_place(*, hidden: bool, **values: Any) -> Callable[[Session, Region, Offer], None]:
    def deed(session: Session, region: Region, _offer: Offer) -> None:
        row = session.exec(select(Place).where(col(Place.address_hidden) == hidden)).one()
        history.change(session, act(region), row, values)

    return deed


def drop_contact(label: str) -> Callable[[Session, Region, Offer], None]:
    def deed(session: Session, region: Region, _offer: Offer) -> None:
        history.delete(
            session, act(region), session.exec(select(Contact).where(col(Contact.label) == label)).one()
        )

    return deed


def no_hours(session: Session, region: Region, offer: Offer) -> None:
    schedules.write(session, act(region), offer.id, None, [])


def other_hours(session: Session, region: Region, offer: Offer) -> None:
    schedules.write(session, act(region), offer.id, None, [ScheduleIn.model_validate(line(starts="09:00"))])


def no_place(session: Session, region: Region, offer: Offer) -> None:
    stmt = select(OfferAtPlace).where(col(OfferAtPlace.offer_id) == offer.id).order_by(col(OfferAtPlace.id))
    row = session.exec(stmt).first()
    assert row is not None
    offers.detach(session, act(region), row)


def there_and_back(session: Session, region: Region, offer: Offer) -> None:
    name = offer.name
    for said in ("Ganz anders", name):
        offers.change(session, act(region), offer, {"name": said})


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        (set_offer(name="Neu", cost="free"), Difference([Fact.NAME, Fact.COST])),
        (set_offer(hours_text="mittwochs", min_age=3), Difference([Fact.WHO_FOR, Fact.HOURS])),
        (set_contact("Büro", phone="030 3"), Difference([Fact.CONTACT])),
        (set_place(hidden=False, street="Weg", wheelchair="yes"), Difference([Fact.PLACE, Fact.WHEELCHAIR])),
        (drop_contact("Büro"), Difference([Fact.CONTACT])),
        (no_hours, Difference([Fact.HOURS])),
        (other_hours, Difference([Fact.HOURS])),
        (no_place, Difference([Fact.PLACE])),
        (set_offer(status=Status.PAUSED), Difference(standing=Standing.PAUSED)),
        (set_offer(status=Status.ARCHIVED, name="Vorbei"), Difference(standing=Standing.ARCHIVED)),
        # Nobody outside reads these, or they are what they were.
        (set_contact("Amt", phone="030 4"), None),
        (drop_contact("Amt"), None),
        (set_place(hidden=True, street="Geheime Gasse 7"), None),
        (set_offer(verify_within_days=91), None),
        (there_and_back, None),
    ],
)  # fmt: skip
def test_what_people_see_differently_is_told_and_nothing_else(
    session: Session,
    region: Region,
    person: Person,
    offer: Offer,
    deed: Callable[[Session, Region, Offer], None],
    told: Difference | None,
) -> None:
    assert changes(session, region, person) == []
    deed(session, region, offer)
    assert changes(session, region, person) == ([told] if told else [])
    news.note(session, gather(session, region, person), seen=False)
    found = gather(session, region, person)
    assert (found.is_unseen, found.is_untold) == (told is not None, False)
    news.note(session, found, seen=True)
    assert not gather(session, region, person).is_unseen


def test_growing_old_is_told_once_for_each_step_and_being_checked_is_not(
    session: Session, region: Region, person: Person, offer: Offer
) -> None:
    told = []
    for days in (1, 360, 370, 380, 800, 900, 2, 400):
        set_offer(verified_on=today(region) - timedelta(days=days))(session, region, offer)
        found = gather(session, region, person)
        told.append([line.untold.freshness for line in found.lines if line.untold])
        news.note(session, found, seen=False)
    assert told == [[], [], [Freshness.DUE], [], [Freshness.OVERDUE], [], [], [Freshness.DUE]]
    # On the page it is still as old as when it was last looked at there.
    assert changes(session, region, person) == [Difference(freshness=Freshness.DUE)]


def test_hidden_things_stay_hidden(session: Session, region: Region, person: Person, offer: Offer) -> None:
    division = make_division(session, region)
    here = make_space(session, division, "1", box(13, 52, 14, 53))
    there = make_space(session, division, "2", box(15, 52, 16, 53))
    strangers = [
        make_person(session, region, Role.EDITOR, "ost@stadt.example", space_ids=[there.id]),
        make_person(
            session, region, Role.PROVIDER, "a@b.example",
            organization_id=make_offer(session, region, organization="Andere").organization_id,
        ),
    ]  # fmt: skip
    near = make_person(session, region, Role.EDITOR, "west@stadt.example", space_ids=[here.id])
    draft = make_offer(session, region, status=Status.DRAFT)
    session.flush()
    for one in (*strangers, near):
        assert marks.watch(session, region, one, offer.id)
    for one in strangers:
        with pytest.raises(NotFoundError):
            marks.watch(session, region, one, draft.id)
    assert marks.watch(session, region, person, draft.id)
    set_offer(status=Status.ARCHIVED, name="Was niemand wissen soll")(session, region, offer)
    for one in strangers:
        (found,) = gather(session, region, one).lines
        assert (found.offer, found.unseen) == (None, Difference(standing=Standing.GONE))
        assert "niemand wissen" not in repr(found)
    (found,) = gather(session, region, near).lines
    assert found.offer is not None
    assert found.unseen == Difference(standing=Standing.ARCHIVED)
    # Deleted, it is gone for everybody.
    session.execute(text("RESET ROLE"))
    session.execute(text("DELETE FROM offer WHERE id = :id"), {"id": draft.id})
    found = next(one for one in gather(session, region, person).lines if one.mark.offer_id == draft.id)
    assert (found.offer, found.unseen.standing) == (None, Standing.GONE)


def test_what_was_merged_leads_on(session: Session, region: Region, person: Person, offer: Offer) -> None:
    kept = make_offer(session, region, name="Das gemeinsame")
    row = OfferRedirect(region_id=region.id, old_id=offer.id, old_slug=offer.slug, new_id=kept.id)
    history.create(session, act(region), row)
    set_offer(status=Status.ARCHIVED)(session, region, offer)
    (found,) = gather(session, region, person).lines
    assert found.moved is not None
    assert (found.moved.offer_id, found.unseen.standing) == (kept.id, Standing.ARCHIVED)


def test_a_longer_list_asks_no_more_and_reads_only_its_own(crowd: tuple[Session, Region]) -> None:
    crowded, region = crowd
    small = make_region(crowded, is_default=False)
    alone = make_person(crowded, small, email="klein@stadt.example")
    only = make_offer(crowded, small).id
    save(crowded, small, alone, "")
    marks.watch(crowded, small, alone, only)
    expected = len(plans.questions(crowded, lambda: gather(crowded, small, alone)))
    person = make_person(crowded, region)
    save(crowded, region, person, "")
    ids = crowded.scalars(select(Offer.id).where(col(Offer.region_id) == region.id).limit(marks.MOST)).all()
    counted = []
    for some in (ids[:1], ids[1:50]):
        for number in some:
            marks.watch(crowded, region, person, number)
        crowded.execute(
            text(
                "INSERT INTO revision (region_id, entity, entity_id, action, origin, actor, changes, at)"
                " SELECT :region, 'offer', id, 'change', 'form', 'test',"
                """ '{"name": {"old": "a", "new": "b"}}', now() FROM offer WHERE region_id = :region"""
            ),
            {"region": region.id},
        )
        crowded.flush()
        asked = plans.questions(crowded, lambda: gather(crowded, region, person))
        counted.append(len(asked))
        read = plans.rows_read(crowded, lambda: gather(crowded, region, person))
        assert read["revision"] <= 4 * (len(some) + 1), read
    assert counted == [expected, expected]
    assert len(gather(crowded, region, person).lines) == 50
