"""Map points as the browser reads them: from columns back to points."""

from itertools import accumulate, islice
from typing import Any


def unpacked(answer: dict[str, Any]) -> list[tuple[int, int, str | None, float, float]]:
    """Offer, place, topic, longitude and latitude of every point, by offer."""
    west, south = answer["origin"]
    points = zip(answer["offers"], answer["topics"], strict=True)
    places = zip(
        accumulate(answer["place_steps"]), answer["x"], answer["y"], answer["offers_at"], strict=True
    )
    found = [
        (
            offer,
            place,
            answer["topic_slugs"][topic] if topic >= 0 else None,
            west + x / answer["scale"],
            south + y / answer["scale"],
        )
        for place, x, y, count in places
        for offer, topic in islice(points, count)
    ]
    assert next(points, None) is None, "every offer is at a place"
    return sorted(found, key=lambda point: point[:2])
