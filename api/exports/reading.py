"""From a wish to rows: one for each offer at each place, read in parts so that no list is ever whole."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import BigInteger, RowMapping, bindparam, literal_column, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from api.core.languages import DEFAULT
from api.exports.columns import ACCESS, COLUMNS, COST, PRECISION, WHEELCHAIR, Cell, Row
from api.offers import queries
from api.offers.models import BY_NAME, Contact, Offer, OfferAtPlace
from api.places.queries import public_place
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from api.sources.models import Source, SourceRecord
from api.taxonomy.models import Audience, Topic

AT_ONCE: Final = 500  # offers read in one part
Where = tuple[int, int | None]  # ids of an offer and of an OfferAtPlace

# Views leave out what is hidden: docs/adr/0003.
_ROWS = text("""
  SELECT o.*, here.id AS at_place_id, here.place_id, provider.name AS organization,
    provider.website AS organization_website, at.name AS place_name, at.street, at.postcode, at.town,
    stadtteil.name AS space_name, at.lon, at.lat, at.precision, at.wheelchair,
    coalesce(at.address_hidden, false) AS address_hidden, here.note AS place_note,
    here.hours_text AS place_hours_text
  FROM unnest(:ids) WITH ORDINALITY AS wanted(id, position)
  JOIN offer o ON o.id = wanted.id
  LEFT JOIN organization provider ON provider.id = o.organization_id
  LEFT JOIN offer_at_place here ON here.offer_id = o.id
  LEFT JOIN public_place at ON at.id = here.place_id
  LEFT JOIN division residents ON residents.region_id = o.region_id AND residents.resident_level IS NOT NULL
  LEFT JOIN place_space lies ON lies.place_id = here.place_id AND lies.division_id = residents.id
    AND lies.level = residents.resident_level
  LEFT JOIN space stadtteil ON stadtteil.id = lies.space_id
  -- By what a place is called, not by its number: so the same entries make the same file in every map.
  ORDER BY wanted.position, at.name COLLATE "C" NULLS FIRST, at.street COLLATE "C", at.lon, at.lat,
    here.place_id
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


class Beside(NamedTuple):
    """What stands in other tables about the offers of one part."""

    contacts: Mapping[int, Sequence[Contact]]
    lines: Mapping[Where, list[dict[str, Any]]]
    sources: Mapping[int, Sequence[str]]


def ids(session: Session, wanted: queries.Wanted) -> list[int]:
    """Return the offers of a wish, by name."""
    found = select(col(Offer.id)).where(queries.conditions(wanted))
    return list(session.scalars(found.order_by(literal_column(BY_NAME), col(Offer.id))))


def rows(session: Session, wanted: queries.Wanted, origin: str) -> Iterator[Row]:
    """Yield the rows of a wish; origin: where the region's pages are found.

    An offer has a row for each place that is meant, or for all of them if it is not found by a place.
    """
    words = {table: _words(session, table) for table in (Topic, Audience)}
    found = ids(session, wanted)
    for start in range(0, len(found), AT_ONCE):
        part = found[start : start + AT_ONCE]
        beside = Beside(_contacts(session, part), _lines(session, part), _sources(session, part))
        meant = _meant(session, part, wanted)
        read = session.execute(_ROWS, {"ids": part}).mappings()
        for offer_id, group in groupby(read, key=lambda row: row["id"]):
            for row in _of_meant_places(list(group), meant):
                cells = {
                    **_offer(row, words[Topic], words[Audience]),
                    **_place(row),
                    **_contact(beside.contacts.get(offer_id, ())),
                    "Zeiten als Regeln": beside.lines.get((offer_id, None)),
                    "Zeiten an diesem Ort als Regeln": beside.lines.get((offer_id, row["at_place_id"]))
                    if row["at_place_id"]
                    else None,
                    "Quelle": "; ".join(beside.sources.get(offer_id, ())),
                    "In der Landkarte": f"{origin}/angebot/{row['slug']}",
                }
                yield tuple(cells[column.header] for column in COLUMNS)


def _offer(row: RowMapping, topics: Mapping[str, str], audiences: Mapping[str, str]) -> dict[str, Cell]:
    verified: date | None = row["verified_on"]
    return {
        # Letters keep spreadsheets from taking a key for a number or a day.
        "Schlüssel": f"A{row['id']}-O{row['place_id']}" if row["place_id"] else f"A{row['id']}",
        "Angebot": f"A{row['id']}",
        "Name": row["name"],
        "Kurzfassung": row["summary"],
        "Beschreibung": row["description"],
        "Anbieter": row["organization"],
        "Webseite des Anbieters": row["organization_website"],
        "Webseite": row["website"],
        "Sprechzeiten": row["hours_text"],
        "Alter von": row["min_age"],
        "Alter bis": row["max_age"],
        "Kosten": COST.get(row["cost"]),
        "Hinweis zu den Kosten": row["cost_note"],
        "Zugang": ACCESS.get(row["access"]),
        "Hinweis zum Zugang": row["access_note"],
        "Sprachen": row["languages"],
        "Themen": "; ".join(topics[slug] for slug in row["topics"] if slug in topics),
        "Themen (Kürzel)": row["topics"],
        "Zielgruppen": "; ".join(audiences[slug] for slug in row["audiences"] if slug in audiences),
        "Zielgruppen (Kürzel)": row["audiences"],
        "Ressourcenebene": row["resource_level"],
        "Kommt zu den Leuten": row["outreach"],
        "Kommt in die Räume": row["serves"],
        "Zuletzt geprüft": verified,
        "Erfundenes Beispiel": row["is_example"],
    }


def _place(row: RowMapping) -> dict[str, Cell]:
    return {
        "Haus": row["place_name"],
        "Straße": row["street"],
        "PLZ": row["postcode"],
        "Ort": row["town"],
        "Stadtteil": row["space_name"],
        "Länge": row["lon"],
        "Breite": row["lat"],
        "Punkt nach Adresse": PRECISION.get(row["precision"]),
        "Adresse verborgen": row["address_hidden"],
        "Rollstuhlgerecht": WHEELCHAIR.get(row["wheelchair"]),
        "Hinweis zum Ort": row["place_note"],
        "Sprechzeiten an diesem Ort": row["place_hours_text"],
    }


def _contact(found: Sequence[Contact]) -> dict[str, Cell]:
    first, others = (found[0], found[1:]) if found else (None, ())
    return {
        "Ansprechstelle": first.label if first else None,
        "Telefon": first.phone if first else None,
        "E-Mail": first.email if first else None,
        "Weitere Kontakte": "; ".join(
            ", ".join(filter(None, (one.label, one.phone, one.email))) for one in others
        ),
    }


def _of_meant_places(group: list[RowMapping], meant: frozenset[int] | None) -> list[RowMapping]:
    if meant is None:
        return group
    return [row for row in group if row["at_place_id"] in meant] or group


def _meant(session: Session, part: Sequence[int], wanted: queries.Wanted) -> frozenset[int] | None:
    """Return the ids of OfferAtPlace that answer the wish; None: it asks for no places."""
    if not wanted.filter.asks_for_places:
        return None
    found = select(col(OfferAtPlace.id)).where(
        col(OfferAtPlace.offer_id).in_(part), queries.matching_places(wanted)
    )
    return frozenset(session.scalars(found))


def _words(session: Session, table: type[Topic | Audience]) -> Mapping[str, str]:
    found = session.execute(select(col(table.slug), col(table.names)))
    return {slug: names.get(DEFAULT, slug) for slug, names in found}


def _contacts(session: Session, part: Sequence[int]) -> Mapping[int, Sequence[Contact]]:
    """Return whom to ask, in the order of the offer's page; never who is not public, nor a label alone."""
    stmt = select(Contact).where(
        col(Contact.offer_id).in_(part),
        col(Contact.is_public),
        col(Contact.phone).is_not(None) | col(Contact.email).is_not(None),
    )
    found: dict[int, list[Contact]] = defaultdict(list)
    for contact in session.scalars(stmt.order_by(col(Contact.id))):
        found[contact.offer_id].append(contact)
    return found


def _lines(session: Session, part: Sequence[int]) -> Mapping[Where, list[dict[str, Any]]]:
    """Return timetables as an import reads them: a place to which a date is moved by its name."""
    lines = schedules.lines(session, part)
    places = {one.place for line in lines for one in line.rule.deviations if one.place is not None}
    named = select(public_place.c.id, public_place.c.name).where(public_place.c.id.in_(places))
    names = {place_id: name for place_id, name in session.execute(named)} if places else {}  # noqa: C416
    found: dict[Where, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        said = ScheduleIn.of(line.rule)
        for one in said.deviations:
            one.place, one.place_name = None, names.get(one.place) if one.place else None
        found[line.offer_id, line.at_place_id].append(said.model_dump(mode="json", exclude_defaults=True))
    return found


def _sources(session: Session, part: Sequence[int]) -> Mapping[int, Sequence[str]]:
    stmt = (
        select(col(SourceRecord.offer_id), col(Source.attribution), col(Source.licence))
        .join(Source, col(Source.id) == col(SourceRecord.source_id))
        .where(col(SourceRecord.offer_id).in_(part))
        .distinct()
        .order_by(col(SourceRecord.offer_id), col(Source.attribution), col(Source.licence))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for offer_id, attribution, licence in session.execute(stmt):
        found[offer_id].append(attribution if licence in attribution else f"{attribution} ({licence})")
    return found
