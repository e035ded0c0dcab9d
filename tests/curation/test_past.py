"""The history of an entry: readable, with all its parts, respectful of what is hidden, and undone by step."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from api.core import clock
from api.core.errors import ConflictError, NotFoundError
from api.curation import past, service, sheet
from api.curation.past import Step
from api.curation.sheet_checks import checked
from api.curation.sheet_difference import difference
from api.curation.sight import EVERYTHING, Sight
from api.history.models import Origin
from api.offers.models import Offer
from api.regions.models import Region
from tests.curation.sheets import AUTHOR, OTHER, by, contact, entry, line, only, place
from tests.factories import make_offer, make_place, make_region

START = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def tick(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """A clock that tests move; hours pass between two saves."""
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


def save(session: Session, region: Region, offer: Offer, tick: list[datetime], **new: Any) -> None:
    """Somebody saves the sheet, an hour after whatever was before."""
    tick[0] += timedelta(hours=1)
    before = sheet.read(session, offer)
    after, errors = checked({**before, **new}, before)
    assert errors == []
    applied = service.change_at_once(session, by(region), offer.id, difference(before, after))
    assert applied.conflicts == {}


def steps(session: Session, region: Region, offer: Offer, sight: Sight = EVERYTHING) -> list[Step]:
    return past.history(session, region, offer.id, sight).results


def last(session: Session, region: Region, offer: Offer, sight: Sight = EVERYTHING) -> list[tuple[str, ...]]:
    return [tuple(one) for one in steps(session, region, offer, sight)[0].fields]


def test_one_save_is_one_step_in_words_with_all_parts(session: Session, region: Region, tick: Any) -> None:
    offer = entry(session, region, contacts={"new-1": contact()}, places={"new-1": place()})
    who, there = (only(sheet.read(session, offer)[kind]) for kind in ("contacts", "places"))
    save(
        session,
        region,
        offer,
        tick,
        cost="free",
        organization="Verein",
        contacts={who[0]: {**who[1], "phone": "030 2"}},
        places={there[0]: {**there[1], "street": "Weg 2", "schedules": [line()]}},
    )
    step = steps(session, region, offer)[0]
    assert (step.actor, step.origin, step.at, step.can_undo) == (AUTHOR, Origin.FORM, tick[0], True)
    assert {tuple(one) for one in step.fields} == {
        ("Kosten", "nicht bekannt", "kostenlos"),
        ("Anbieter", "", "Verein"),
        ("Kontakt „Büro“: Telefon", "030 1", "030 2"),
        ("Ort „Weg 2“: Straße und Hausnummer", "Weg 1", "Weg 2"),
        ("Ort „Weg 2“: Zeiten", "", "Jeden Montag, 10–12 Uhr"),
    }


def test_hours_are_told_as_whole_lines_and_single_dates(session: Session, region: Region, tick: Any) -> None:
    offer = entry(session, region, schedules=[line()])
    save(session, region, offer, tick, schedules=[line(ends="13:00")])
    assert last(session, region, offer) == [("Zeiten", "Jeden Montag, 10–12 Uhr", "Jeden Montag, 10–13 Uhr")]
    off = {"change": "cancelled", "on": "2026-12-21", "note": "Ferien"}
    save(session, region, offer, tick, schedules=[line(ends="13:00", deviations=[off])])
    assert last(session, region, offer) == [("Ausnahme", "", "21.12.2026 fällt aus (Ferien)")]


def test_parts_that_are_gone_are_remembered(session: Session, region: Region, tick: Any) -> None:
    offer = entry(session, region, contacts={"new-1": contact()}, places={"new-1": place()})
    save(session, region, offer, tick, contacts={}, places={})
    assert set(last(session, region, offer)) == {
        ("Kontakt", "Büro, 030 1", ""),
        ("Ort", "Weg 1, 10369 Berlin", ""),
    }
    assert len(steps(session, region, offer)) == 2


def test_a_shared_house_tells_only_of_the_time_in_which_the_offer_was_there(
    session: Session, region: Region, tick: Any
) -> None:
    house = make_place(session, region, 13.5, 52.5, street="Lange Str. 1")
    one, other = (make_offer(session, region, house) for _ in range(2))
    key, values = only(sheet.read(session, one)["places"])
    save(session, region, one, tick, places={key: {**values, "street": "Lange Straße 1"}})
    assert len(steps(session, region, other)) == 2
    save(session, region, one, tick, places={})
    number = len(steps(session, region, one))
    key, values = only(sheet.read(session, other)["places"])
    save(session, region, other, tick, places={key: {**values, "street": "Kurze Straße 1"}})
    assert len(steps(session, region, one)) == number


def test_what_was_ever_hidden_is_masked_in_all_of_its_past(
    session: Session, region: Region, tick: Any
) -> None:
    secret = place(street="Geheimer Weg 1", point=None)
    private = contact(phone="030 GEHEIM", is_public=False)
    offer = entry(session, region, places={"new-1": secret}, contacts={"new-1": private})
    key, values = only(sheet.read(session, offer)["places"])
    save(session, region, offer, tick, places={key: {**values, "address_hidden": True}})
    save(session, region, offer, tick, places={}, contacts={})
    shown = str(steps(session, region, offer, Sight()))
    assert "Geheimer" not in shown
    assert "GEHEIM" not in shown
    assert "Geheimer" in str(steps(session, region, offer, Sight(hidden_addresses=True)))
    assert "GEHEIM" in str(steps(session, region, offer, Sight(professionals=True)))


def test_a_step_is_taken_back_as_a_whole_and_once(session: Session, region: Region, tick: Any) -> None:
    offer = entry(session, region, contacts={"new-1": contact()}, places={"new-1": place(schedules=[line()])})
    before = sheet.read(session, offer)
    save(session, region, offer, tick, name="Neu", contacts={}, places={})
    step = steps(session, region, offer)[0]
    tick[0] += timedelta(hours=1)
    done = past.undo_step(session, by(region, OTHER), offer.id, step.id)
    session.expire_all()
    assert done.kept == []
    assert sheet.read(session, offer) == before
    undone, taken_back, _ = steps(session, region, offer)
    assert (undone.origin, undone.actor, taken_back.is_undone) == (Origin.UNDO, OTHER, True)
    assert (taken_back.can_undo, undone.can_undo) == (False, True)
    with pytest.raises(ConflictError, match="already"):
        past.undo_step(session, by(region), offer.id, step.id)
    tick[0] += timedelta(hours=1)
    past.undo_step(session, by(region), offer.id, undone.id)
    session.expire_all()
    assert (sheet.read(session, offer)["name"], sheet.read(session, offer)["places"]) == ("Neu", {})


def test_what_was_changed_since_stays(session: Session, region: Region, tick: Any) -> None:
    offer = entry(session, region, name="Alt", summary="alt")
    save(session, region, offer, tick, name="Neu", summary="neu")
    step = steps(session, region, offer)[0]
    save(session, region, offer, tick, name="Noch neuer")
    done = past.undo_step(session, by(region), offer.id, step.id)
    assert ([one.field for one in done.kept], offer.name, offer.summary) == (["name"], "Noch neuer", "alt")


def test_the_beginning_is_not_taken_back_and_other_regions_are_not_found(
    session: Session, region: Region
) -> None:
    offer = entry(session, region, places={"new-1": place()})
    (first,) = steps(session, region, offer)
    assert not first.can_undo
    with pytest.raises(ConflictError, match="archived"):
        past.undo_step(session, by(region), offer.id, first.id)
    with pytest.raises(NotFoundError):
        past.undo_step(session, by(region), offer.id, 0)
    with pytest.raises(NotFoundError):
        past.history(session, make_region(session, is_default=False), offer.id, EVERYTHING)
