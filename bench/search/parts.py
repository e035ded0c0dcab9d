"""The parts of measuring the search: each can run alone, and keeps its own results."""

from typing import Final

from bench import results
from bench.search.hours import with_hours
from bench.search.http import over_http
from bench.search.measure import at_sizes, one_of_many
from bench.search.plans import beside_searches
from ops.progress import step

PARTS: Final = ("sizes", "regions", "http", "hours", "plans")
PACKAGES: Final = ("whoosh3", "numpy", "rapidfuzz", "psycopg")


def measure(part: str, rounds: int, seconds: int, *, afresh: bool) -> None:
    """Measure one of the parts and keep what was found."""
    match part:
        case "sizes":
            with step("Suchmaschinen vergleichen") as say:
                installation, found = at_sizes(say, rounds, afresh=afresh)
            results.save("search", installation, found, (*PACKAGES, "tantivy"))
        case "regions":
            with step("Suche in vielen Regionen") as say:
                installation, found = one_of_many(say, rounds, afresh=afresh)
            results.save("search_regions", installation, found, PACKAGES)
        case "hours":
            with step("Suche nach Zeiten") as say:
                installation, found = with_hours(say, rounds, afresh=afresh)
            results.save("search_hours", installation, found, (*PACKAGES[:-1], "python-dateutil"))
        case "plans":
            with step("Familienpläne neben der Suche") as say:
                installation, found = beside_searches(say, rounds, afresh=afresh)
            results.save("search_plans", installation, found, PACKAGES)
        case _:
            with step("Suche über HTTP") as say:
                installation, found = over_http(say, rounds, seconds, afresh=afresh)
            results.save("search_http", installation, found, (*results.PACKAGES, *PACKAGES[:-1]))
