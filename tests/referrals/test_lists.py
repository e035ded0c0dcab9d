"""Lists that are handed on: only ids are kept, only their code opens them, and they say what has changed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from api.core import clock
from api.core.errors import InvalidInputError
from api.core.settings import settings
from api.offers import service as offers
from api.offers.models import Offer, OfferRedirect, Status
from api.referrals import facts
from api.referrals import service as referrals
from api.referrals.models import MOST_ENTRIES, Note, ReferralEntry, ReferralList
from api.referrals.schemas import Opened, Standing, Wanted
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.rules import Rule
from api.schedules.schemas import ScheduleIn
from ops import sweep
from tests.factories import act, make_offer, make_place, make_region

Days = Callable[[int], None]


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Days:
    """Let so many days pass since a Monday, a minute before midnight in Berlin."""
    begin = datetime(2026, 11, 23, 22, 59, tzinfo=UTC)

    def go(days: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: begin + timedelta(days=days))

    go(0)
    return go


def opened(session: Session, region: Region, code: str) -> Opened:
    found = referrals.find(session, region, code)
    assert found is not None
    return found


def standing(session: Session, region: Region, code: str) -> Standing:
    [entry] = opened(session, region, code).entries
    return entry.standing


def test_order_places_and_notes_are_kept_and_of_the_code_only_its_hash(
    session: Session, region: Region
) -> None:
    here, there = make_place(session, region, 13.5, 52.5), make_place(session, region, 13.6, 52.5)
    first, second = make_offer(session, region, [here, there]), make_offer(session, region, here)
    draft = make_offer(session, region, status=Status.DRAFT)
    wanted = [
        Wanted(second.id, notes=frozenset({Note.ASK_COST, Note.CALL_FIRST})),
        Wanted(draft.id),
        Wanted(first.id, there.id),
        Wanted(second.id, 2**62),  # no place of this offer: the same entry once more
        Wanted(2**62),
    ]
    code = referrals.create(session, region, wanted)
    found = opened(session, region, code)
    assert [(one.number, one.offer and one.offer.id, one.place_id, one.notes) for one in found.entries] == [
        (1, second.id, None, (Note.CALL_FIRST, Note.ASK_COST)),
        (2, first.id, there.id, ()),
    ]
    assert [place.id for place in found.offers[1].places] == [there.id]
    assert len(code) * 6 >= 128
    assert code[-1].isalnum()
    kept = session.execute(text("SELECT l::text || e::text FROM referral_list l, referral_entry e")).scalars()
    assert code not in "".join(kept)


def test_a_list_needs_something_public_and_has_an_end(session: Session, region: Region) -> None:
    with pytest.raises(InvalidInputError):
        referrals.create(session, region, [Wanted(make_offer(session, region, status=Status.PAUSED).id)])
    elsewhere = make_offer(session, make_region(session, is_default=False))
    with pytest.raises(InvalidInputError):
        referrals.create(session, region, [Wanted(elsewhere.id)])
    with pytest.raises(InvalidInputError):
        referrals.create(session, region, [Wanted(number) for number in range(MOST_ENTRIES + 1)])


def test_only_its_code_opens_it_in_its_region_until_its_last_day_is_over(
    session: Session, region: Region, on_day: Days
) -> None:
    offer = make_offer(session, region)
    code = referrals.create(session, region, [Wanted(offer.id)])
    there = make_region(session, is_default=False)
    for region_asked, said in [
        (region, code[:-1]),
        (region, code.lower()),
        (region, "\x00\udcff"),
        (there, code),
    ]:
        assert referrals.find(session, region_asked, said) is None
    on_day(30)
    assert opened(session, region, code).expires_on == date(2026, 12, 23)
    assert referrals.forget_expired(session, region) == 0
    on_day(31)  # a minute later the next day begins; here it is a day and a minute later
    assert referrals.find(session, region, code) is None
    assert not referrals.drop(session, region, code)
    assert session.scalars(select(ReferralList)).all()
    referrals.create(session, region, [Wanted(offer.id)])  # nobody need ever sweep
    assert len(session.scalars(select(ReferralList)).all()) == 1
    assert len(session.scalars(select(ReferralEntry)).all()) == 1


def test_it_is_over_from_midnight_in_its_region_on(
    session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = datetime(2026, 12, 23, 23, tzinfo=UTC)  # in Berlin
    monkeypatch.setattr(clock, "now", lambda: midnight - timedelta(days=30, minutes=1))
    code = referrals.create(session, region, [Wanted(make_offer(session, region).id)])
    monkeypatch.setattr(clock, "now", lambda: midnight - timedelta(seconds=1))
    assert referrals.find(session, region, code)
    monkeypatch.setattr(clock, "now", lambda: midnight)
    assert referrals.find(session, region, code) is None
    assert referrals.forget_expired(session, region) == 1


def test_whoever_has_the_code_can_delete_it_at_once(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    code, other = (referrals.create(session, region, [Wanted(offer.id)]) for _ in range(2))
    assert not referrals.drop(session, region, "x" * len(code))
    assert referrals.drop(session, region, code)
    assert referrals.find(session, region, code) is None
    assert referrals.find(session, region, other)
    assert len(session.scalars(select(ReferralEntry)).all()) == 1


def test_no_text_fits_into_a_list(session: Session, region: Region) -> None:
    referrals.create(session, region, [Wanted(make_offer(session, region).id)])
    [entry] = session.scalars(select(ReferralEntry)).all()
    said = ["Frau Muster kommt"]
    session.add(ReferralEntry(list_id=entry.list_id, position=2, offer_id=1, facts="", notes=said))
    with pytest.raises(IntegrityError, match="ck_referral_entry_notes"):
        session.flush()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"summary": "Jetzt für Kinder."}, Standing.CHANGED),
        ({"cost": "paid"}, Standing.CHANGED),
        ({"hours_text": "Mo 9–12"}, Standing.CHANGED),
        ({"verified_on": date(2026, 1, 1)}, Standing.SAME),  # somebody looked, nothing else
        ({"resource_level": 2}, Standing.SAME),
        ({"status": Status.PAUSED}, Standing.PAUSED),
        ({"status": Status.ARCHIVED}, Standing.GONE),
        ({"status": Status.DRAFT}, Standing.GONE),
    ],
)
def test_an_entry_says_what_has_become_of_it(
    session: Session, region: Region, change: dict[str, object], expected: Standing
) -> None:
    offer = make_offer(session, region, make_place(session, region, 13.5, 52.5), contact={"phone": "030 1"})
    code = referrals.create(session, region, [Wanted(offer.id)])
    assert standing(session, region, code) == Standing.SAME
    before = {field: getattr(offer, field) for field in change}
    offers.change(session, act(region), offer, change)
    assert standing(session, region, code) == expected
    offers.change(session, act(region), offer, before)
    assert standing(session, region, code) == Standing.SAME


def test_hours_places_and_phones_count_and_what_is_hidden_does_not(session: Session, region: Region) -> None:
    here, hidden = make_place(session, region), make_place(session, region, address_hidden=True)
    offer = make_offer(session, region, [here, hidden])
    rule = ScheduleIn.of(Rule("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 6), time(9), time(12)))

    def changes(what: Callable[[], object]) -> Standing:
        code = referrals.create(session, region, [Wanted(offer.id)])
        what()
        session.flush()
        return standing(session, region, code)

    def move(place: object) -> None:
        place.street = f"{place.street}a"  # type: ignore[attr-defined]

    assert changes(lambda: schedules.write(session, act(region), offer.id, None, [rule])) == Standing.CHANGED
    assert changes(lambda: make_offer(session, region, here)) == Standing.SAME
    assert changes(lambda: move(here)) == Standing.CHANGED
    assert changes(lambda: move(hidden)) == Standing.SAME


def test_a_merged_offer_leads_on_and_a_deleted_one_is_gone(session: Session, region: Region) -> None:
    old, new, lost = (make_offer(session, region) for _ in range(3))
    code = referrals.create(session, region, [Wanted(old.id), Wanted(lost.id), Wanted(new.id)])
    offers.change(session, act(region), old, {"status": Status.ARCHIVED})
    session.add(OfferRedirect(region_id=region.id, old_id=old.id, old_slug=old.slug, new_id=new.id))
    session.flush()
    session.execute(delete(Offer).where(col(Offer.id) == lost.id))
    entries = opened(session, region, code).entries
    assert [one.standing for one in entries] == [Standing.MERGED, Standing.GONE, Standing.SAME]
    assert [one.number for one in entries] == [1, 2, 3]
    assert [one.offer and one.offer.id for one in entries] == [new.id, None, new.id]


def test_a_fingerprint_of_another_form_says_nothing() -> None:
    assert facts.differ("1:a", "1:b")
    assert not facts.differ("1:a", "1:a")
    assert not facts.differ("0:a", "1:b")


def test_the_daily_sweep_deletes_what_is_over(
    database: Engine, owner_url: str, on_day: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings().model_copy(update={"database_url": owner_url})
    monkeypatch.setattr(sweep, "settings", lambda: chosen)
    with Session(database) as session, session.begin():
        region = make_region(session)
        referrals.create(session, region, [Wanted(make_offer(session, region).id)])
    for day, arguments, left in [(30, [], 1), (31, ["--dry-run"], 1), (31, [], 0)]:
        on_day(day)
        assert sweep.main(arguments) == 0
        with database.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM referral_entry")) == left
