"""„Unverändert bestätigt“: for one entry, for all of a provider or a list; refused if it changed, undone."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import Session, select

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import confirming, freshness, sheet
from api.history import service as history
from api.history.models import Origin, Revision
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace
from api.offers.schemas import ContactIn
from api.places.models import Place
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from tests.factories import act, make_offer, make_place, make_region

OLD = date(2025, 1, 1)
LINE = ScheduleIn.model_validate({"first_date": OLD, "starts": "10:00", "recurrence": "FREQ=WEEKLY"})


@pytest.fixture
def offer(session: Session, region: Region) -> Offer:
    place = make_place(session, region, 13.4, 52.5)
    contact = {"label": "Büro", "phone": "1"}
    return make_offer(session, region, place, organization="Träger", contact=contact, verified_on=OLD)


def seen(session: Session, offer: Offer) -> int:
    return freshness.seen(session, [offer.id])[offer.id]


def last(session: Session) -> Revision:
    found = session.exec(select(Revision).order_by(Revision.id.desc())).first()  # type: ignore[attr-defined]
    assert found is not None
    return found


def test_a_confirmation_sets_the_day_and_nothing_else(session: Session, region: Region, offer: Offer) -> None:
    today = clock.today(region.timezone)
    before = sheet.read(session, offer)
    doing = act(region, actor="provider:3", origin=Origin.LINK)
    confirmed = confirming.confirm(session, doing, offer.id, seen(session, offer))
    assert sheet.read(session, offer) == before | {"verified_on": today.isoformat()}
    revision = last(session)
    assert confirmed.revisions == [revision.id]
    assert (revision.actor, revision.origin) == ("provider:3", Origin.LINK)
    assert revision.changes == {"verified_on": {"old": "2025-01-01", "new": today.isoformat()}}


def rename(session: Session, region: Region, offer: Offer) -> None:
    offers.change(session, act(region), offer, {"name": "Anders"})


def call_elsewhere(session: Session, region: Region, offer: Offer) -> None:
    offers.set_contact(session, act(region), offer, ContactIn(label="Büro", phone="2"))


def lose_contact(session: Session, region: Region, offer: Offer) -> None:
    contact = session.exec(select(Contact).where(Contact.offer_id == offer.id)).one()
    history.delete(session, act(region), contact)


def say_hours(session: Session, region: Region, offer: Offer) -> None:
    schedules.write(session, act(region), offer.id, None, [LINE])


def move_house(session: Session, region: Region, offer: Offer) -> None:
    at_place = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == offer.id)).one()
    history.change(session, act(region), session.get_one(Place, at_place.place_id), {"street": "Neuer Weg 1"})


def note_at_place(session: Session, region: Region, offer: Offer) -> None:
    at_place = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == offer.id)).one()
    history.change(session, act(region), at_place, {"note": "Hinterhof"})


@pytest.mark.parametrize(
    "change", [rename, call_elsewhere, lose_contact, say_hours, move_house, note_at_place]
)
def test_what_changed_since_it_was_seen_cannot_be_confirmed(
    session: Session, region: Region, offer: Offer, change: Callable[[Session, Region, Offer], None]
) -> None:
    saw = seen(session, offer)
    change(session, region, offer)
    with pytest.raises(ConflictError) as caught:
        confirming.confirm(session, act(region), offer.id, saw)
    assert [error.field for error in caught.value.errors] == [str(offer.id)]
    assert offer.verified_on == OLD


def test_all_of_a_list_are_confirmed_but_those_that_changed(session: Session, region: Region) -> None:
    mine = [make_offer(session, region, verified_on=OLD) for _ in range(3)]
    saw = {line.offer_id: line.seen for line in freshness.lines(session, region).results}
    rename(session, region, mine[1])
    confirmed = confirming.confirm_all(session, act(region), saw)
    assert confirmed.offers == [mine[0].id, mine[2].id]
    assert confirmed.changed_since == [mine[1].id]
    assert [one.verified_on == OLD for one in mine] == [False, True, False]
    assert freshness.lines(session, region).total == 1


def test_who_speaks_for_a_provider_speaks_for_its_own_alone(
    session: Session, region: Region, offer: Offer
) -> None:
    foreign = make_offer(session, region, organization="Andere", verified_on=OLD)
    saw = freshness.seen(session, [offer.id, foreign.id])
    with pytest.raises(NotFoundError):
        confirming.confirm_all(session, act(region), saw, offer.organization_id)
    assert offer.verified_on == OLD
    own = {offer.id: saw[offer.id]}
    assert confirming.confirm_all(session, act(region), own, offer.organization_id).offers == [offer.id]


def test_twice_on_one_day_is_as_good_as_once(session: Session, region: Region, offer: Offer) -> None:
    confirming.confirm(session, act(region), offer.id, seen(session, offer))
    again = confirming.confirm(session, act(region), offer.id, seen(session, offer))
    assert (again.offers, again.revisions) == ([offer.id], [])


def test_four_eyes_are_not_needed_to_say_that_nothing_changed(
    session: Session, region: Region, offer: Offer
) -> None:
    region.four_eyes = True
    session.flush()
    assert confirming.confirm(session, act(region), offer.id, seen(session, offer)).offers == [offer.id]


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_only_what_is_alive_is_confirmed(session: Session, region: Region, status: str) -> None:
    offer = make_offer(session, region, status=status)
    with pytest.raises(ConflictError):
        confirming.confirm(session, act(region), offer.id, seen(session, offer))


def test_nobody_confirms_what_another_region_has(session: Session, region: Region) -> None:
    foreign = make_offer(session, make_region(session, is_default=False))
    with pytest.raises(NotFoundError):
        confirming.confirm(session, act(region), foreign.id, seen(session, foreign))


def test_confirmations_are_taken_back_together(session: Session, region: Region) -> None:
    mine = [make_offer(session, region, verified_on=OLD) for _ in range(3)]
    saw = freshness.seen(session, [one.id for one in mine])
    confirmed = confirming.confirm_all(session, act(region), saw)
    assert confirming.take_back(session, act(region), confirmed.revisions).restored == 3
    assert {one.verified_on for one in mine} == {OLD}
    assert confirming.take_back(session, act(region), confirmed.revisions).restored == 0


def test_nothing_but_a_confirmation_of_the_region_is_taken_back(
    session: Session, region: Region, offer: Offer
) -> None:
    rename(session, region, offer)
    session.flush()
    with pytest.raises(NotFoundError):
        confirming.take_back(session, act(region), [last(session).id])
    other = make_region(session, is_default=False)
    confirmed = confirming.confirm(session, act(region), offer.id, seen(session, offer))
    with pytest.raises(NotFoundError):
        confirming.take_back(session, act(other), confirmed.revisions)
