"""What was promised of the search, and whether the figures keep it."""

from collections.abc import Iterator
from statistics import median
from typing import Final

from bench.checks import MOST_TIMES_SLOWER, Check
from bench.figures import ratio, said
from bench.results import Result
from bench.schedules import times_faster
from bench.search.figures import OURS, POSTGRES, TANTIVY, times_as_long

NEW_AS_LONG: Final = {"2500": 2.0, "10000": 4.0}  # as PostgreSQL, by offers
KNOWN_AS_LONG: Final = 5.0  # as Tantivy
KNOWN_AT: Final = "10000"
OF_SELECT_1: Final = 0.15
WITH_A_TIME: Final = 1.5
TIMES_FASTER: Final = 20.0
KINDS: Final = (("new", "neue Wörter"), ("known", "bekannte Fragen"))


def search_checks(
    sizes: Result | None, regions: Result | None, http: Result | None, hours: Result | None
) -> Iterator[Check]:
    """Yield every promise with what was measured so far; each has one figure, as no answer is remembered."""
    for offers, bound in NEW_AS_LONG.items():
        promise = f"Suche, {said(int(offers), 0)} Angebote, neue Wörter: p95 : PostgreSQL"
        yield Check(promise, bound, _compare(sizes, offers, POSTGRES, "new_p95"), at_most=True)
    promise = f"Suche, {said(int(KNOWN_AT), 0)} Angebote, bekannte Fragen: p50 : Tantivy"
    compared = _compare(sizes, KNOWN_AT, (TANTIVY,), "known_p50")
    yield Check(promise, KNOWN_AS_LONG, compared, at_most=True)
    for kind, label in KINDS:
        compared = None
        if regions:
            found = regions["rounds"]
            compared = times_as_long(found["many"], found["one"], name=f"{kind}_p95")
        promise = f"Suche, {label}: p95 bei vielen Regionen : bei einer"
        yield Check(promise, MOST_TIMES_SLOWER, compared, at_most=True)
    for workers, label in ((1, "ein Prozess"), (2, "zwei Prozesse")):
        samples = http["samples"] if http else None
        compared = ratio(samples[f"{workers}.first"], samples[f"{workers}.select_1"]) if samples else None
        yield Check(f"Suche über HTTP, {label} : `SELECT 1`", OF_SELECT_1, compared)
    for when, label in (("now", "jetzt offen"), ("week", "diese Woche")):
        compared = median(one[when] / one["any"] for one in hours["rounds"]) if hours else None
        yield Check(f"Suche mit „{label}“: p95 : ohne", WITH_A_TIME, compared, at_most=True)
    compared = times_faster(hours["dates"]) if hours else None
    yield Check("52 Wochen für 10.000 Regeln: dateutil : wir", TIMES_FASTER, compared)


def plan_checks(plans: Result | None) -> list[Check]:
    """Return what was promised for family plans."""
    longer = median(one["plan"] / one["search"] for one in plans["rounds"]) if plans else None
    return [Check("Familienplan, 10.000 Angebote: p95 : eine Suche", 5, longer, at_most=True)]


def _compare(sizes: Result | None, offers: str, others: tuple[str, ...], name: str) -> float | None:
    """Return how many times as long as the fastest of the others we take at a size, if it was measured."""
    if not sizes or offers not in sizes["sizes"]:
        return None
    rounds = sizes["sizes"][offers]["rounds"]
    return times_as_long(rounds[OURS], *(rounds[other] for other in others), name=name)
