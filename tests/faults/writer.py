"""Writes like a person at work until it is ended: python -m tests.faults.writer SEED.

Before each commit it says what it is trying to write, after it that this is written. Whoever reads the last
line knows what must be there.
"""

import json
import random
import sys
import threading
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from api import models as _models  # noqa: F401 - knows every table that has a history
from api.core.db import make_engine
from api.core.settings import settings
from api.history.models import Origin
from api.history.service import Act
from api.offers import service as offers
from api.offers.models import Offer, OfferAtPlace, Status
from api.offers.schemas import ContactIn, OfferIn
from api.places import service as places
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.regions.models import Region

BY_HAND = "Von Hand"
ENOUGH = 120
PATIENCE_SECONDS = 300  # until an import has ended
PACE_SECONDS = 0.02  # nobody types faster, and imports want a turn as well
# Around Unna, in the demo region.
WEST, SOUTH, EAST, NORTH = 7.65, 51.49, 7.8, 51.6


def main() -> None:
    """Write until the end."""
    chance = random.Random(sys.argv[1])
    engine = make_engine(settings().database_url, statement_seconds=PATIENCE_SECONDS)
    for number in count():
        with Session(engine) as session:
            # As every editor of entries should: wait here, not half-way, while an import goes on.
            region = session.exec(select(Region).with_for_update(key_share=True)).one()
            told = _write(session, chance, region, f"{sys.argv[1]}-{number}")
            say("trying", told)
            session.commit()
            say("written", told)
        threading.Event().wait(PACE_SECONDS)


def say(what: str, told: dict[str, Any]) -> None:
    """Print one line, at once and whole."""
    sys.stdout.write(json.dumps([what, told]) + "\n")
    sys.stdout.flush()


def _write(session: Session, chance: random.Random, region: Region, mark: str) -> dict[str, Any]:
    act = Act(region.id, "somebody", Origin.FORM)
    by_hand = session.exec(select(Offer).where(col(Offer.name).startswith(BY_HAND))).all()
    imported = session.exec(select(Offer).where(col(Offer.name).startswith("Liste"))).all()
    if imported and chance.random() < 0.3:
        offer = chance.choice(imported)
        offers.change(session, act, offer, {"description": mark})
        return {"id": offer.id, "description": mark}
    if (len(by_hand) < ENOUGH and chance.random() < 0.5) or not by_hand:
        offer = offers.create(session, act, OfferIn(name=f"{BY_HAND} {mark}", status=Status.PUBLISHED))
        place = places.at_address(session, act, PlaceIn(street=f"Weg {mark}", **_point(chance)))
        offers.attach(session, act, offer, place)
    else:
        offer = chance.choice(by_hand)
        at_place = session.exec(select(OfferAtPlace).where(OfferAtPlace.offer_id == offer.id)).one()
        place = session.exec(select(Place).where(Place.id == at_place.place_id)).one()
        offers.change(session, act, offer, {"summary": mark})
        places.change(session, act, place, _point(chance))
    contact = offers.set_contact(session, act, offer, ContactIn(phone=f"02303 {mark}"))
    return {
        "id": offer.id,
        "name": offer.name,
        "summary": offer.summary,
        "phone": contact.phone,
        "lon": place.lon,
        "lat": place.lat,
    }


def _point(chance: random.Random) -> dict[str, float]:
    lon, lat = chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
    return {"lon": round(lon, 6), "lat": round(lat, 6)}


if __name__ == "__main__":
    main()
