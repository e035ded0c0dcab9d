"""What a writer has reported as written, and what it was about to write when it came to its end."""

import json
from typing import Any

from sqlmodel import Session, col, select

from api.offers.models import Contact, Offer, OfferAtPlace
from api.places.models import Place

Told = dict[str, Any]


class Ledger:
    """The last known state of each offer that was written by hand."""

    def __init__(self) -> None:
        self.written: dict[int, Told] = {}
        self._trying: Told | None = None

    def read(self, said: str) -> int:
        """Take in what one writer has said; return how many commits it reported."""
        self._trying, commits = None, 0
        for line in said.splitlines(keepends=True):
            if not (line.startswith('["') and line.endswith("\n")):
                continue  # half a line, or what it said about its end
            what, told = json.loads(line)
            if what == "written":
                self.written[told["id"]] = told
                commits += 1
            self._trying = told if what == "trying" else None
        return commits

    def check(self, session: Session) -> None:
        """Fail if something reported is missing; what was only tried is there as a whole or not at all."""
        trying = self._trying
        if trying is not None:
            now = _now(session, trying)
            assert now in (self.written.get(trying["id"]), trying), f"half written: {trying}, there is {now}"
            if now == trying:
                self.written[trying["id"]] = trying
        self._trying = None
        for told in self.written.values():
            now = _now(session, told)
            assert now == told, f"reported as written: {told}, there is {now}"


def _now(session: Session, told: Told) -> Told | None:
    """Return what the database says about the fields that a writer told of."""
    row = session.execute(
        select(Offer, Contact.phone, Place.lon, Place.lat)
        .outerjoin(Contact, col(Contact.offer_id) == col(Offer.id))
        .outerjoin(OfferAtPlace, col(OfferAtPlace.offer_id) == col(Offer.id))
        .outerjoin(Place, col(Place.id) == col(OfferAtPlace.place_id))
        .where(Offer.id == told["id"])
    ).first()
    if row is None:
        return None
    offer, phone, lon, lat = row
    now = offer.model_dump() | {"phone": phone, "lon": lon, "lat": lat}
    return {field: now[field] for field in told}
