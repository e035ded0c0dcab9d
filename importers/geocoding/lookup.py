"""Addresses become points by the region's own tables: a house, else its street, else its postcode."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, radians
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from api.places.models import Precision
from importers.geocoding import streets
from importers.geocoding.addresses import Address
from importers.geocoding.numbers import HouseNumber
from importers.geocoding.streets import Meant, Street

ONE_HOUSE: Final = 200.0  # metres; what two tables say of one house is not farther apart
ONE_STREET: Final = 3_000.0  # metres between the middles of its parts; farther apart are two of one name
NEAR: Final = 5_000.0  # metres to the middle of the postcode that was named by mistake
_METRES: Final = 111_195.0  # of a degree of latitude

_HOUSES = text("""
  SELECT a.n, a.street, h.number, h.suffix, h.lon, h.lat
  FROM unnest(cast(:n AS int[]), cast(:streets AS bigint[]), cast(:numbers AS int[]),
    cast(:suffixes AS text[]), cast(:lasts AS int[])) AS a (n, street, number, suffix, last)
  CROSS JOIN LATERAL (
    SELECT * FROM address h WHERE h.street_id = a.street
    ORDER BY (h.number = a.number AND h.suffix = a.suffix) DESC, (h.number = a.number) DESC,
      (h.number BETWEEN a.number AND a.last) DESC,
      -- On the same side of the street, as far as numbers tell.
      abs(h.number - a.number) + 3 * abs((h.number - a.number) % 2), h.number, h.suffix
    LIMIT 1
  ) h
  ORDER BY a.n, a.street
""")
# The middle of the houses lies on none of their doors, and that is right: nobody is to ring there.
_POSTCODES = text("""
  WITH asked AS (SELECT DISTINCT code FROM unnest(cast(:codes AS text[])) AS c (code)),
  known AS (
    SELECT s.postcode AS code, avg(a.lon) AS lon, avg(a.lat) AS lat
    FROM address_street s JOIN address a ON a.street_id = s.id
    WHERE s.region_id = :region AND s.postcode IN (SELECT code FROM asked) GROUP BY s.postcode
  ), drawn AS (
    SELECT DISTINCT ON (s.code) s.code, ST_PointOnSurface(s.geom) AS point
    FROM space s JOIN division d ON d.id = s.division_id
    WHERE d.region_id = :region AND s.code IN (SELECT code FROM asked)
      AND s.code NOT IN (SELECT code FROM known)
    ORDER BY s.code, s.level DESC, s.id
  )
  SELECT code, lon, lat FROM known UNION ALL SELECT code, ST_X(point), ST_Y(point) FROM drawn
""")
_HAS_TABLE = text("SELECT EXISTS (SELECT FROM address_street WHERE region_id = :region)")


class Point(NamedTuple):
    """Longitude and latitude in degrees."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Answer:
    """Where an address is; without a point the remark says why, in German."""

    point: Point | None = None
    precision: Precision | None = None
    remark: str = ""


class _House(NamedTuple):
    street: Street
    number: int
    suffix: str
    point: Point


def has_table(session: Session, region_id: int) -> bool:
    """Return whether the region has addresses of its own to look up."""
    return bool(session.scalar(_HAS_TABLE, {"region": region_id}))


def find(session: Session, region_id: int, asked: Sequence[Address]) -> list[Answer]:
    """Return an answer to each address, with a handful of statements for all of them."""
    meanings = streets.meant(session, region_id, asked)
    houses = _houses(session, asked, meanings)
    middles = _middles(session, region_id, {address.postcode for address in asked if address.postcode})
    return [
        _answer(address, meaning, houses.get(position, []), middles.get(address.postcode))
        for position, (address, meaning) in enumerate(zip(asked, meanings, strict=True))
    ]


def metres(one: Point, other: Point) -> float:
    """Return the distance of two points that are not far apart."""
    east = (one.lon - other.lon) * cos(radians((one.lat + other.lat) / 2))
    return hypot(east, one.lat - other.lat) * _METRES


def _answer(address: Address, meaning: Meant, houses: list[_House], middle: Point | None) -> Answer:
    found = _in_street(address, meaning, houses)
    if found.point and meaning.elsewhere and (middle is None or metres(found.point, middle) > NEAR):
        # Either may be wrong: to choose the postcode would be to guess.
        return Answer(remark="Die Straße gibt es nur unter einer anderen Postleitzahl")
    if found.point:
        return replace(found, remark="; ".join(filter(None, (found.remark, *_doubts(meaning)))))
    if middle:
        return Answer(middle, Precision.POSTCODE, f"{found.remark}; nur die Postleitzahl ist bekannt")
    return found


def _in_street(address: Address, meaning: Meant, houses: list[_House]) -> Answer:
    if not address.street:
        return Answer(remark="Es ist keine Straße angegeben")
    if not meaning.streets:
        return Answer(remark="Die Straße steht nicht in der Adresstabelle")
    exact = [house for house in houses if address.number and _is_it(house, address.number)]
    if exact and _are_close([house.point for house in exact], ONE_HOUSE):
        return Answer(exact[0].point, Precision.HOUSE)
    if exact or not _are_close([Point(street.lon, street.lat) for street in meaning.streets], ONE_STREET):
        return Answer(remark="Diese Straße gibt es mehrmals; Postleitzahl oder Ort fehlen")
    if address.number:
        nearest = min(houses, key=lambda house: abs(house.number - address.number.number))  # type: ignore[union-attr]
        return Answer(nearest.point, Precision.STREET, "Die Hausnummer steht nicht in der Adresstabelle")
    first = meaning.streets[0]
    return Answer(Point(first.lon, first.lat), Precision.STREET, "Es ist keine Hausnummer angegeben")


def _is_it(house: _House, number: HouseNumber) -> bool:
    if house.number != number.number:
        return number.number < house.number <= number.last
    return house.suffix == number.suffix or not (house.suffix and number.suffix)


def _doubts(meaning: Meant) -> list[str]:
    said = []
    if meaning.misspelt:
        said.append(f"Straße gelesen als „{meaning.streets[0].name}“")
    if meaning.elsewhere:
        said.append("Die Postleitzahl ist nach der Adresstabelle eine andere")
    return said


def _are_close(points: list[Point], limit: float) -> bool:
    return all(metres(points[0], point) <= limit for point in points[1:])


def _houses(session: Session, asked: Sequence[Address], meanings: list[Meant]) -> dict[int, list[_House]]:
    """Return the house nearest to the number in each of the streets, by the position of the address."""
    wanted = [
        (position, street, address.number)
        for position, (address, meaning) in enumerate(zip(asked, meanings, strict=True))
        for street in meaning.streets
        if address.number
    ]
    found: dict[int, list[_House]] = {}
    if not wanted:
        return found
    known = {street.id: street for _, street, _ in wanted}
    values = {
        "n": [position for position, _, _ in wanted],
        "streets": [street.id for _, street, _ in wanted],
        "numbers": [number.number for _, _, number in wanted],
        "suffixes": [number.suffix for _, _, number in wanted],
        "lasts": [number.last for _, _, number in wanted],
    }
    for position, street, number, suffix, lon, lat in session.execute(_HOUSES, values):
        found.setdefault(position, []).append(_House(known[street], number, suffix, Point(lon, lat)))
    return found


def _middles(session: Session, region_id: int, codes: set[str]) -> dict[str, Point]:
    if not codes:
        return {}
    rows = session.execute(_POSTCODES, {"region": region_id, "codes": sorted(codes)})
    return {code: Point(round(lon, 6), round(lat, 6)) for code, lon, lat in rows}
