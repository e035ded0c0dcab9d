"""Offers as services of HSDS 3.1, and offers at places as services at locations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from babel import Locale

from api.hsds import hours, ids, locations, overlay
from api.hsds.ids import Kind, Meant
from api.hsds.originals import Originals
from api.hsds.rows import Rows
from api.hsds.terms import EXAMPLE, OUTREACH, SPACE_KEY, SUMMARY, Vocabulary
from api.offers.models import Cost
from api.regions.models import Region

Document = dict[str, Any]

# What a service, an organization or a location says without its lists.
OF_SERVICE: Final = (
    "id", "name", "alternate_name", "description", "url", "email", "status", "interpretation_services",
    "application_process", "fees_description", "wait_time", "fees", "accreditations",
    "eligibility_description", "minimum_age", "maximum_age", "assured_date", "assurer_email", "licenses",
    "alert", "last_modified",
)  # fmt: skip
OF_ORGANIZATION: Final = (
    "id", "name", "alternate_name", "description", "email", "website", "tax_status", "tax_id",
    "year_incorporated", "legal_status", "logo", "uri", "parent_organization_id",
)  # fmt: skip
OF_LOCATION: Final = (
    "id", "location_type", "url", "name", "alternate_name", "description", "transportation", "latitude",
    "longitude", "external_identifier", "external_identifier_type",
)  # fmt: skip
OF_PROGRAM: Final = ("id", "name", "alternate_name", "description")
_CURRENCY: Final = "EUR"
_LANGUAGES: Final = Locale("en").languages


@dataclass(frozen=True)
class Library:
    """What documents are made with: names, words, and where pages are found."""

    region: Region
    vocabulary: Vocabulary
    originals: Originals
    pages: str  # "https://example.org"
    today: date

    def id_of(self, kind: Kind, number: int) -> str:
        """Return the identifier of an entry: the one it came with, else ours."""
        given = self.originals.given.get(Meant(kind, number))
        return given or ids.of(self.region.slug, kind, number)


def filled(**fields: object) -> Document:
    """Return the fields that say something: HSDS knows no null."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}


def whole(library: Library, rows: Rows) -> Iterable[Document]:
    """Yield the services of some rows with everything that belongs to them."""
    for offer in rows.offers:
        service = _service(library, rows, offer)
        places = (_place(library, rows, place) for place in rows.places.get(offer.id, ()))
        yield _in_place_of(service, "service_at_locations", list(places))


def brief(library: Library, rows: Rows) -> Iterable[Document]:
    """Yield the services of some rows without their lists."""
    for offer in rows.offers:
        original = rows.originals.get((offer.id, None))
        service = _service(library, rows, offer) if original else _plain(library, rows, offer)
        yield _brief(service)


def at_locations(
    library: Library, rows: Rows, at_places: Iterable[int], *, is_whole: bool
) -> Iterable[Document]:
    """Yield services at locations by the numbers of their OfferAtPlace, in this order."""
    found = {place.id: place for places in rows.places.values() for place in places}
    offers = {offer.id: offer for offer in rows.offers}
    for number in at_places:
        if number not in found or found[number].offer_id not in offers:
            continue
        place, offer = found[number], offers[found[number].offer_id]
        if is_whole:
            yield {**_place(library, rows, place), "service": _service(library, rows, offer)}
            continue
        here = _place(library, rows, place)
        service = _service(library, rows, offer) if rows.originals else _plain(library, rows, offer)
        yield filled(
            id=here["id"],
            description=here.get("description"),
            location=_only(here["location"], OF_LOCATION),
            service=_brief(service),
        )


def organization(library: Library, rows: Rows, offer: Any) -> Document:  # noqa: ANN401 - a row
    """Return who provides an offer."""
    ours = filled(
        id=library.id_of(Kind.ORGANIZATION, offer.organization_id),
        name=offer.provider,
        description=offer.provider,  # which HSDS wants and we do not have
        website=locations.address(offer.provider_website),
    )
    original = rows.originals.get((offer.id, None))
    if original is None or not original.service.get("organization"):
        return ours
    present = {"organization": offer.provider, "organization_website": offer.provider_website}
    present |= overlay.contact(rows, offer.id)
    there = (_place(library, rows, place)["location"] for place in rows.places.get(offer.id, ()))
    return overlay.organization(original, ours, present, {one["id"]: one for one in there})


def brief_organization(found: Document) -> Document:
    """Return a provider without its lists."""
    return _only(found, OF_ORGANIZATION)


def _brief(service: Document) -> Document:
    found = _only(service, OF_SERVICE)
    if "organization" in service:
        found["organization"] = brief_organization(service["organization"])
    if "program" in service:
        found["program"] = _only(service["program"], OF_PROGRAM)
    return found


def _only(found: Mapping[str, Any], names: Iterable[str]) -> Document:
    return {name: found[name] for name in names if name in found}


def _in_place_of(found: Document, name: str, value: list[Document]) -> Document:
    return {**found, name: value} if value else found


def _plain(library: Library, rows: Rows, offer: Any) -> Document:  # noqa: ANN401 - a row
    """Return what a service says without its lists, from our entries alone."""
    contacts = rows.contacts.get(offer.id, ())
    modified = rows.modified.get(offer.id)
    says_all = offer.summary.rstrip(" .") in offer.description
    text = offer.description if says_all else "\n\n".join(filter(None, [offer.summary, offer.description]))
    return filled(
        id=library.id_of(Kind.SERVICE, offer.id),
        name=offer.name,
        description=text,
        url=locations.address(offer.website),
        email=next((one.email for one in contacts if one.email), None),
        status="active",
        application_process=offer.access_note,
        fees_description=offer.cost_note,
        minimum_age=offer.min_age,
        maximum_age=offer.max_age,
        assured_date=offer.verified_on and offer.verified_on.isoformat(),
        last_modified=modified and modified.isoformat(timespec="milliseconds"),
        organization=organization(library, rows, offer) if offer.organization_id else None,
    )


def _service(library: Library, rows: Rows, offer: Any) -> Document:  # noqa: ANN401
    plain = _plain(library, rows, offer)
    number, contacts = plain["id"], rows.contacts.get(offer.id, ())
    lines = rows.lines.get((offer.id, None), [])
    spoken = [
        filled(id=ids.part(number, "language", code), name=_LANGUAGES.get(code), code=code)
        for code in offer.languages
    ]
    ours = plain | filled(
        additional_urls=[_page(library, number, offer)],
        phones=[_phone(number, one) for one in contacts if one.phone],
        schedules=hours.schedules(library, number, offer.hours_text, lines, rows.place_names),
        service_areas=[_area(number, key, rows.spaces.get(key, key)) for key in offer.serves],
        languages=spoken,
        cost_options=_costs(number, offer),
        contacts=[_contact(number, one) for one in contacts if one.label],
        attributes=_attributes(library, number, offer),
    )
    original = rows.originals.get((offer.id, None))
    return overlay.service(original, ours, rows, offer) if original else ours


def _place(library: Library, rows: Rows, place: Any) -> Document:  # noqa: ANN401
    number = library.id_of(Kind.SERVICE_AT_LOCATION, place.id)
    lines = rows.lines.get((place.offer_id, place.id), [])
    location = locations.location(
        library.vocabulary, library.id_of(Kind.LOCATION, place.place_id), place, library.region.state
    )
    ours = filled(
        id=number,
        description=place.note,
        schedules=hours.schedules(library, number, place.hours_text, lines, rows.place_names),
        location=location,
    )
    original = rows.originals.get((place.offer_id, place.id))
    return overlay.place(original, ours, rows, place) if original else ours


def _page(library: Library, number: str, offer: Any) -> Document:  # noqa: ANN401
    url = f"{library.pages}/angebot/{offer.slug}"
    return {"id": ids.part(number, "page"), "label": "Unterstützungs-Landkarte", "url": url}


def _phone(number: str, contact: Any) -> Document:  # noqa: ANN401
    return filled(
        id=ids.part(number, "phone", contact.id),
        number=contact.phone,
        type="voice",
        description=contact.label,
    )


def _contact(number: str, contact: Any) -> Document:  # noqa: ANN401
    # A function, never a person: docs/reference.
    return filled(
        id=ids.part(number, "contact", contact.id),
        title=contact.label,
        email=contact.email,
        phones=[_phone(number, contact)] if contact.phone else [],
    )


def _area(number: str, key: str, name: str) -> Document:
    return {"id": ids.part(number, "area", key), "name": name, "extent": key, "extent_type": SPACE_KEY}


def _costs(number: str, offer: Any) -> list[Document]:  # noqa: ANN401
    if offer.cost == Cost.UNKNOWN and not offer.cost_note:
        return []
    is_free = offer.cost in (Cost.FREE, Cost.COVERED)
    found = filled(
        id=ids.part(number, "cost"),
        option="" if offer.cost == Cost.UNKNOWN else str(offer.cost.value),
        currency=_CURRENCY if is_free else "",
        amount_description=offer.cost_note,
    )
    return [{**found, "amount": 0} if is_free else found]


def _attributes(library: Library, number: str, offer: Any) -> list[Document]:  # noqa: ANN401
    codes = [f"topic:{slug}" for slug in offer.topics] + [f"audience:{slug}" for slug in offer.audiences]
    codes += [f"cost:{offer.cost.value}", f"access:{offer.access.value}", f"level:{offer.resource_level}"]
    codes += [code for code, holds in {OUTREACH: offer.outreach, EXAMPLE: offer.is_example}.items() if holds]
    found = library.vocabulary.attributes("service", number, codes)
    if offer.summary:
        found.append(library.vocabulary.attribute("service", number, SUMMARY, offer.summary))
    return found
