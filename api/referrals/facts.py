"""A fingerprint of what a list says about an offer: it differs once something that people rely on differs."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from api.offers.schemas import OfferSummary
from api.places.schemas import PlaceOut
from api.schedules.service import Line

# Raised whenever other facts are taken: fingerprints of before are then compared with nothing.
FORM: Final = "1"


def fingerprint(offer: OfferSummary, lines: Iterable[Line]) -> str:
    """Return the fingerprint of an offer, at the places and with the hours that are meant.

    When somebody last looked at it, texts in other languages and how often it is found do not count.
    """
    provider = offer.organization.name if offer.organization else None
    meant = {place.id for place in offer.places}
    facts: list[Any] = [
        offer.name,
        offer.summary,
        provider,
        offer.phone,
        offer.hours_text,
        offer.cost,
        offer.cost_note,
        offer.access,
        offer.outreach,
        offer.min_age,
        offer.max_age,
        sorted(offer.languages),
        sorted(_place(place) for place in offer.places),
        sorted(
            json.dumps([line.place_id, line.rule], default=str)
            for line in lines
            if line.place_id is None or line.place_id in meant
        ),
    ]
    said = json.dumps(facts, ensure_ascii=False)
    return f"{FORM}:{hashlib.sha256(said.encode()).hexdigest()}"


def differ(before: str, now: str) -> bool:
    """Return whether two fingerprints tell of a change; those of different forms tell nothing."""
    return before != now and before.partition(":")[0] == now.partition(":")[0]


def _place(place: PlaceOut) -> str:
    # As strangers know it: of a hidden address that is its name.
    said = [place.id, place.name, place.street, place.postcode, place.town, place.hours_text, place.note]
    return json.dumps(said, ensure_ascii=False)
