"""What other directories, calendars and Landkarten give: services at places, series of events, offers."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.schedules.schemas import ScheduleIn
from importers import hours, readers
from importers.errors import UnusableError
from importers.file_table import FileTable
from tests.importers.hostile import files

LOCATION = {
    "id": "l1",
    "name": "Haus",
    "latitude": 52.5,
    "longitude": 13.5,
    "addresses": [
        {"address_1": "Postfach 1", "address_type": "postal"},
        {"address_1": "Weg 1", "postal_code": "10369", "address_type": "physical"},
    ],
    "phones": [{"number": "030 2"}],
}
WEEKLY = {
    "freq": "WEEKLY",
    "byday": "MO,TH",
    "dtstart": "2026-03-02",
    "opens_at": "10:00",
    "closes_at": "12:00:00",
}
SERVICE: dict[str, Any] = {
    "id": "s1",
    "name": "Beratung",
    "status": "active",
    "url": "https://example.org",
    "organization": {"id": "o1", "name": "Verein", "phones": [{"number": "030 9"}]},
    "languages": [{"code": "ur", "name": "Urdu"}, {"name": "Farsi"}],
    "attributes": [{"taxonomy_term": {"name": "Schulden"}}],
    "cost_options": [{"option": "Gäste", "amount": 5, "currency": "eur"}],
    "schedules": [WEEKLY],
    "service_at_locations": [
        {"id": "a1", "description": "Hinterhaus", "location": LOCATION},
        {"id": "a2", "location": {"id": "l2"}, "phones": [{"number": "030 1", "type": "fax"}]},
    ],
}


def read(path: Path, content: bytes | str, **table: object) -> list[readers.Row]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return readers.read(path, FileTable.model_validate({"key": ["id"], **table}))


def test_a_service_is_a_row_at_each_of_its_places(tmp_path: Path) -> None:
    first, second = read(tmp_path / "a.json", json.dumps({"total_items": 1, "contents": [SERVICE]}))
    expected = {
        "id": "a1",
        "service.name": "Beratung",
        "organization.name": "Verein",
        "location.latitude": 52.5,
        "address.address_1": "Weg 1",
        "note": "Hinterhaus",
        "phones": ["030 2"],
        "website": "https://example.org",
        "languages": ["ur", "Farsi"],
        "terms": ["Schulden"],
        "costs": "Gäste, 5 EUR",
        "hours": "Mo, Do 10:00–12:00",
    }
    assert {name: first.values[name] for name in expected} == expected
    assert (second.values["id"], second.values["phones"]) == ("a2", ["Fax 030 1"])


def test_hours_of_hsds_are_lines_of_a_timetable(tmp_path: Path) -> None:
    first, _ = read(tmp_path / "a.json", json.dumps(SERVICE), format="hsds")
    (line,) = hours.checked(first.values["schedules"])
    assert (line["recurrence"], line["starts"], line["ends"]) == (
        "FREQ=WEEKLY;BYDAY=MO,TH", "10:00:00", "12:00:00"
    )  # fmt: skip


def test_reads_a_service_on_each_line(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(SERVICE | {"id": number}) for number in ("s1", "s2"))
    rows = read(tmp_path / "a.ndjson", lines)
    assert [(row.number, row.values["service.id"]) for row in rows] == [
        (1, "s1"), (2, "s1"), (3, "s2"), (4, "s2")
    ]  # fmt: skip


def test_says_that_a_list_of_organizations_is_none_of_services(tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="keine Liste von Diensten nach HSDS"):
        read(
            tmp_path / "a.json", json.dumps({"total_items": 1, "contents": [{"id": "o1", "name": "Verein"}]})
        )


TABLES = {
    "services.csv": "id,organization_id,name,status\ns1,o1,Beratung,active\ns2,o1,Treff,active\n",
    "organizations.csv": "id,name\no1,Verein\n",
    "locations.csv": "id,name,latitude,longitude\nl1,Haus,52.5,13.5\n",
    "service_at_location.csv": "id,service_id,location_id,description\na1,s1,l1,Hinterhaus\n",
    "addresses.csv": "id,location_id,address_1\nx,l1,Weg 1\n",
    "phones.csv": "id,location_id,service_id,number\np1,,s1,030 1\np2,l1,,030 2\n",
    "schedules.csv": "id,service_id,freq,byday,opens_at,closes_at\nz,s1,WEEKLY,MO,10:00,12:00\n",
}
OHANA = {
    "services.csv": 'id,location_id,name,keywords,languages\n1,7,Beratung,"Geld, Recht","Urdu, Farsi"\n',
    "organizations.csv": "id,name\n3,Verein\n",
    "locations.csv": "id,organization_id,name,accessibility\n7,3,Haus,ramp\n",
    "regular_schedules.csv": "id,location_id,weekday,opens_at,closes_at\n1,7,Monday,08:00,17:00\n",
}  # fmt: skip


@pytest.mark.parametrize("packed", [True, False])
def test_puts_the_tables_of_hsds_together(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("a.zip" if packed else "a")
    if packed:
        path.write_bytes(files.archive({f"daten/{name}": content for name, content in TABLES.items()}))
    else:
        path.mkdir()
        for name, content in TABLES.items():
            (path / name).write_text(content)
    first, second = readers.read(path, FileTable(key=["id"]))
    expected = {
        "id": "a1",
        "service.name": "Beratung",
        "organization.name": "Verein",
        "location.name": "Haus",
        "address.address_1": "Weg 1",
        "phones": ["030 2"],
        "hours": "Mo 10:00–12:00",
    }
    assert {name: first.values[name] for name in expected} == expected
    assert second.values["id"] == "s2"


def test_reads_the_tables_of_hsds_one(tmp_path: Path) -> None:
    content = files.archive(dict(OHANA))
    (row,) = read(tmp_path / "a.zip", content)
    expected = {
        "id": "1",
        "organization.name": "Verein",
        "location.name": "Haus",
        "terms": ["Geld", "Recht"],
        "languages": ["Urdu", "Farsi"],
        "accessibility": "ramp",
        "hours": "Monday 08:00–17:00",
    }
    assert {name: row.values[name] for name in expected} == expected


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def calendar(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "".join(events) + "END:VCALENDAR", ""))


def test_a_series_of_events_is_one_row_with_its_dates(tmp_path: Path) -> None:
    series = event(
        "UID:1",
        "SUMMARY:Treff\\, offen",
        "DTSTART;TZID=Europe/Berlin:20260303T100000",
        "DTEND;TZID=Europe/Berlin:20260303T120000",
        "RRULE:FREQ=WEEKLY;UNTIL=20260701T215959Z",
        "EXDATE;TZID=Europe/Berlin:20260310T100000",
        "GEO:52.5;13.5",
        "CATEGORIES:Kinder,Spiel",
    )
    moved = event(
        "UID:1",
        "RECURRENCE-ID;TZID=Europe/Berlin:20260317T100000",
        "DTSTART;TZID=Europe/Berlin:20260318T110000",
        "DTEND;TZID=Europe/Berlin:20260318T120000",
    )
    gone = event("UID:1", "RECURRENCE-ID:20260324T090000Z", "STATUS:CANCELLED", "DTSTART:20260324T090000Z")
    (row,) = read(tmp_path / "a.ics", calendar(moved, series, gone))
    assert (row.values["summary"], row.values["lon"], row.values["categories"]) == (
        "Treff, offen", 13.5, ["Kinder", "Spiel"]
    )  # fmt: skip
    (line,) = row.values["schedules"]
    assert (line["recurrence"], line["first_date"]) == ("FREQ=WEEKLY;UNTIL=20260701", "2026-03-03")
    assert line["deviations"] == [
        {"change": "cancelled", "on": "2026-03-10"},
        {"change": "moved", "on": "2026-03-17", "to": "2026-03-18", "starts": "11:00", "ends": "12:00"},
        {"change": "cancelled", "on": "2026-03-24"},
    ]
    ScheduleIn.model_validate(line)


def test_a_daily_series_in_universal_time_is_a_week_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    daily = event("UID:1", "DTSTART:20260401T080000Z", "DURATION:PT90M", "RRULE:FREQ=DAILY;COUNT=3")
    (row,) = read(tmp_path / "a.ics", calendar(daily))
    (line,) = hours.checked(row.values["schedules"])
    assert (line["starts"], line["ends"]) == ("10:00:00", "11:30:00")
    assert line["recurrence"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=3"


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART;VALUE=DATE:20260401",),
        ("DTSTART:20260401T080000", "RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1"),
        ("DTSTART:20260401T080000", "DTEND:20260403T080000"),
    ],
)
def test_dates_that_no_timetable_can_say_stay_a_text(tmp_path: Path, lines: tuple[str, ...]) -> None:
    (row,) = read(tmp_path / "a.ics", calendar(event("UID:1", *lines)))
    assert row.values["schedules"] == []
    assert row.values["hours"].startswith("ab 01.04.2026")
    assert hours.doubt(row.values["hours"])


def test_an_offer_of_another_landkarte_is_a_row_at_each_of_its_places(tmp_path: Path) -> None:
    offer = {
        "id": 5,
        "name": "Treff",
        "organization": {"id": 1, "name": "Verein"},
        "topics": [{"slug": "lernhilfe", "name": "Lernhilfe"}],
        "audiences": [],
        "places": [{"id": 8, "street": "Weg 1", "lon": 13.5, "lat": 52.5}, {"id": 9, "name": "Haus"}],
    }
    page = {"total": 2, "results": [offer, offer | {"id": 6, "places": []}], "page": 1, "per_page": 20}
    first, second, third = read(tmp_path / "a.json", json.dumps(page))
    expected = {"key": "5/8", "id": 5, "organization": "Verein", "topics": ["lernhilfe"], "lon": 13.5}
    assert {name: first.values[name] for name in expected} == expected
    assert first.values["place.street"] == "Weg 1"
    assert (second.values["key"], second.values["place.name"], third.values["key"]) == ("5/9", "Haus", "6/")
