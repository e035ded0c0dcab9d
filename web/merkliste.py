"""The Merkliste: offers that somebody keeps on a device or sends around, named by their numbers alone.

Nothing of it is kept here: a list comes with the request and goes with the answer.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from api.core import clock
from api.offers import occurrences, redirects
from api.offers import service as offers
from api.offers.feeds import DAYS_TO_KEEP
from api.offers.schemas import OfferSummary
from api.regions.models import Region
from api.schedules.saying import states
from api.schedules.schemas import OccurrenceOut
from web.hours import different
from web.qr import qr_of_page
from web.words import _

MOST: Final = 100  # offers in a list
DIGITS: Final = 18  # a bigint holds them


class NoListError(ValueError):
    """What an address says is no list; the text says why, for people, and is a key of the catalogues."""


class Found(NamedTuple):
    """The offers of a list that are still there, in its order, and how many are not."""

    offers: list[OfferSummary]
    gone: int
    # Numbers that were asked for, by what they are now: offers that were merged into others.
    was: Mapping[int, Sequence[int]] = {}

    @property
    def numbers(self) -> str:
        """Return the list as addresses say it: "12,7,31"."""
        return ",".join(str(offer.id) for offer in self.offers)


def numbers(said: str) -> list[int]:
    """Return the numbers of "12,7,31" in their order, each once; raise NoListError."""
    parts = [part.strip() for part in said.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() and len(part) <= DIGITS for part in parts):
        raise NoListError(_("Dieser Link ist nicht vollständig oder hat einen Tippfehler."))
    found = list(dict.fromkeys(int(part) for part in parts))
    if len(found) > MOST:
        raise NoListError(_("Diese Liste ist zu lang. Es gehen höchstens 100 Angebote."))
    return found


def look_up(session: Session, region: Region, ids: Sequence[int]) -> Found:
    """Return what can be shown of a list; what is gone, hidden or of another region is only counted.

    Of an offer that was merged into another one, that one is shown.
    """
    moved = redirects.of_ids(session, region.id, ids)
    was: dict[int, list[int]] = {}
    for old, now in moved.items():
        was.setdefault(now.id, []).append(old)
    present = list(dict.fromkeys(moved[one].id if one in moved else one for one in ids))
    found = offers.by_ids(session, region, present)
    return Found(found, len(present) - len(found), was)


def entries(
    session: Session, region: Region, found: Sequence[OfferSummary], locale: str, pages: str
) -> list[dict[str, Any]]:
    """Return the offers as the page shows them: with number, next date and the QR code of their page.

    pages: how addresses of offers begin, as in "https://example.org/angebot/".
    """
    dates = coming(session, region, [offer.id for offer in found])
    return [
        {
            "number": number,
            "offer": offer,
            "date": date_of(region, offer, dates[offer.id][0], locale) if offer.id in dates else None,
            "qr": qr_of_page(f"{pages}{offer.slug}"),
        }
        for number, offer in enumerate(found, start=1)
    ]


def coming(session: Session, region: Region, ids: Sequence[int]) -> dict[int, list[OccurrenceOut]]:
    """Return the next dates of each offer in their order, one that is running included; only soon ones."""
    now, today = clock.now(), clock.today(region.timezone)
    dates = occurrences.of_all(session, region, ids, today, today + timedelta(days=DAYS_TO_KEEP))
    found: dict[int, list[OccurrenceOut]] = {}
    for offer_id, one in dates:
        if (one.ends or one.starts) > now:
            found.setdefault(offer_id, []).append(one)
    return found


def date_of(region: Region, offer: OfferSummary, one: OccurrenceOut, locale: str) -> dict[str, Any]:
    """Return a date of an offer in words: {iso, day, hours, place, different, note}."""
    zone, today = ZoneInfo(region.timezone), clock.today(region.timezone)
    starts, ends = one.starts.astimezone(zone), one.ends.astimezone(zone) if one.ends else None
    names = {place.id: place.name or place.street or "" for place in offer.places}
    return {
        "iso": starts.isoformat(),
        "day": states.day(locale, starts.date(), today),
        "hours": states.hours(locale, starts.time(), ends.time() if ends else None),
        "place": names.get(one.place_id or 0, "") if len(offer.places) > 1 else "",
        "different": different(one, locale, today, names),
        "note": one.note,
    }
