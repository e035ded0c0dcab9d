"""The points of what was found, from the columns in memory: the same that api.offers.map_points gives."""

import json

import numpy as np

from api.offers.map_points import SCALE
from api.search.counting import Choice


def columns(choice: Choice, version: int) -> str:
    """Return a JSON object as api.offers.schemas.MapPoints describes it."""
    table = choice.table
    drawn = np.flatnonzero(choice.places & table.has_point & choice.found[table.offer_of_place])
    offers = table.offer_of_place[drawn]
    # Place by place, and the offers of each by their number.
    order = np.lexsort((table.ids[offers], table.place_ids[drawn]))
    drawn, offers = drawn[order], offers[order]
    places, first, offers_at = np.unique(table.place_ids[drawn], return_index=True, return_counts=True)
    x, y = table.lon[drawn][first] * SCALE, table.lat[drawn][first] * SCALE
    origin = (np.floor(x.min()), np.floor(y.min())) if len(places) else (0.0, 0.0)
    return json.dumps(
        {
            "version": version,
            "scale": SCALE,
            "origin": [float(origin[0]) / SCALE, float(origin[1]) / SCALE],
            "topic_slugs": list(table.vocabulary.top),
            "place_steps": np.diff(places, prepend=0).tolist(),
            "x": (np.rint(x) - origin[0]).astype(np.int64).tolist(),
            "y": (np.rint(y) - origin[1]).astype(np.int64).tolist(),
            "offers_at": offers_at.tolist(),
            "offers": table.ids[offers].tolist(),
            "topics": table.top_topic[offers].tolist(),
        },
        separators=(",", ":"),
    )
