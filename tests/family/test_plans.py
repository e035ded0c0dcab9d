"""Plans for a family: real offers, real hours, and what is said where there is no answer."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.core.errors import InvalidInputError
from api.offers.models import Offer
from api.places.models import Place
from api.plans import service
from api.plans.outings import VISIT_MINUTES
from api.plans.schemas import Doubt, Gap, PlanQuestion, Plans
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from tests.factories import act, box, make_division, make_offer, make_place, make_space, make_topic
from tests.family.reading import MONDAY, days, names

pytestmark = pytest.mark.usefixtures("on_a_monday")


@pytest.fixture
def quarter(session: Session, region: Region) -> Region:
    """A region with three topics and a Stadtteil."""
    for slug in ("kita", "geld", "wohnen"):
        make_topic(session, slug)
    division = make_division(session, region)
    make_space(session, division, "1", box(13.0, 52.0, 13.1, 52.1))
    make_space(session, division, "2", box(13.1, 52.0, 13.2, 52.1))
    return region


def opens(
    session: Session, region: Region, offer: Offer, said: str, hours: tuple[int, int], **more: Any
) -> None:
    line = ScheduleIn.model_validate(
        {
            "recurrence": said,
            "first_date": date(2026, 1, 5),
            "starts": time(hours[0]),
            "ends": time(hours[1]),
            **more,
        }
    )
    schedules.write(session, act(region), offer.id, None, [line])


def made(
    session: Session, region: Region, topic: str, at: Place | None, said: str = "", **changes: Any
) -> Offer:
    offer = make_offer(session, region, at, topics=[topic], cost="free", languages=["de", "tr"], **changes)
    if said:
        opens(session, region, offer, said, (9, 12))
    return offer


def plan(session: Session, region: Region, *topics: str, **said: Any) -> Plans:
    asked = {"worries": [{"topic": topic} for topic in topics], "near": "13.05,52.05", **said}
    return service.plan(session, region, PlanQuestion.model_validate(asked), None)


def test_one_roof_on_one_day_comes_first(session: Session, quarter: Region) -> None:
    house = make_place(session, quarter, 13.06, 52.06, name="Haus")
    door = make_place(session, quarter, 13.051, 52.051)
    for topic, name in (("kita", "Kita-Lotsin"), ("geld", "Schulden"), ("wohnen", "Wohnen")):
        made(session, quarter, topic, house, "FREQ=WEEKLY;BYDAY=TU", name=f"{name} im Haus")
    made(session, quarter, "kita", door, "FREQ=WEEKLY;BYDAY=MO", name="Kita nebenan")
    found = plan(session, quarter, "kita", "geld", "wohnen")
    best = found.plans[0]
    assert days(best) == [date(2026, 10, 20)]
    assert names(best) == [["Kita-Lotsin im Haus", "Schulden im Haus", "Wohnen im Haus"]]
    visits = best.trips[0].stops[0].visits
    assert [visit.starts.hour * 60 + visit.starts.minute for visit in visits if visit.starts] == [
        540,
        585,
        630,
    ]
    assert best.done_on == date(2026, 10, 20)
    assert best.metres == best.trips[0].metres
    assert 2 * 1290 < (best.metres or 0) < 2 * 1320
    assert [worry.found for worry in found.worries] == [2, 1, 1]
    assert [other.offer.name for other in found.worries[0].others] == ["Kita nebenan", "Kita-Lotsin im Haus"]
    chosen = {"topic": "kita", "offer": found.worries[0].others[0].offer.id}
    kept = plan(session, quarter, worries=[chosen, {"topic": "geld"}, {"topic": "wohnen"}])
    assert sorted(map(len, names(kept.plans[0]))) == [1, 2]


def test_dates_follow_exceptions_and_holidays(session: Session, quarter: Region) -> None:
    house = make_place(session, quarter, 13.06, 52.06)
    offer = make_offer(session, quarter, house, topics=["kita"])
    # Reformation day 2026 is a Saturday and no holiday in Berlin; the first Sunday is closed, the next moved.
    opens(
        session, quarter, offer, "FREQ=MONTHLY;BYDAY=3MO,4MO", (9, 12),
        deviations=[
            {"change": "cancelled", "on": "2026-10-19"},
            {"change": "moved", "on": "2026-10-26", "to": "2026-10-28", "starts": "14:00", "ends": "15:00"},
        ],
    )  # fmt: skip
    trip = plan(session, quarter, "kita").plans[0].trips[0]
    visit = trip.stops[0].visits[0]
    assert trip.day == date(2026, 10, 28)
    assert visit.starts
    assert visit.ends
    assert (visit.starts.hour, (visit.ends - visit.starts).seconds // 60) == (14, VISIT_MINUTES)
    closed = make_offer(session, quarter, house, topics=["geld"])
    away = [{"first": "2026-10-26", "last": "2026-11-01"}]
    opens(session, quarter, closed, "FREQ=WEEKLY;BYDAY=MO", (9, 12), first_date="2026-10-26", closures=away)
    assert days(plan(session, quarter, "geld").plans[0]) == [date(2026, 11, 2)]


def test_a_wish_for_days_and_times_is_kept(session: Session, quarter: Region) -> None:
    house = make_place(session, quarter, 13.06, 52.06)
    made(session, quarter, "kita", house, "FREQ=WEEKLY;BYDAY=TU")
    late = make_offer(session, quarter, house, topics=["geld"])
    opens(session, quarter, late, "FREQ=WEEKLY;BYDAY=TU,TH", (11, 13))
    found = plan(session, quarter, "kita", "geld", weekdays=[1, 3], parts=["afternoon"])
    assert [worry.gap for worry in found.worries] == [Gap.TIMES, None]
    (only,) = found.plans
    visit = only.trips[0].stops[0].visits[0]
    assert visit.starts
    assert visit.closes
    assert (visit.starts.hour, visit.closes.hour, only.uncovered) == (12, 13, [])
    assert days(plan(session, quarter, "geld", weekdays=[3]).plans[0]) == [date(2026, 10, 22)]


def test_there_is_an_hour_to_get_ready(
    session: Session, quarter: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(session, quarter, "kita", make_place(session, quarter, 13.06, 52.06), "FREQ=WEEKLY;BYDAY=MO")
    for minutes, starts in ((130, "2026-10-19T11:15"), (210, "2026-10-26T09:00")):  # at 10:10 and 11:30
        monkeypatch.setattr(clock, "now", lambda later=minutes: MONDAY + timedelta(minutes=later))
        (visit,) = plan(session, quarter, "kita").plans[0].trips[0].stops[0].visits
        assert visit.starts is not None
        assert visit.starts.isoformat().startswith(starts)


def test_unknown_is_asked_and_a_no_is_left_out(session: Session, quarter: Region) -> None:
    stairs = make_place(session, quarter, 13.0501, 52.0501, wheelchair="no")
    ramp = make_place(session, quarter, 13.07, 52.07, wheelchair="yes")
    open_door = make_place(session, quarter, 13.06, 52.06)
    make_offer(session, quarter, stairs, name="Treppe", topics=["kita"], cost="free", languages=["tr"])
    make_offer(session, quarter, ramp, name="Teuer", topics=["kita"], cost="paid", languages=["tr"])
    make_offer(session, quarter, open_door, name="Offen", topics=["kita"])
    asked = {"wheelchair": True, "cost_free": True, "languages": ["tr"]}
    found = plan(session, quarter, "kita", **asked)
    assert names(found.plans[0]) == [["Offen"]]
    assert found.plans[0].trips[0].stops[0].visits[0].doubts == list(Doubt)
    assert found.plans[0].done_on is None
    make_offer(session, quarter, ramp, name="Nur Deutsch", topics=["geld"], cost="free", languages=["de"])
    spoken = plan(session, quarter, "geld", languages=["tr"]).plans[0].trips[0].stops[0].visits[0]
    assert (spoken.offer.name, spoken.doubts) == ("Nur Deutsch", [Doubt.HOURS, Doubt.LANGUAGE])


def test_who_may_not_speak_the_language_can_still_be_asked(session: Session, quarter: Region) -> None:
    far = make_place(session, quarter, 13.15, 52.05)
    made(session, quarter, "geld", far, "FREQ=WEEKLY;BYDAY=TU", name="Auf Türkisch")
    for number in range(6):
        near = make_place(session, quarter, 13.05, 52.0501 + number / 1000)
        make_offer(session, quarter, near, name=f"Nah {number}", topics=["geld"], languages=["de"])
    found = plan(session, quarter, "geld", languages=["tr"])
    assert names(found.plans[0]) == [["Auf Türkisch"]]
    others = found.worries[0].others
    assert [one.offer.name for one in others if Doubt.LANGUAGE in one.doubts] == [
        f"Nah {n}" for n in range(4)
    ]
    assert [one.offer.name for one in others if Doubt.LANGUAGE not in one.doubts] == ["Auf Türkisch"]
    taken = {"topic": "geld", "offer": others[1].offer.id}
    assert names(plan(session, quarter, worries=[taken], languages=["tr"]).plans[0]) == [["Nah 0"]]


def test_gaps_say_why(session: Session, quarter: Region) -> None:
    stairs = make_place(session, quarter, 13.05, 52.05, wheelchair="no")
    hidden = make_place(session, quarter, 13.05, 52.05, address_hidden=True, street="Geheimweg 7")
    make_offer(session, quarter, stairs, topics=["kita"], min_age=3, max_age=6, cost="paid")
    make_offer(session, quarter, hidden, topics=["geld"], name="Schutz")

    def gap(topic: str, **said: Any) -> Gap | None:
        return plan(session, quarter, topic, **said).worries[0].gap

    assert gap("wohnen") == Gap.NOTHING
    assert gap("kita") is None
    assert gap("kita", ages=[40]) == Gap.AGES
    assert gap("kita", ages=[40, 4], cost_free=True) == Gap.COST
    assert gap("kita", wheelchair=True) == Gap.WHEELCHAIR
    assert gap("kita", wheelchair=True, cost_free=True) == Gap.TOGETHER
    secret = plan(session, quarter, "geld")
    assert secret.worries[0].gap == Gap.ADDRESS
    assert (secret.plans, secret.worries[0].others[0].way) == ([], "phone")
    assert "Geheimweg" not in secret.model_dump_json()
    assert secret.worries[0].found == 1


def test_two_at_the_same_hour_and_never_again_leave_one_out(session: Session, quarter: Region) -> None:
    for topic, lon in (("kita", 13.0), ("geld", 13.1)):
        offer = make_offer(session, quarter, make_place(session, quarter, lon, 52.05), topics=[topic])
        opens(session, quarter, offer, "", (9, 10), first_date="2026-10-21")
    for one in plan(session, quarter, "kita", "geld").plans:
        assert (len(one.trips), len(one.uncovered)) == (1, 1)


def test_who_comes_home_takes_no_way_but_only_where_they_come(session: Session, quarter: Region) -> None:
    made(session, quarter, "kita", None, outreach=True, serves=["lor:1"], name="Kommt")
    made(session, quarter, "kita", make_place(session, quarter, 13.15, 52.05), name="Bleibt")
    here, there = (plan(session, quarter, "kita", near=None, space=f"lor:{n}").plans for n in (1, 2))
    assert ([visit.offer.name for visit in here[0].at_home], here[0].trips) == (["Kommt"], [])
    assert (there[0].at_home, names(there[0])) == ([], [["Bleibt"]])


def test_levels_decide_only_if_asked(session: Session, quarter: Region) -> None:
    made(session, quarter, "kita", make_place(session, quarter, 13.051, 52.05), name="Amt", resource_level=4)
    made(
        session,
        quarter,
        "kita",
        make_place(session, quarter, 13.08, 52.05),
        name="Nachbarn",
        resource_level=2,
    )
    assert [names(one) for one in plan(session, quarter, "kita").plans] == [[["Amt"]]]
    found = plan(session, quarter, "kita", by_level=True)
    assert {name for one in found.plans for way in names(one) for name in way} == {"Amt", "Nachbarn"}


def test_mistakes_name_the_field(session: Session, quarter: Region) -> None:
    for said, field in (
        ({"worries": [{"topic": "gibtesnicht"}]}, "worries.0.topic"),
        ({"near": None, "space": "lor:9"}, "space"),
    ):
        with pytest.raises(InvalidInputError) as error:
            plan(session, quarter, "kita", **said)
        assert [one.field for one in error.value.errors] == [field]


def test_the_api_keeps_nothing_and_says_so(client: TestClient, session: Session, quarter: Region) -> None:
    made(session, quarter, "kita", make_place(session, quarter, 13.06, 52.06), "FREQ=WEEKLY;BYDAY=TU")
    asked = {"worries": [{"topic": "kita"}], "near": "13.0512345,52.0512345"}
    answer = client.post("/plans", json=asked)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers
    assert "13.0512" not in answer.text
    assert client.post("/plans", json={**asked, "near": "13.051,52.051"}).json() == answer.json()
    assert client.get("/plans").status_code == 405
    for wrong, field in (
        ({"worries": []}, "worries"),
        ({"worries": [{"topic": "kita", "words": "auch"}]}, "worries.0"),
        ({"worries": [{"topic": "kita"}] * 7}, "worries"),
        ({"worries": [{"words": "a\0b"}]}, "worries.0.words"),
        ({"worries": [{"topic": "kita", "offer": 2**63}]}, "worries.0.offer"),
        ({**asked, "name": "Erika"}, "name"),
    ):
        refused = client.post("/plans", json=wrong)
        assert refused.status_code == 422
        assert refused.headers["content-type"] == "application/problem+json"
        assert any(one["field"].removeprefix("body.") == field for one in refused.json()["errors"]), (
            refused.json()
        )
        assert "Erika" not in refused.text
