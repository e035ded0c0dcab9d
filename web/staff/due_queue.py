"""What is due for a check, as a kind of work in the queue."""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from api.core import clock
from api.core.pages import Page
from api.curation import freshness
from web.staff import due
from web.staff.queue_kinds import Item, Reader, Task


def _count(reader: Reader) -> int:
    found = freshness.counts(reader.session, reader.region, due.within(reader))
    return found.due + found.overdue


def _items(reader: Reader, page: int, per_page: int) -> Page[Item]:
    region = reader.region
    found = freshness.lines(reader.session, region, due.within(reader), page=page, per_page=per_page)
    today, zone = clock.today(region.timezone), ZoneInfo(region.timezone)
    shown = [
        Item(
            f"{due.DUE}/{line.offer_id}",
            line.name,
            "",
            "",
            datetime.combine(line.due_on, time(), zone) if line.due_on else None,
            f"{due.waits(line, today)}, {line.organization or 'ohne Anbieter'}",
        )
        for line in found.results
    ]
    return Page[Item](total=found.total, results=shown, page=found.page, per_page=found.per_page)


TASKS: Final = (
    Task(
        "faellig", "Fällig", "fälliger Eintrag", "fällige Einträge",
        "Diese Einträge hat lange niemand geprüft. Unter „Prüfen“ stehen sie nach Anbietern geordnet.",
        _count, _items,
    ),
)  # fmt: skip
