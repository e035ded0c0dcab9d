"""Calendars of offers: whose dates they hold, where and under which names; hidden places stay hidden."""

from datetime import UTC, date, datetime, time
from typing import Any

import icalendar
import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from api.core import clock
from api.offers import feeds
from api.offers.models import Offer, OfferAtPlace
from api.places.models import Place
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.rules import Change, Deviation, OnHolidays, Rule
from api.schedules.schemas import ScheduleIn
from tests.factories import (
    act,
    box,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TUESDAYS = Rule("FREQ=WEEKLY;BYDAY=TU", date(2026, 1, 6), time(9), time(12))


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def set_hours(session: Session, region: Region, offer: Offer, place: Place | None, *rules: Rule) -> None:
    at_place = None
    if place is not None:
        at_place = session.scalars(
            select(col(OfferAtPlace.id)).where(
                col(OfferAtPlace.offer_id) == offer.id, col(OfferAtPlace.place_id) == place.id
            )
        ).one()
    schedules.write(session, act(region), offer.id, at_place, [ScheduleIn.of(rule) for rule in rules])
    session.flush()


def components(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def events(client: TestClient, path: str) -> list[Any]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return components(answer.content)


def names(client: TestClient, path: str) -> set[str]:
    return {str(event["SUMMARY"]) for event in events(client, path)}


def test_an_offer_has_a_calendar(session: Session, region: Region, client: TestClient) -> None:
    make_topic(session, "geld")
    place = make_place(session, region, 13.5, 52.5, name="Familienzentrum", street="Weg 1")
    offer = make_offer(session, region, place, name="Schuldnerberatung", topics=["geld"])
    set_hours(session, region, offer, place, TUESDAYS)
    answer = client.get(f"/offers/{offer.id}/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="schuldnerberatung.ics"'
    assert answer.headers["etag"].startswith('W/"')
    assert answer.headers["cache-control"] == "no-cache"
    read = icalendar.Calendar.from_ical(answer.content)
    assert (read["METHOD"], read["NAME"]) == ("PUBLISH", "Schuldnerberatung")
    (event,) = components(answer.content)
    assert event["SUMMARY"] == "Schuldnerberatung"
    assert event["LOCATION"] == "Familienzentrum, Weg 1, 10369 Berlin"
    assert event["URL"] == "http://localhost/angebot/schuldnerberatung"
    assert event["DESCRIPTION"] == "Jeden Dienstag, 9–12 Uhr"
    assert event["CATEGORIES"].cats == ["Geld"]
    assert event["GEO"].to_ical() == "52.5;13.5"
    assert event.start.isoformat() == "2026-10-06T09:00:00+02:00"
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=TU"
    assert event["SEQUENCE"] > 0


def test_equal_data_are_equal_bytes(
    session: Session, region: Region, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = make_offer(session, region)
    set_hours(session, region, offer, None, TUESDAYS, TUESDAYS._replace(starts=time(8)))
    path = f"/offers/{offer.id}/calendar.ics"
    first = client.get(path).content
    monkeypatch.setattr(clock, "now", lambda: NOW.replace(day=25, hour=15))
    assert client.get(path).content == first


def test_a_line_keeps_its_uid_and_a_change_raises_its_sequence(
    session: Session, region: Region, client: TestClient
) -> None:
    offer = make_offer(session, region)
    set_hours(session, region, offer, None, TUESDAYS)
    path = f"/offers/{offer.id}/calendar.ics"
    (before,) = events(client, path)
    set_hours(session, region, offer, None, TUESDAYS._replace(ends=time(13)))
    (after,) = events(client, path)
    assert (after["UID"], after.end.hour) == (before["UID"], 13)
    assert after["SEQUENCE"] >= before["SEQUENCE"]


def test_uids_are_those_of_the_regions_host_whoever_asks(session: Session, client: TestClient) -> None:
    region = make_region(session, hostnames=["karte.example"])
    offer = make_offer(session, region)
    set_hours(session, region, offer, None, TUESDAYS)
    for host in ("karte.example", "claimed.example", "a b", "[::1"):
        answer = client.get(f"/offers/{offer.id}/calendar.ics", headers={"host": host})
        (event,) = components(answer.content)
        assert event["UID"].endswith("@karte.example")
        assert event["URL"] == f"http://karte.example/angebot/{offer.slug}"


@pytest.mark.parametrize(("state", "is_closed"), [("NW", True), ("BE", False)])
def test_allerheiligen_is_left_out_where_it_is_a_holiday(
    session: Session, client: TestClient, state: str, is_closed: bool
) -> None:
    region = make_region(session, state=state)
    offer = make_offer(session, region)
    mondays = Rule(
        "FREQ=WEEKLY;BYDAY=MO", date(2026, 1, 5), time(9), time(12), on_public_holidays=OnHolidays.CLOSED
    )
    set_hours(session, region, offer, None, mondays)
    (event,) = events(client, f"/offers/{offer.id}/calendar.ics")
    left_out = {one.dt.date() for one in event["EXDATE"].dts}
    assert (date(2027, 11, 1) in left_out) == is_closed
    assert date(2027, 3, 29) in left_out  # Ostermontag, everywhere


def test_a_moved_date_says_where_and_what_is_different(
    session: Session, region: Region, client: TestClient
) -> None:
    usual = make_place(session, region, name="Familienzentrum")
    other = make_place(session, region, 13.4, 52.4, name="Rathaus", street="Platz 1")
    offer = make_offer(session, region, usual)
    moved = Deviation(Change.MOVED, date(2026, 12, 15), date(2026, 12, 8), place=other.id, note="wegen Umbau")
    set_hours(session, region, offer, usual, TUESDAYS._replace(deviations=(moved,)))
    series, instead = events(client, f"/offers/{offer.id}/calendar.ics")
    assert instead["UID"] == series["UID"]
    assert instead["RECURRENCE-ID"].dt.date() == date(2026, 12, 15)
    assert instead.start.date() == date(2026, 12, 8)
    assert instead["LOCATION"] == "Rathaus, Platz 1, 10369 Berlin"
    assert instead["GEO"].latitude == 52.4
    assert instead["DESCRIPTION"].startswith("verlegt von Dienstag, 15. Dezember\nwegen Umbau\n")


def test_hidden_addresses_stay_hidden(session: Session, region: Region, client: TestClient) -> None:
    secret = {"street": "Geheimweg 7", "address_hidden": True}
    usual = make_place(session, region, 13.51, 52.51, name="Schutzhaus", **secret)
    other = make_place(session, region, 13.52, 52.52, name="Anderes Haus", **secret)
    offer = make_offer(session, region, usual)
    moved = Deviation(Change.MOVED, date(2026, 12, 15), place=other.id)
    set_hours(session, region, offer, usual, TUESDAYS._replace(deviations=(moved,)))
    for path in (f"/offers/{offer.id}/calendar.ics", "/calendar.ics"):
        answer = client.get(path)
        found = components(answer.content)
        assert [event["LOCATION"] for event in found] == ["Schutzhaus", "Anderes Haus"]
        for inner in ("Geheimweg", "GEO", "10369", "52.5", "13.5"):
            assert inner not in answer.text


def test_places_and_offers_of_other_regions_or_not_published_are_no_news(
    session: Session, region: Region, client: TestClient
) -> None:
    foreign = make_place(session, make_region(session, is_default=False), name="Anderswo")
    offer = make_offer(session, region)
    moved = Deviation(Change.MOVED, date(2026, 12, 15), place=foreign.id)
    set_hours(session, region, offer, None, TUESDAYS._replace(deviations=(moved,)))
    draft = make_offer(session, region, status="draft", name="Entwurf")
    set_hours(session, region, draft, None, TUESDAYS)
    answer = client.get("/calendar.ics")
    assert "Anderswo" not in answer.text
    assert "Entwurf" not in answer.text
    assert client.get(f"/offers/{draft.id}/calendar.ics").status_code == 404
    assert client.get(f"/offers/{draft.id}/schedules").status_code == 404


def test_a_calendar_of_many_takes_the_filters_of_the_list(
    session: Session, region: Region, client: TestClient
) -> None:
    make_topic(session, "geld")
    make_topic(session, "wohnen")
    division = make_division(session, region)
    make_space(session, division, "1", box(13, 52, 14, 53))
    make_space(session, division, "2", box(14, 52, 15, 53))
    here, there = make_place(session, region, 13.5, 52.5), make_place(session, region, 14.5, 52.5)
    both = make_offer(session, region, [here, there], name="Beide", topics=["geld"], organization="Verein")
    set_hours(session, region, both, here, TUESDAYS)
    set_hours(session, region, both, there, TUESDAYS._replace(starts=time(10)))
    phone = make_offer(session, region, name="Telefon", topics=["wohnen"])
    set_hours(session, region, phone, None, TUESDAYS)
    make_offer(session, region, here, name="Ohne Zeiten")
    assert names(client, "/calendar.ics") == {"Beide", "Telefon"}
    assert names(client, "/calendar.ics?topic=geld") == {"Beide"}
    assert names(client, "/calendar.ics?when=weekend") == set()
    assert names(client, f"/calendar.ics?organization={both.organization_id}") == {"Beide"}
    (event,) = events(client, "/calendar.ics?space=lor:2")
    assert event.start.hour == 10
    answer = client.get("/calendar.ics?space=lor:2&topic=geld")
    assert icalendar.Calendar.from_ical(answer.content)["NAME"] == f"Geld · Viertel 2 · {region.name}"
    assert 'filename="geld-viertel-2-region-' in answer.headers["content-disposition"]
    answer = client.get("/calendar.ics?organization=999999")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "organization")


def test_too_many_offers_are_refused_and_not_cut_off(
    session: Session, region: Region, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "MOST", 1)
    for _ in range(2):
        set_hours(session, region, make_offer(session, region), None, TUESDAYS)
    answer = client.get("/calendar.ics")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query")


def test_an_offer_without_hours_has_an_empty_calendar(
    session: Session, region: Region, client: TestClient
) -> None:
    offer = make_offer(session, region)
    assert events(client, f"/offers/{offer.id}/calendar.ics") == []
    assert client.get(f"/offers/{offer.id}/schedules").json()["lines"] == []


def test_lines_are_said_in_words_and_in_other_formats(
    session: Session, region: Region, client: TestClient
) -> None:
    place = make_place(session, region)
    offer = make_offer(session, region, place)
    first = Rule(
        "FREQ=MONTHLY;BYDAY=1TU", date(2026, 1, 6), time(9), time(12), on_public_holidays=OnHolidays.CLOSED
    )
    fortnightly = TUESDAYS._replace(
        recurrence="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        deviations=(Deviation(Change.CANCELLED, date(2026, 12, 8)),),
    )
    set_hours(session, region, offer, place, first, fortnightly)
    found = client.get(f"/offers/{offer.id}/schedules").json()
    assert (found["timezone"], found["state"]) == ("Europe/Berlin", "BE")
    one, two = found["lines"]
    assert one["text"] == "Jeden 1. Dienstag im Monat, 9–12 Uhr, nicht an Feiertagen"
    assert one["opening_hours"] == {"value": "Tu[1] 09:00-12:00; PH off", "lost": []}
    assert one["hsds"]["schedule"]["byday"] == "1TU"
    assert one["place_id"] == place.id
    assert two["opening_hours"] == {"value": None, "lost": ["interval", "deviations"]}
    assert two["deviations"][0]["on"] == "2026-12-08"
    english = client.get(f"/offers/{offer.id}/schedules?locale=en").json()
    assert english["lines"][0]["text"] != one["text"]
