"""Many places at once, found again by their address just as single ones are (service.at_address)."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Float, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.history import service as history
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.places.service import SAME_HOUSE_METRES, address_key

FIELDS = tuple(PlaceIn.model_fields)
_NO_DIGIT = re.compile(r"[^0-9]")


class Spot(NamedTuple):
    """What tells places apart: their address, and the point where it lies."""

    key: str
    lon: float | None
    lat: float | None
    is_known: bool


@dataclass(frozen=True)
class Found:
    """A place that is there, with its fields."""

    id: int
    values: dict[str, Any]


def at_addresses(session: Session, act: history.Act, wanted: Sequence[PlaceIn]) -> list[Found]:
    """Return for each the region's place with the same name, address and point, created if there is none."""
    spots = [_spot(place, position) for position, place in enumerate(wanted)]
    # In the order in which they first appear; what differs only in spelling follows the first.
    single: dict[Spot, PlaceIn] = {}
    for spot, place in zip(spots, wanted, strict=True):
        single.setdefault(spot, place)
    there = _there(session, act.region_id, single)
    near = _near(session, list(single))
    same_as: dict[Spot, Spot] = {}
    new_of: dict[str, list[Spot]] = defaultdict(list)
    for spot in single:
        if spot not in there:
            same_as[spot] = next((other for other in new_of[spot.key] if (other, spot) in near), spot)
            if same_as[spot] == spot:
                new_of[spot.key].append(spot)
    new = [spot for spot, first in same_as.items() if spot == first]
    rows = [single[spot].model_dump() for spot in new]
    ids = history.create_many(session, act, Place, [{"region_id": act.region_id, **row} for row in rows])
    made = {spot: Found(number, row) for spot, number, row in zip(new, ids, rows, strict=True)}
    return [there.get(spot) or made[same_as[spot]] for spot in spots]


def _spot(place: PlaceIn, position: int) -> Spot:
    key = address_key(place)
    return Spot(f"\t{position}" if key is None else key, place.lon, place.lat, is_known=key is not None)


def _there(session: Session, region_id: int, wanted: Mapping[Spot, PlaceIn]) -> dict[Spot, Found]:
    """Return the places that are there already."""
    columns = [col(getattr(Place, name)) for name in FIELDS]
    found: dict[Spot, Found] = {}
    for has_point in (True, False):
        spots = [spot for spot in wanted if spot.is_known and (spot.lon is not None) == has_point]
        if not spots:
            continue
        listed = func.unnest(
            cast([wanted[spot].postcode for spot in spots], ARRAY(Text)),
            cast([wanted[spot].address_hidden for spot in spots], ARRAY(Boolean)),
            cast([_digits(wanted[spot].street) for spot in spots], ARRAY(Text)),
            cast([spot.lon for spot in spots], ARRAY(Float)),
            cast([spot.lat for spot in spots], ARRAY(Float)),
        ).table_valued("postcode", "hidden", "digits", "lon", "lat", with_ordinality="n")
        listed = listed.render_derived(name="listed")
        # Where nothing is known of a point, a whole town may be looked through: its house number comes first.
        numbered = func.regexp_replace(func.coalesce(col(Place.street), ""), "[^0-9]", "", "g")
        near = func.ST_DWithin(
            func.geography(col(Place.geom)), _point(listed.c.lon, listed.c.lat), SAME_HOUSE_METRES
        )
        # The region is looked at afterwards: while it is being filled PostgreSQL takes it for rare, and would
        # walk through all of its places for each point.
        stmt = (
            select(listed.c.n, col(Place.id), col(Place.region_id), *columns)
            .join(
                Place,
                (func.coalesce(col(Place.postcode), "") == func.coalesce(listed.c.postcode, ""))
                & (col(Place.address_hidden) == listed.c.hidden)
                & (near if has_point else col(Place.geom).is_(None) & (numbered == listed.c.digits)),
            )
            .order_by(col(Place.id))
        )
        for number, place_id, place_region_id, *values in session.execute(stmt):
            if place_region_id != region_id:
                continue
            row = dict(zip(FIELDS, values, strict=True))
            if address_key(PlaceIn.model_construct(**row)) == spots[number - 1].key:
                found.setdefault(spots[number - 1], Found(place_id, row))
    return found


def _digits(street: str | None) -> str:
    """Return the digits of a street, the same whichever way it is spelt; PostgreSQL knows them, too."""
    return _NO_DIGIT.sub("", street or "")


def _near(session: Session, spots: Sequence[Spot]) -> set[tuple[Spot, Spot]]:
    """Return the pairs of equal addresses that are near enough to be one house, the earlier one first."""
    of_key: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        if spot.lon is not None:
            of_key[spot.key].append(spot)
    pairs = [pair for group in of_key.values() for pair in combinations(group, 2)]
    if not pairs:
        return set()
    axes = ([getattr(pair[side], axis) for pair in pairs] for side in (0, 1) for axis in ("lon", "lat"))
    listed = func.unnest(*(cast(values, ARRAY(Float)) for values in axes)).table_valued(
        "lon", "lat", "other_lon", "other_lat", with_ordinality="n"
    )
    listed = listed.render_derived(name="listed")
    one, other = _point(listed.c.lon, listed.c.lat), _point(listed.c.other_lon, listed.c.other_lat)
    stmt = select(listed.c.n).where(func.ST_DWithin(one, other, SAME_HOUSE_METRES))
    return {pairs[number - 1] for number in session.scalars(stmt)}


def _point(lon: Any, lat: Any) -> Any:  # noqa: ANN401 - SQL expressions
    return func.geography(func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326))
