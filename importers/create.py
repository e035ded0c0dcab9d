"""New entries, many rows at a time: each table is written with one statement."""

from collections.abc import Sequence
from typing import Any

from api.history import service as history
from api.offers import service as offers
from api.offers.models import Status
from api.offers.schemas import OfferIn
from api.organizations import service as organizations
from api.places import together
from api.places.together import Found
from api.schedules import service as schedules
from api.sources.models import SourceRecord
from importers import hours
from importers.existing import Parts, present, same
from importers.record import AT_PLACE, Entry, Record
from importers.run import Run

Row = dict[str, Any]


def create(run: Run, entries: Sequence[Entry]) -> None:
    """Add an offer for each row, with provider, contact, place and hours, and remember what was written."""
    records = [_record(entry) for entry in entries]
    providers = _providers(run, records)
    new_offers = _offers(run, records, providers)
    ids = offers.create_many(run.session, run.act, new_offers, run.slugs)
    contacts = {
        number: record.contact.model_dump()
        for number, record in zip(ids, records, strict=True)
        if record.has_contact
    }
    offers.add_contacts(
        run.session, run.act, [{"offer_id": number, **row} for number, row in contacts.items()]
    )
    of_offer = dict(zip(ids, records, strict=True))
    places = _places(run, of_offer)
    at_places = _at_places(run, of_offer, places)
    _write_hours(run, of_offer, at_places)
    told = hours.present(
        run.session, [number for number, record in of_offer.items() if _names_places(record)]
    )
    rows = []
    for entry, offer, number in zip(entries, new_offers, ids, strict=True):
        record, at_place = of_offer[number], at_places.get(number)
        lines = record.schedules
        place_lines = record.place_schedules if at_place else []
        if _names_places(record):
            lines = told.get((number, None), [])
            place_lines = told.get((number, at_place), [])
        now = present(
            Parts(
                offer.model_dump(),
                places[number].values if number in places else None,
                _at(record) if at_place else None,
                contacts.get(number),
                providers[record.organization]._asdict() if record.organization else None,
                lines,
                place_lines,
            )
        )
        mapped = {field: value for field, value in record.values().items() if same(value, now[field])}
        rows.append(
            {
                "source_id": run.source.id,
                "key": entry.key,
                "offer_id": number,
                "offer_at_place_id": at_place,
                "raw": entry.raw,
                "mapped": mapped,
            }
        )
        if entry.offer_key:
            run.groups[entry.offer_key] = number
    history.create_many(run.session, run.act, SourceRecord, rows)


def _record(entry: Entry) -> Record:
    assert entry.record is not None
    return entry.record


def _providers(run: Run, records: Sequence[Record]) -> dict[str, organizations.Provider]:
    websites: dict[str, str | None] = {}
    for record in records:
        if record.organization:
            websites.setdefault(record.organization, record.organization_website)
    return organizations.all_named(run.session, run.act, websites)


def _offers(
    run: Run, records: Sequence[Record], providers: dict[str, organizations.Provider]
) -> list[OfferIn]:
    told = run.mapping.source
    extra = {"status": Status.PUBLISHED, "is_example": told.examples, "verified_on": told.date}
    return [
        record.offer.model_copy(
            update={
                "organization_id": providers[record.organization].id if record.organization else None,
                **extra,
            }
        )
        for record in records
    ]


def _places(run: Run, of_offer: dict[int, Record]) -> dict[int, Found]:
    """Return the places of the offers that have one."""
    placed = {number: record for number, record in of_offer.items() if record.has_place}
    wanted = [record.place for record in placed.values()]
    return dict(zip(placed, together.at_addresses(run.session, run.act, wanted), strict=True))


def _at_places(run: Run, of_offer: dict[int, Record], places: dict[int, Found]) -> dict[int, int]:
    """Let the offers take place there; return the ids of OfferAtPlace."""
    rows = [
        {"offer_id": number, "place_id": place.id, **_at(of_offer[number])}
        for number, place in places.items()
    ]
    return dict(zip(places, offers.attach_many(run.session, run.act, rows), strict=True))


def _at(record: Record) -> Row:
    return {column: getattr(record, field) for field, column in AT_PLACE.items()}


def _write_hours(run: Run, of_offer: dict[int, Record], at_places: dict[int, int]) -> None:
    said: list[tuple[int, int | None, hours.Lines]] = []
    for number, record in of_offer.items():
        said.append((number, None, record.schedules))
        if number in at_places:
            said.append((number, at_places[number], record.place_schedules))
    lines = [(number, place, hours.lines(run.session, run.act, told)) for number, place, told in said if told]
    schedules.create_many(run.session, run.act, lines)


def _names_places(record: Record) -> bool:
    """Return whether hours name other places, which may be found or not."""
    lines = (*record.schedules, *record.place_schedules)
    return any(one.get("place") or one.get("place_name") for line in lines for one in line["deviations"])
