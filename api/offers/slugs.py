"""Addresses of offers: folded names, with a number where somebody else is called the same."""

from typing import Self

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.text import slugify
from api.offers.models import Offer


class Slugs:
    """The slugs that are taken, and the next free ones; whoever uses them holds the region's row."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._last: dict[str, int] = {}
        self._given: list[str] = []

    @classmethod
    def like(cls, session: Session, region_id: int, name: str) -> Self:
        """Return those that offers of this name may have."""
        like = col(Offer.slug).regexp_match(f"^{slugify(name)}(-[0-9]+)?$")
        slugs = select(col(Offer.slug)).where(col(Offer.region_id) == region_id, like)
        return cls(set(session.scalars(slugs)))

    @classmethod
    def of_region(cls, session: Session, region_id: int) -> Self:
        """Return all of a region."""
        return cls(set(session.scalars(select(col(Offer.slug)).where(col(Offer.region_id) == region_id))))

    def free(self, name: str) -> str:
        """Return the first slug for a name that nobody has, and take it."""
        wish = slugify(name)
        number = self._last.get(wish, 0)  # all up to this one are taken
        slug = wish
        while True:
            number += 1
            slug = wish if number == 1 else f"{wish}-{number}"
            if slug not in self._taken:
                break
        self._last[wish] = number
        self._taken.add(slug)
        self._given.append(slug)
        return slug

    def keep(self) -> None:
        """Note that those given so far are in use."""
        self._given.clear()

    def give_back(self) -> None:
        """Make those given since the last keep free again: their offers were not written."""
        self._taken.difference_update(self._given)
        self._given.clear()
        self._last.clear()
