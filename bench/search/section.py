"""The part of the page that tells of the search; what was not measured says so."""

from collections.abc import Mapping
from typing import Any, Final

from bench.figures import Rounds, middle, ratio, said, table, times
from bench.results import Result
from bench.search.checks import KINDS
from bench.search.figures import times_as_long
from bench.sections import TIMES, UNMEASURED

COMMAND: Final = "make bench search=1"
LABELS: Final[Mapping[str, str]] = {
    "ours": "unsere Suche",
    "postgres": "PostgreSQL",
    "postgres_plain": "PostgreSQL ohne `pg_trgm`",
    "tantivy": "Tantivy",
}
ASKED: Final[Mapping[str, str]] = {
    "new_p50": "neu: p50 in ms",
    "new_p95": "neu: p95 in ms",
    "known_p50": "bekannt: p50 in ms",
    "known_p95": "bekannt: p95 in ms",
}
ASKED_WHEN: Final[Mapping[str, str]] = {"any": "ohne Zeit", "now": "jetzt offen", "week": "diese Woche"}
WORKED_OUT: Final[Mapping[str, str]] = {
    "first": "wir, zum ersten Mal",
    "again": "wir, noch einmal",
    "dateutil": "python-dateutil, Regel für Regel",
}
PLANNED: Final[Mapping[str, str]] = {"plan": "ein Plan", "search": "eine Suche"}
SAVED: Final[Mapping[str, str]] = {"demo": "Beispielregion Lichtenberg", "made_up": "erfundene Region"}
SAVING: Final = (
    "Je Region 500 zufällige Familien mit zwei bis fünf Sorgen. Verglichen wird mit dem nächsten Angebot für"
    " jede Sorge, auf so wenige Wege gelegt wie möglich. Familien, deren nächste Angebote sich zeitlich"
    " ausschließen, stehen in der letzten Spalte und zählen bei den Wegen nicht mit."
)
TARGETS: Final[Mapping[str, str]] = {
    "1.select_1": "ein Prozess: `SELECT 1`",
    "1.first": "ein Prozess: Suche, gerechnet",
    "1.mixed": "ein Prozess: Suche mit Speicher, meist neue Fragen",
    "1.again": "ein Prozess: Suche aus dem Speicher",
    "2.select_1": "zwei Prozesse: `SELECT 1`",
    "2.first": "zwei Prozesse: Suche, gerechnet",
}


def at_sizes(found: Result | None) -> str:
    """Return the tables that set our search beside PostgreSQL and Tantivy."""
    if found is None:
        return UNMEASURED.format(COMMAND)
    sizes: Mapping[str, Any] = found["sizes"]
    asked = [
        (_label(offers, key), *(said(middle(rounds, name)) for name in ASKED))
        for offers, at in sizes.items()
        for key, rounds in at["rounds"].items()
    ]
    built = [
        (
            _label(offers, key),
            *(said(cost[name]) for name in ("seconds", "megabytes")),
            *(said(middle(at["rounds"][key], name)) for name in ("opening", "first")),
        )
        for offers, at in sizes.items()
        for key, cost in at["built"].items()
    ]
    rounds = [
        f"{len(at['rounds']['ours'])} bei {said(int(offers), 0)} Angeboten" for offers, at in sizes.items()
    ]
    head = ("Angebote", "Aufbau in s", "Index in MB", "Öffnen in ms", "erste Frage in ms")
    return "\n\n".join(
        (
            f"{said(found['questions'], 0)} Fragen in jeder Runde. Runden: {', '.join(rounds)}.",
            table(("Angebote", *ASKED.values()), asked),
            table(head, built),
        )
    )


def one_of_many(found: Result | None) -> str:
    """Return the table that compares one region alone with the same one among many."""
    if found is None:
        return UNMEASURED.format(COMMAND)
    rounds: Mapping[str, Rounds] = found["rounds"]
    rows = []
    for kind, label in KINDS:
        names = (f"{kind}_p50", f"{kind}_p95")
        figures = [said(middle(rounds[key], name)) for key in ("one", "many", "all") for name in names]
        longer = times_as_long(rounds["many"], rounds["one"], name=f"{kind}_p95")
        rows.append((label, *figures, said(longer, 2)))
    count, together = said(found["regions"], 0), said(found["open"], 0)
    head = (
        "Fragen",
        "allein: p50 in ms",
        "p95 in ms",
        f"eine von {count}: p50 in ms",
        "p95 in ms",
        f"alle {together}: p50 in ms",
        "p95 in ms",
        "Zeit",
    )
    return (
        f"Dieselbe Region mit {said(found['offers'], 0)} Angeboten, einmal allein und einmal als eine von"
        f" {count}. Dort sind {together} Regionen zugleich geöffnet und werden durcheinander gefragt, diese"
        " eine dasselbe wie allein. „Zeit“ ist ihr p95 dort, geteilt durch das allein.\n\n"
        + table(head, rows)
    )


def over_http(found: Result | None) -> str:
    """Return the table of throughput with one process and with two."""
    if found is None:
        return UNMEASURED.format(COMMAND)
    samples = found["samples"]
    rows = [
        (label, *times(samples, key), said(ratio(samples[key], samples[f"{key[0]}.select_1"]), 2))
        for key, label in TARGETS.items()
    ]
    gained = said(ratio(samples["2.first"], samples["1.first"]), 2)
    rounds = said(len(samples["1.first"]), 0)
    return (
        f"`GET /api/v1/search` bei {said(found['offers'], 0)} Angeboten, {rounds} Runden, je Ziel"
        f" {said(found['seconds'], 0)} Sekunden.\n\n"
        + table(("Ziel", *TIMES, ": `SELECT 1`"), rows)
        + f"\n\nZwei Prozesse beantworten {gained}-mal so viele Fragen wie einer."
    )


def with_hours(found: Result | None) -> str:
    """Return the tables of searches for what takes place at a time, and of dates worked out."""
    if found is None:
        return UNMEASURED.format(COMMAND)
    asked = [(label, said(middle(found["rounds"], name))) for name, label in ASKED_WHEN.items()]
    dates = found["dates"]["rounds"]
    worked_out = [(label, said(middle(dates, name))) for name, label in WORKED_OUT.items()]
    offers, rules = said(found["offers"], 0), said(found["dates"]["rules"], 0)
    return "\n\n".join(
        (
            f"{offers} Angebote mit Zeiten an jedem Ort; die Wörter der Fragen sind einmal nachgeschlagen.",
            table(("Frage", "p95 in ms"), asked),
            f"Alle Termine von 52 Wochen für {rules} Regeln, nichts auf Vorrat gespeichert:",
            table(("Weg", "Rechenzeit in s"), worked_out),
        )
    )


def plans(found: Result | None) -> str:
    """Return how long a family plan takes beside a search, and how many ways plans save."""
    if found is None:
        return UNMEASURED.format(COMMAND)
    times_of = [(label, said(middle(found["rounds"], key))) for key, label in PLANNED.items()]
    saved: Mapping[str, Mapping[str, Any]] = found["saved"]
    numbers = sorted({int(number) for one in saved.values() for number in one["saved"]} - {-1})
    head = (
        "Region",
        "Angebote",
        "Dächer mit mehreren Angeboten",
        "Wege zum je nächsten",
        "Wege im Plan",
        *(f"{number} gespart" for number in numbers),
        "mehr Sorgen gelöst",
    )
    rows = [
        (
            label,
            said(saved[key]["offers"], 0),
            f"{said(100 * saved[key]['shared'], 0)} %",
            said(saved[key]["nearest"], 0),
            said(saved[key]["planned"], 0),
            *(said(saved[key]["saved"].get(str(number), 0), 0) for number in numbers),
            said(saved[key]["saved"].get("-1", 0), 0),
        )
        for key, label in SAVED.items()
    ]
    return "\n\n".join(
        (
            f"{said(found['offers'], 0)} Angebote mit Zeiten; Pläne und Suchen im Wechsel.",
            table(("Frage", "p95 in ms"), times_of),
            SAVING,
            table(head, rows),
        )
    )


def _label(offers: str, key: str) -> str:
    return f"{said(int(offers), 0)}: {LABELS[key]}"
