"""Calendars that people subscribe to (RFC 5545 and 7986), made of the lines of timetables."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from icalendar import Calendar

from api.schedules.writing.events import Clock, Entry, Spot, Window, events, text
from api.schedules.writing.zones import vtimezone

PRODID: Final = "-//Unterstuetzungs-Landkarte//Termine//DE"
REFRESH: Final = timedelta(hours=12)


def write(
    name: str, entries: Iterable[Entry], spots: Mapping[int, Spot], clock: Clock, window: Window
) -> bytes:
    """Return a calendar; spots are the places to which single dates are moved, by their ids.

    Equal entries in an equal window are equal bytes.
    """
    written = Calendar()
    written.add("VERSION", "2.0")
    written.add("PRODID", PRODID)
    written.add("METHOD", "PUBLISH")
    for known_as in ("NAME", "X-WR-CALNAME"):  # RFC 7986, and what programs knew before
        written.add(known_as, text(name))
    written.add("X-WR-TIMEZONE", clock.zone)
    written.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    written.add("X-PUBLISHED-TTL", "PT12H")
    written.add_component(vtimezone(clock.zone, window.first.year))
    for entry in entries:
        for event in events(entry, spots, clock, window):
            written.add_component(event)
    return bytes(written.to_ical())
