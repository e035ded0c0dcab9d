"""The tables of HSDS 3.1: columns, which of them must be filled, and what the rows of each belong to."""

from typing import Any, Final, NamedTuple

Document = dict[str, Any]


class Table(NamedTuple):
    """A table of the tabular form; refers: column → table whose id stands in it."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return the name of the file."""
        return f"{_FILES.get(self.name, self.name)}.csv"


# Where the file is not called as the list in JSON.
_FILES: Final = {
    "service_at_locations": "service_at_location", "capacities": "service_capacity", "additional_urls": "url"
}  # fmt: skip
# Column → table in which its identifiers stand.
REFERS: Final = {
    "organization_id": "organizations", "program_id": "programs", "service_id": "services",
    "location_id": "locations", "service_at_location_id": "service_at_locations",
    "contact_id": "contacts", "phone_id": "phones", "taxonomy_term_id": "taxonomy_terms",
    "taxonomy_id": "taxonomies", "unit_id": "units",
}  # fmt: skip
_ANY: Final = ("service_id", "location_id", "service_at_location_id", "organization_id")


def _table(name: str, columns: str, required: str = "", refers: tuple[str, ...] = ()) -> Table:
    return Table(name, ("id", *refers, *columns.split()), ("id", *required.split()), refers)


TABLES: Final = {
    table.name: table
    for table in (
        _table(
            "organizations",
            "name alternate_name description email website tax_status tax_id year_incorporated legal_status"
            " logo uri parent_organization_id",
            "name description",
        ),
        _table("programs", "name alternate_name description", "name description", ("organization_id",)),
        _table(
            "services",
            "name alternate_name description url email status interpretation_services application_process"
            " fees_description wait_time fees accreditations eligibility_description minimum_age maximum_age"
            " assured_date assurer_email licenses alert last_modified",
            "organization_id name status",
            ("organization_id", "program_id"),
        ),
        _table(
            "locations",
            "location_type url name alternate_name description transportation latitude longitude"
            " external_identifier external_identifier_type",
            "location_type",
            ("organization_id",),
        ),
        _table(
            "service_at_locations", "description", "service_id location_id", ("service_id", "location_id")
        ),
        _table(
            "addresses",
            "attention address_1 address_2 city region state_province postal_code country address_type",
            "address_1 city state_province postal_code country address_type",
            ("location_id",),
        ),
        _table("contacts", "name title department email", "", _ANY),
        _table("phones", "number extension type description", "number", (*_ANY, "contact_id")),
        _table(
            "schedules",
            "valid_from valid_to dtstart timezone until count wkst freq interval byday byweekno bymonthday"
            " byyearday description opens_at closes_at schedule_link attending_type notes",
            "",
            ("service_id", "location_id", "service_at_location_id"),
        ),
        _table("languages", "name code note", "", ("service_id", "location_id", "phone_id")),
        _table("accessibility", "description details url", "", ("location_id",)),
        _table(
            "service_areas",
            "name description extent extent_type uri",
            "",
            ("service_id", "service_at_location_id"),
        ),
        _table(
            "cost_options",
            "valid_from valid_to option currency amount amount_description",
            "service_id",
            ("service_id",),
        ),
        _table("required_documents", "document uri", "", ("service_id",)),
        _table("funding", "source", "", ("organization_id", "service_id")),
        _table("additional_urls", "label url", "url", ("organization_id", "service_id")),
        _table(
            "organization_identifiers",
            "identifier_scheme identifier_type identifier",
            "organization_id identifier_type identifier",
            ("organization_id",),
        ),
        _table("units", "name scheme identifier uri", "name"),
        _table(
            "capacities",
            "available maximum description updated",
            "service_id unit_id available updated",
            ("service_id", "unit_id"),
        ),
        _table("taxonomies", "name description uri version", "name description"),
        _table(
            "taxonomy_terms",
            "code name description parent_id taxonomy language term_uri",
            "name description",
            ("taxonomy_id",),
        ),
        _table(
            "attributes",
            "link_id link_type link_entity value label",
            "link_id taxonomy_term_id link_entity",
            ("taxonomy_term_id",),
        ),
        _table(
            "metadata",
            "resource_id resource_type last_action_date last_action_type field_name previous_value"
            " replacement_value updated_by",
            "resource_id resource_type last_action_date last_action_type field_name previous_value"
            " replacement_value updated_by",
        ),
    )
}
NUMBERS: Final = frozenset(
    {
        "minimum_age", "maximum_age", "latitude", "longitude", "extension", "timezone", "count", "interval",
        "amount", "available", "maximum", "year_incorporated",
    }
)  # fmt: skip


def resource(table: Table) -> Document:
    """Return how a table is described in datapackage.json (Frictionless, Data Package)."""
    keys = [
        {"fields": column, "reference": {"resource": REFERS[column], "fields": "id"}}
        for column in table.refers
    ]
    schema: Document = {"fields": [_field(table, column) for column in table.columns], "primaryKey": "id"}
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "path": table.path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(table: Table, column: str) -> Document:
    found: Document = {"name": column, "type": "number" if column in NUMBERS else "string"}
    limits = {}
    if column == "id":
        limits["unique"] = True
    if column in table.required:
        limits["required"] = True
    return {**found, "constraints": limits} if limits else found
