"""German addresses, understood: street, house number, postcode and town, however they were written."""

import re
from dataclasses import dataclass, replace
from typing import Final

from api.core.text import clean
from importers.geocoding import numbers, pieces
from importers.geocoding.numbers import HouseNumber

# Mannheim counts its blocks: "C 4, 12" is house 12 in block C 4.
_BLOCK: Final = re.compile(
    r"(?P<letter>[A-U])\s?(?P<block>\d{1,2})\s*[,\s]\s*(?P<number>\d[^,;]*)(?P<more>[,;].*)?", re.DOTALL
)


@dataclass(frozen=True)
class Address:
    """What is known of an address; what is not known is empty."""

    street: str = ""
    number: HouseNumber | None = None
    postcode: str = ""
    town: str = ""
    district: str = ""

    def __str__(self) -> str:
        """Return the address in one line, as parse() reads it again."""
        house = " ".join(filter(None, (self._street(), str(self.number) if self.number else "")))
        place = " ".join(filter(None, (self.postcode, self.town)))
        return ", ".join(filter(None, (house, place, self.district and f"OT {self.district}")))

    def _street(self) -> str:
        if self.number and re.search(r"\d$", self.street):
            return f"{self.street}," if _is_block(self.street) else f"{self.street} Nr."
        return self.street


def parse(text: str | None, postcode: str | None = None, town: str | None = None) -> Address:
    """Return the address that a text holds; fields that stand apart count more than the text."""
    cut = pieces.post(numbers.plain(clean(text or "")))
    apart = pieces.post(" ".join(filter(None, (postcode, town))))
    street, number, rest = _street(cut.rest)
    said_town = apart.town or (apart.rest.strip(" ,.") if not apart.postcode else "")
    return Address(
        street,
        number,
        apart.postcode or cut.postcode,
        said_town or cut.town or next(iter(rest), ""),
        apart.district or cut.district,
    )


def alternatives(address: Address) -> list[Address]:
    """Return the same address without what may be the name of a house before the street."""
    return [replace(address, street=street) for street in pieces.without_house(address.street)]


def _street(text: str) -> tuple[str, HouseNumber | None, list[str]]:
    """Return street and number, and the segments behind it that may name the town."""
    whole = " ".join(text.split()).strip(" ,.")
    if block := _BLOCK.fullmatch(whole):
        number = numbers.read(block["number"])
        if number:
            return f"{block['letter']} {block['block']}", number, _towns(pieces.segments(block["more"] or ""))
    found = pieces.segments(text)
    if not found:
        return "", None, []
    best = max(range(len(found)), key=lambda position: (pieces.looks_like_street(found[position]), -position))
    street, number = _split(found[best])
    rest = found[best + 1 :]
    if rest and (behind := numbers.read(rest[0])):
        rest = rest[1:]
        number = _together(number, behind)
    return street, number, _towns(rest)


def _towns(parts: list[str]) -> list[str]:
    return [part for part in parts if not re.search(r"\d", part)]


def _together(first: HouseNumber | None, second: HouseNumber) -> HouseNumber:
    """Return "12, 14" as one; what is smaller is a part of the house, as in "217, Haus 3"."""
    if first is None:
        return second
    return replace(first, until=f"{second.number}{second.suffix}") if second.number > first.number else first


def _split(segment: str) -> tuple[str, HouseNumber | None]:
    found = numbers.AT_END.search(segment)
    if not found:
        return segment, None
    street = segment[: found.start()].strip(" ,-–")
    if not street or (pieces.is_bare(street) and not _is_named(found[0])):
        return segment, None
    return street, numbers.of(found)


def _is_named(number: str) -> bool:
    return not number.lstrip()[:1].isdigit()


def _is_block(street: str) -> bool:
    return bool(re.fullmatch(r"[A-U] \d{1,2}", street))
