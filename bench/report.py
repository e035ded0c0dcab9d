"""Writes docs/reference/performance.md from what lies in var/bench, whichever parts have been measured."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

from api.core.build import ROOT
from bench import chart
from bench.checks import Check, all_checks, import_checks
from bench.figures import said, table
from bench.results import FOLDER, Part, Result, load
from bench.search import section
from bench.search.checks import plan_checks, search_checks
from bench.sections import imports, machine, memory, ogc, regions, sizes, speed

PAGE: Final = ROOT / "docs" / "reference" / "performance.md"
PICTURE: Final = ROOT / "docs" / "bilder" / "speicher.svg"

FRAME: Final = Path(__file__).with_name("page.txt")


def write(page: Path = PAGE, picture: Path = PICTURE, folder: Path = FOLDER) -> list[Check]:
    """Write the page, and the picture if memory was watched; return the checks."""
    found = {part: load(part, folder) for part in get_args(Part)}
    checks = [
        *all_checks(found["speed"], found["ogc"], found["regions"], found["memory"]),
        *import_checks(found["imports"]),
        *search_checks(found["search"], found["search_regions"], found["search_http"], found["search_hours"]),
        *plan_checks(found["search_plans"]),
    ]
    watched = found["memory"]
    if watched:
        minutes = len(watched["rss"]) * watched["every_seconds"] / 60
        picture.write_text(chart.line(watched["rss"], minutes, "MB"), encoding="utf-8")
    page.write_text(render(found, checks), encoding="utf-8")
    return checks


def render(found: Mapping[Part, Result | None], checks: Sequence[Check]) -> str:
    """Return the page; what has not been measured says so."""
    head = ("Verhältnis", "verlangt", "gerechnet", "aus dem Speicher", "Ergebnis")
    return FRAME.read_text(encoding="utf-8").format(
        verdict=_verdict(checks),
        checks=table(head, [check.row() for check in checks]),
        speed=speed(found["speed"]),
        sizes=sizes(found["speed"]),
        ogc=ogc(found["ogc"]),
        regions=regions(found["regions"]),
        search=section.at_sizes(found["search"]),
        search_regions=section.one_of_many(found["search_regions"]),
        search_http=section.over_http(found["search_http"]),
        search_hours=section.with_hours(found["search_hours"]),
        imports=imports(found["imports"]),
        search_plans=section.plans(found["search_plans"]),
        memory=memory(found["memory"]),
        machine=machine(found),
    )


def _verdict(checks: Sequence[Check]) -> str:
    """Return one sentence that hides nothing."""
    measured = [check for check in checks if check.is_measured]
    missed = [check for check in measured if not check.is_kept]
    unmeasured = len(checks) - len(measured)
    parts = [f"**{len(measured) - len(missed)} von {len(measured)} gemessenen Zielen sind erreicht.**"]
    if missed:
        parts.append(f"Nicht erreicht: {'; '.join(check.promise for check in missed)}.")
    if unmeasured:
        parts.append(f"Noch nicht gemessen: {said(unmeasured, 0)}.")
    return " ".join(parts)
