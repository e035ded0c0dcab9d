"""What a row says, in German words: topics by their names, hours as a sentence, no codes."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from api.core import clock
from api.core.text import clean
from api.regions.models import Region
from api.schedules import saying
from api.schedules.schemas import ScheduleIn
from api.taxonomy import service as taxonomy

LONGEST: Final = 160  # letters of a value
CHOICES: Final = {
    "cost": {"free": "kostenlos", "covered": "die Kosten werden übernommen", "paid": "kostet etwas"},
    "access": {
        "walk_in": "einfach hingehen", "call_first": "vorher anrufen", "appointment": "mit Termin",
        "referral": "mit Überweisung",
    },
    "wheelchair": {"yes": "ja", "partly": "teilweise", "no": "nein"},
}  # fmt: skip
HOURS: Final = {"schedules": "hours_text", "place_schedules": "place_hours_text"}


class Words:
    """Says values; what it needs of the database is read once."""

    def __init__(self, session: Session, region: Region) -> None:
        topics = taxonomy.topics(session)
        tree = [*topics, *(child for topic in topics for child in topic.children)]
        self._names: dict[str, dict[str, str]] = {
            "topics": {one.slug: one.names.get("de", one.slug) for one in tree},
            "audiences": {one.slug: one.names.get("de", one.slug) for one in taxonomy.audiences(session)},
        }
        self._today = clock.today(region.timezone)
        self._remembered: dict[str, str] = {}

    def of(self, field: str, value: Any) -> str:  # noqa: ANN401 - whatever a field holds
        """Return what a field says; nothing if nobody has said anything."""
        if value in (None, "", []):
            return ""
        if field in HOURS:
            return self.hours(value)
        if isinstance(value, bool):
            return "ja" if value else "nein"
        if isinstance(value, list):
            names = self._names.get(field, {})
            return _short(", ".join(names.get(str(one), str(one)) for one in value))
        if field in CHOICES:
            return CHOICES[field].get(str(value), "")
        return _short(str(value))

    def hours(self, lines: list[dict[str, Any]]) -> str:
        """Return the lines of a timetable as one text."""
        # Lists say the same hours again and again.
        key = json.dumps(lines, sort_keys=True)
        if key not in self._remembered:
            self._remembered[key] = _hours(lines, self._today)
        return self._remembered[key]

    def all_hours(self, values: dict[str, Any]) -> str:
        """Return when something is on, of the offer and at its place; a text that is no timetable stays."""
        said: Iterable[str] = (
            self.hours(values[lines]) if values.get(lines) else self.of(text, values.get(text))
            for lines, text in HOURS.items()
        )
        return "; ".join(dict.fromkeys(filter(None, said)))


def _hours(lines: list[dict[str, Any]], today: date) -> str:
    rules = [ScheduleIn.model_validate(line | {"deviations": []}).rule() for line in lines]
    return saying.say_short(rules, "de", today)


def _short(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rpartition(' ')[0] or line[:LONGEST]} …"
