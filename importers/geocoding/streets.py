"""Which streets of the region's tables an address may mean: of this name, or nearly so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz.distance import OSA
from sqlalchemy import TextClause, text
from sqlmodel import Session

from importers.geocoding.addresses import Address, alternatives
from importers.geocoding.keys import same_town, street_key, town_key

ALIKE: Final = 0.35  # share of trigrams that a misspelt name still has in common
# Up to so many letters of a name, so many of them may be wrong; a short name is soon another one.
_MISTAKES: Final = ((6, 0), (9, 1), (15, 2), (10_000, 3))

_EXACT = text("""
  SELECT s.key AS asked, s.id, s.street, s.key, s.postcode, s.town_key, s.lon, s.lat
  FROM address_street s WHERE s.region_id = :region AND s.key = ANY (:keys) ORDER BY s.id
""")
_SIMILAR = text("""
  SELECT a.key AS asked, s.id, s.street, s.key, s.postcode, s.town_key, s.lon, s.lat
  FROM unnest(cast(:keys AS text[])) AS a (key)
  JOIN address_street s ON s.key % a.key AND s.region_id = :region AND similarity(s.key, a.key) >= :alike
  ORDER BY s.id
""")


@dataclass(frozen=True)
class Street:
    """A street of a table of addresses, with the house in its middle."""

    id: int
    name: str
    key: str
    postcode: str
    town_key: str
    lon: float
    lat: float


@dataclass
class Meant:
    """The streets that an address may mean, all of one name.

    misspelt: the name is not quite the one that was written; elsewhere: they have another postcode.
    """

    streets: list[Street]
    misspelt: bool = False
    elsewhere: bool = False


def meant(session: Session, region_id: int, asked: Sequence[Address]) -> list[Meant]:
    """Return for each address the streets it may mean; none if there are none or several names fit alike."""
    keys = [[street_key(one.street) for one in (address, *alternatives(address))] for address in asked]
    named = _by_key(session, region_id, {key for these in keys for key in these})
    found = []
    for address, these in zip(asked, keys, strict=True):
        fitting = (_fitting(address, named.get(key, [])) for key in these if key)
        found.append(next((one for one in fitting if one.streets), Meant([])))
    missing = {these[0] for these, one in zip(keys, found, strict=True) if not one.streets and these[0]}
    similar = _alike(session, region_id, missing)
    return [
        one if one.streets else _nearly(address, these[0], similar.get(these[0], []))
        for address, these, one in zip(asked, keys, found, strict=True)
    ]


def _fitting(address: Address, streets: list[Street]) -> Meant:
    """Return those of the streets that lie where the address says."""
    town = town_key(address.town)
    in_town = [street for street in streets if same_town(town, street.town_key)]
    if not address.postcode:
        return Meant(in_town)
    there = [street for street in streets if street.postcode == address.postcode]
    # The postcode says more than the town: many write the name of their part of it.
    there = [street for street in there if street in in_town] or there
    there = there or [street for street in in_town if not street.postcode]
    return Meant(there) if there else Meant(in_town, elsewhere=bool(in_town))


def _nearly(address: Address, key: str, streets: list[Street]) -> Meant:
    fitting = _fitting(address, streets)
    if fitting.elsewhere or not (address.postcode or address.town):
        return Meant([])  # two doubts at once
    far = {street.key: OSA.distance(key, street.key) for street in fitting.streets}
    if not far:
        return Meant([])
    nearest = min(far.values())
    names = [name for name, distance in far.items() if distance == nearest]
    if nearest > _allowed(key) or len(names) > 1 or _digits(names[0]) != _digits(key):
        return Meant([])
    return Meant([street for street in fitting.streets if street.key == names[0]], misspelt=True)


def _allowed(key: str) -> int:
    return next(mistakes for letters, mistakes in _MISTAKES if len(key) <= letters)


def _digits(key: str) -> str:
    return "".join(filter(str.isdigit, key))


def _by_key(session: Session, region_id: int, keys: Iterable[str]) -> dict[str, list[Street]]:
    wanted = sorted(filter(None, keys))
    return _grouped(session, _EXACT, {"region": region_id, "keys": wanted}) if wanted else {}


def _alike(session: Session, region_id: int, keys: Iterable[str]) -> dict[str, list[Street]]:
    wanted = sorted(keys)
    values = {"region": region_id, "keys": wanted, "alike": ALIKE}
    return _grouped(session, _SIMILAR, values) if wanted else {}


def _grouped(session: Session, statement: TextClause, values: dict[str, Any]) -> dict[str, list[Street]]:
    found: dict[str, list[Street]] = {}
    for asked, *columns in session.execute(statement, values):
        found.setdefault(asked, []).append(Street(*columns))
    return found
