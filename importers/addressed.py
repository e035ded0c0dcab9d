"""A whole address in one cell, parted into street, postcode and town."""

from functools import lru_cache
from typing import NamedTuple

from importers.geocoding import addresses


class Parted(NamedTuple):
    """The parts of an address; empty where it does not say them."""

    street: str = ""
    postcode: str = ""
    town: str = ""


@lru_cache(maxsize=1_000)
def parted(text: str) -> Parted:
    """Return the parts of "Straße 5, 10365 Berlin"; what cannot be understood stays a street."""
    found = addresses.parse(text)
    house = " ".join(filter(None, (found.street, str(found.number) if found.number else "")))
    if not (house or found.postcode):
        return Parted(street=text)
    return Parted(house, found.postcode, found.town)
