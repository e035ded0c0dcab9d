"""Documents of HSDS laid flat: the rows of its tables, each entry once."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from api.hsds import ids
from api.hsds.tables import TABLES

Document = dict[str, Any]

UNKNOWN: Final = "–"  # where a table wants what nobody has said
# The table wants a provider for each service.
NOBODY: Final = {
    "id": ids.of_everywhere("organization", "unknown"),
    "name": UNKNOWN,
    "description": "The source does not say who provides the service",
}
# Name in JSON → table, for single objects and where the names differ.
SINGLE: Final = {
    "organization": ("organizations", "organization_id"),
    "program": ("programs", "program_id"),
    "location": ("locations", "location_id"),
    "unit": ("units", "unit_id"),
    "taxonomy_term": ("taxonomy_terms", "taxonomy_term_id"),
    "taxonomy_detail": ("taxonomies", "taxonomy_id"),
}
OTHER: Final = {"additional_websites": "additional_urls"}
# What a row of a table is called by those that belong to it.
ENTITY: Final = {
    "organizations": "organization", "programs": "program", "services": "service", "locations": "location",
    "service_at_locations": "service_at_location", "contacts": "contact", "phones": "phone",
    "addresses": "address", "schedules": "schedule", "languages": "language", "funding": "funding",
    "service_areas": "service_area", "cost_options": "cost_option", "required_documents": "required_document",
    "additional_urls": "url", "organization_identifiers": "organization_identifier", "units": "unit",
    "capacities": "service_capacity", "taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
    "attributes": "attribute", "accessibility": "accessibility",
}  # fmt: skip


class Row(NamedTuple):
    """A row of a table, with what belongs together brought together."""

    table: str
    values: Document


def rows(service: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of a service with all that belongs to it; what is said twice comes once."""
    found: dict[tuple[str, str], Document] = {}
    _lay(found, "services", {"organization": NOBODY, **service}, {})
    yield from _in_order(found)


def term_rows(term: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of a term and of its taxonomy."""
    found: dict[tuple[str, str], Document] = {}
    _lay(found, "taxonomy_terms", term, {})
    yield from _in_order(found)


def _in_order(found: dict[tuple[str, str], Document]) -> Iterator[Row]:
    for (table, number), values in found.items():
        refers = [column for column in TABLES[table].refers if column in TABLES[table].required]
        if all(values.get(column) for column in refers):  # else it belongs to nothing that is known
            yield Row(table, _complete(table, {**values, "id": number}))


def _lay(
    found: dict[tuple[str, str], Document], table: str, one: Mapping[str, Any], belongs: Mapping[str, str]
) -> None:
    """Note a document and all within; belongs: columns that say what it belongs to."""
    number, columns = str(one["id"]), TABLES[table].columns
    row = found.setdefault((table, number), {})
    entity = ENTITY.get(table, "")
    inside = {f"{entity}_id": number}
    for name, value in one.items():
        if name in SINGLE and isinstance(value, dict):
            where, column = SINGLE[name]
            # A unit, a term or a provider belongs to nobody; a location lies in the middle.
            _lay(found, where, value, {})
            row.setdefault(column, value["id"])
        elif isinstance(value, list):
            where = OTHER.get(name, name)
            about = {"link_id": number, "link_entity": entity} if where == "attributes" else inside
            if where == "metadata":
                about = {"resource_id": number, "resource_type": entity}
            for part in value if where in TABLES else ():
                _lay(found, where, part, about)
        elif name in columns and name not in TABLES[table].refers:
            row.setdefault(name, value)
    for column, value in belongs.items():
        if column in columns:
            row.setdefault(column, value)


def _complete(table: str, row: Document) -> Document:
    """Return a row in the order of the columns, with a sign where the table wants what nobody has said."""
    required = TABLES[table].required
    return {
        column: UNKNOWN if column in required and row.get(column) in (None, "") else row.get(column)
        for column in TABLES[table].columns
    }
