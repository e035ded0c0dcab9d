"""Tables of HSDS, in a folder or a ZIP archive: put together to services as the JSON of HSDS has them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any, Final

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import archive, csv, limits

Record = dict[str, Any]
Tables = dict[str, list[Record]]
# Name in JSON → table, of 3.x and of 1.1.
OF_SERVICES: Final = {
    "languages": ("languages",), "service_areas": ("service_areas",), "cost_options": ("cost_options",),
    "required_documents": ("required_documents",), "contacts": ("contacts",), "phones": ("phones",),
    "schedules": ("schedules", "regular_schedules"),
}  # fmt: skip
OF_LOCATIONS: Final = {
    "addresses": ("addresses", "physical_addresses"), "accessibility": ("accessibility",),
    "languages": ("languages",), "contacts": ("contacts",), "phones": ("phones",),
    "schedules": ("schedules", "regular_schedules"),
}  # fmt: skip
OF_PLACES: Final = {"contacts": ("contacts",), "phones": ("phones",), "schedules": ("schedules",)}
OF_ORGANIZATIONS: Final = {"contacts": ("contacts",), "phones": ("phones",)}
AT: Final = ("service_at_location", "service_at_locations")


def services(path: Path, table: FileTable) -> Iterator[Record]:
    """Yield the services with all that belongs to them."""
    tables = _tables(path, table)
    locations = {
        one["id"]: one | _with(one, "location_id", OF_LOCATIONS, tables) for one in tables["locations"]
    }
    organizations = {
        one["id"]: one | _with(one, "organization_id", OF_ORGANIZATIONS, tables)
        for one in tables["organizations"]
    }
    places = defaultdict(list)
    for place in (one for name in AT for one in tables[name]):
        extra = _with(place, "service_at_location_id", OF_PLACES, tables)
        places[place.get("service_id")].append(place | extra | _at(place.get("location_id"), locations))
    terms = {one.get("id"): one for one in tables["taxonomy_terms"]}
    attributes = defaultdict(list)
    for one in tables["attributes"]:
        if term := terms.get(one.get("taxonomy_term_id")):
            attributes[one.get("link_id")].append(one | {"taxonomy_term": term})
    for service in tables["services"]:
        found = service | _with(service, "service_id", OF_SERVICES, tables)
        found["service_at_locations"] = places[service["id"]]
        if not places[service["id"]] and service.get("location_id"):  # 1.1
            found["service_at_locations"] = [_at(service["location_id"], locations)]
        found["attributes"] = attributes[service["id"]] or [{"name": word} for word in _keywords(service)]
        owner = service.get("organization_id") or next(
            (
                one["location"].get("organization_id")
                for one in found["service_at_locations"]
                if one.get("location")
            ),
            None,
        )
        found["organization"] = organizations.get(owner)
        yield found


def _keywords(service: Record) -> list[str]:
    return [word.strip() for word in str(service.get("keywords") or "").split(",") if word.strip()]


def _at(location_id: object, locations: dict[Any, Record]) -> Record:
    return {"location": locations[location_id]} if location_id in locations else {}


def _with(one: Record, reference: str, parts: Mapping[str, tuple[str, ...]], tables: Tables) -> Record:
    """Return the lists of what refers to a record."""
    found = {}
    for name, sources in parts.items():
        lines = [line for source in sources for line in tables[f"{source}/{reference}/{one['id']}"]]
        if lines:
            found[name] = lines
    return found


def _tables(path: Path, table: FileTable) -> Tables:
    with TemporaryDirectory() as folder:
        if path.is_dir():
            root = path
        else:
            root = Path(folder)
            _unpack(path, root)
        found: Tables = defaultdict(list)
        for part in sorted(root.glob("*.csv")):
            limits.check_size(part)
            for row in limits.within(csv.read(part, _plain(table)), part.name):
                if row.problem or not row.values.get("id", "-"):
                    raise UnusableError(f"{part.name}, Zeile {row.number}: {row.problem or 'id fehlt'}.")
                found[part.stem].append(row.values)
                for name, value in row.values.items():
                    if name.endswith("_id") and value:
                        found[f"{part.stem}/{name}/{value}"].append(row.values)
    if not found["services"]:
        raise UnusableError(f"{path.name}: Hier fehlt die Tabelle services.csv mit den Diensten.")
    return found


def _plain(table: FileTable) -> FileTable:
    """Return how each of the tables is read: each begins with its header."""
    return FileTable(key=table.key, encoding=table.encoding, delimiter=table.delimiter, header=1)


def _unpack(path: Path, folder: Path) -> None:
    with archive.opened(path) as opened:
        archive.check_not_nested(opened, path)
        for member in archive.files(opened):
            if archive.ending(member) == ".csv":
                name = PurePosixPath(member.filename).name
                (folder / name).write_bytes(archive.contents(opened, member))
