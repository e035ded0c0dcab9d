"""An offer as search engines read it: schema.org as JSON-LD, with nothing that its page does not say.

Examples are not marked up, since nobody should find them by a search engine, and hidden places are left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from api.core import clock
from api.offers.schemas import ContactOut, OfferOut
from api.places.schemas import PlaceOut
from api.regions.models import Region
from api.schedules.rules import Rule
from api.schedules.service import Where
from web.language import name_in
from web.structured_hours import Hours, hours_of

CONTEXT: Final = "https://schema.org"
GERMAN: Final = "de"
# What kind of place somebody comes to, by the topic of the offer.
_PLACES: Final = {"bibliothek": "Library", "kita": "ChildCare", "sport": "SportsActivityLocation"}
# Only what calls itself an office is one.
_OFFICE: Final = re.compile(
    r"\b(jobcenter|((bezirks|bürger|finanz|gesundheits|jugend|schul|sozial|standes|versorgungs|wohnungs)amt)"
    r"|((bezirks|gemeinde|kreis|senats|stadt)verwaltung))\b",
    re.IGNORECASE,
)


def of_offer(
    region: Region, offer: OfferOut, rules: Mapping[Where, Sequence[Rule]], origin: str
) -> dict[str, Any] | None:
    """Return what a search engine may learn of an offer; None: nothing, as it is only an example.

    rules: of the offer at each of its places; origin: where the pages of the region are found.
    """
    if offer.is_example:
        return None
    today = clock.today(region.timezone)
    hours = {place: hours_of(said, region, today) for (_, place), said in rules.items()}
    page = f"{origin}/angebot/{offer.slug}"
    shown = [place for place in offer.places if not place.address_hidden]
    service = _service(region, offer, page, shown, hours)
    return {"@context": CONTEXT, "@graph": [service, *_events(offer, page, shown, hours)]}


def _service(
    region: Region,
    offer: OfferOut,
    page: str,
    shown: Sequence[PlaceOut],
    hours: Mapping[int | None, Hours],
) -> dict[str, Any]:
    is_office = bool(offer.organization and _OFFICE.search(offer.organization.name))
    return _said(
        {
            "@type": "GovernmentService" if is_office else "Service",
            "@id": f"{page}#angebot",
            "name": offer.name,
            "url": page,
            "description": offer.summary or offer.description,
            "serviceType": [name_in(topic.names, GERMAN) for topic in offer.topics],
            "provider": _provider(offer, is_office=is_office),
            "areaServed": list(_area(region, offer)),
            "audience": list(_audience(offer)),
            "availableChannel": list(_channels(offer, shown, hours)),
            "hoursAvailable": hours[None].weekly if None in hours else None,
            "offers": {"@type": "Offer", "price": "0", "priceCurrency": "EUR"} if _is_free(offer) else None,
        }
    )


def _is_free(offer: OfferOut) -> bool:
    return offer.cost == "free"


def _provider(offer: OfferOut, *, is_office: bool) -> dict[str, Any] | None:
    if offer.organization is None:
        return None
    kind = "GovernmentOrganization" if is_office else "Organization"
    return _said({"@type": kind, "name": offer.organization.name, "url": offer.organization.website})


def _area(region: Region, offer: OfferOut) -> Iterator[dict[str, Any]]:
    """Yield where somebody comes to; who is visited serves all who come."""
    if offer.outreach:
        for name in [space.name for space in offer.serves] or [region.name]:
            yield {"@type": "AdministrativeArea", "name": name}


def _audience(offer: OfferOut) -> Iterator[dict[str, Any]]:
    ages = {"suggestedMinAge": offer.min_age, "suggestedMaxAge": offer.max_age}
    for name in [name_in(audience.names, GERMAN) for audience in offer.audiences]:
        yield _said({"@type": "PeopleAudience", "audienceType": name, **ages})
    if not offer.audiences and (offer.min_age is not None or offer.max_age is not None):
        yield _said({"@type": "PeopleAudience", **ages})


def _channels(
    offer: OfferOut, shown: Sequence[PlaceOut], hours: Mapping[int | None, Hours]
) -> Iterator[dict[str, Any]]:
    """Yield the ways to an offer: its places, its contacts, its page on the web."""
    for place in shown:
        location = {**_place(offer, place), **_opening(hours.get(place.id))}
        yield _said(
            {
                "@type": "ServiceChannel",
                "serviceLocation": location,
                "availableLanguage": list(offer.languages),
            }
        )
    for contact in offer.contacts:
        point = _contact(contact, offer.languages)
        yield (
            {"@type": "ServiceChannel", "servicePhone": point}
            if contact.phone
            else {
                "@type": "ServiceChannel",
                "potentialAction": {"@type": "CommunicateAction", "recipient": point},
            }
        )
    if offer.website:
        yield {"@type": "ServiceChannel", "serviceUrl": offer.website}


def _contact(contact: ContactOut, languages: Sequence[str]) -> dict[str, Any]:
    return _said(
        {
            "@type": "ContactPoint",
            "telephone": contact.phone,
            "email": contact.email,
            "contactType": contact.label,
            "availableLanguage": list(languages),
        }
    )


def _place(offer: OfferOut, place: PlaceOut) -> dict[str, Any]:
    """Return a place whose address is public."""
    address = {
        "streetAddress": place.street,
        "postalCode": place.postcode,
        "addressLocality": place.town,
    }
    point = {"@type": "GeoCoordinates", "latitude": place.lat, "longitude": place.lon}
    kind = next((_PLACES[topic.slug] for topic in offer.topics if topic.slug in _PLACES), "Place")
    return _said(
        {
            "@type": kind,
            "name": place.name or offer.name,
            "address": {"@type": "PostalAddress", **_said(address), "addressCountry": "DE"},
            "geo": point if place.lat is not None and place.lon is not None else None,
            "isAccessibleForFree": True if _is_free(offer) else None,
        }
    )


def _opening(hours: Hours | None) -> dict[str, Any]:
    return {"openingHoursSpecification": hours.weekly} if hours and hours.weekly else {}


def _events(
    offer: OfferOut, page: str, shown: Sequence[PlaceOut], hours: Mapping[int | None, Hours]
) -> Iterator[dict[str, Any]]:
    """Yield what takes place now and then: every second week, on the first Tuesday, on single days."""
    places = {place.id: place for place in shown}
    for place_id, found in hours.items():
        where = places.get(place_id) if place_id else (shown[0] if len(shown) == 1 else None)
        for times in found.dates:
            yield _said(
                {
                    "@type": "Event",
                    "name": offer.name,
                    "url": page,
                    "description": offer.summary,
                    "about": {"@id": f"{page}#angebot"},
                    "location": _place(offer, where) if where else None,
                    "organizer": _provider(offer, is_office=False),
                    "isAccessibleForFree": True if _is_free(offer) else None,
                    **times,
                }
            )


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known; nothing is said of what is not."""
    return {name: _text(value) for name, value in values.items() if value not in (None, "", [])}


def _text(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    return value.isoformat() if isinstance(value, date) else value
