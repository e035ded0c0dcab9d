"""The only source of time, so that tests can stop it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def today(timezone: str) -> date:
    """Return today's date on the wall calendar of an IANA time zone."""
    return day(now(), timezone)


def day(instant: datetime, timezone: str) -> date:
    """Return the date of an instant on the wall calendar of an IANA time zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()
