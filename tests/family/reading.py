"""Plans as tests read them, and the morning on which they are asked for."""

from datetime import UTC, date, datetime

from api.plans.schemas import Plan

MONDAY = datetime(2026, 10, 19, 6, tzinfo=UTC)


def days(one: Plan) -> list[date | None]:
    return [trip.day for trip in one.trips]


def names(one: Plan) -> list[list[str]]:
    return [[visit.offer.name for stop in trip.stops for visit in stop.visits] for trip in one.trips]
