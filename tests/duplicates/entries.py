"""The real entries of the demo region, as the import understands them, with the fields that are compared."""

from pathlib import Path

from importers.cells import Vocabulary
from importers.normalize import Normalizer
from importers.record import Record
from importers.run import prepare

LISTS = Path(__file__).parents[2] / "data" / "lichtenberg"
COMPARED = (
    "name", "organization", "street", "postcode", "town", "lon", "lat", "address_hidden", "phone", "email",
    "website",
)  # fmt: skip
NO_WORDS = Vocabulary(frozenset(), frozenset(), frozenset())


def real_entries() -> dict[str, Record]:
    """Every entry of every list whose address is public, by "list:key"."""
    found = {}
    for path in sorted((LISTS / "mappings").glob("*.toml")):
        job = prepare(next((LISTS / "offers").glob(f"{path.stem}.*")), path)
        fields = {name: cell for name, cell in job.mapping.fields.items() if name in COMPARED}
        defaults = {name: cell for name, cell in job.mapping.defaults.items() if name in COMPARED}
        mapping = job.mapping.model_copy(update={"fields": fields, "defaults": defaults, "rules": []})
        for entry in map(Normalizer(mapping, NO_WORDS).entry, job.found):
            if entry.record is not None and not entry.record.address_hidden:
                found[f"{path.stem}:{entry.key}"] = entry.record
    return found
