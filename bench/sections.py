"""The parts of the page, each from its own results; a part that was not measured says so."""

from collections.abc import Mapping
from typing import Final

from bench.figures import middle, ratio, said, table, times
from bench.results import Part, Result

UNMEASURED: Final = "Noch nicht gemessen: `{}`."
TIMES: Final = ("pro Sekunde", "p50 in ms", "p95 in ms")
SIZES: Final[Mapping[str, str]] = {
    "points": "Kartenpunkte",
    "geojson": "dieselben Punkte als GeoJSON",
    "list": "Liste (API, 20 Angebote)",
    "start": "Startseite",
    "page": "Listenseite",
}
REGIONS: Final[Mapping[str, str]] = {
    "list": "Liste (API)",
    "points": "Kartenpunkte",
    "start": "Startseite",
}
IMPORTS: Final[Mapping[str, str]] = {
    "copy": "dieselben Zeilen mit `COPY` in eine Tabelle aus Texten",
    "new": "Einlesen: prüfen, vergleichen, schreiben, mit Geschichte",
    "again": "noch einmal einlesen, nichts hat sich geändert",
}
PARTS: Final[Mapping[Part, str]] = {
    "speed": "Eine Region",
    "ogc": "OGC API",
    "regions": "Viele Regionen",
    "search": "Suche, Vergleich",
    "search_regions": "Suche, viele Regionen",
    "search_http": "Suche über HTTP",
    "search_hours": "Suche nach Zeiten",
    "search_plans": "Familienpläne",
    "memory": "Speicher",
    "imports": "Einlesen",
}
KINDS: Final = (("first", "gerechnet"), ("again", "aus dem Speicher"))


def speed(found: Result | None) -> str:
    """Return the tables of what one region answers, and of what stands beside it."""
    if found is None:
        return UNMEASURED.format("make bench")
    samples, labels = found["samples"], found["labels"]
    answers = [key.removesuffix(".first") for key in labels if key.endswith(".first")]
    rows = [
        (labels[f"{key}.first"], *times(samples, f"{key}.first"), *times(samples, f"{key}.again"))
        for key in answers
    ]
    repeated = [(labels[key], *times(samples, key)) for key in labels if key.endswith(".304")]
    beside = [
        (labels[key], *times(samples, key))
        for key in labels
        if key.rpartition(".")[2] not in {"first", "again", "304"}
    ]
    kinds = (*(f"gerechnet: {name}" for name in TIMES), *(f"Speicher: {name}" for name in TIMES))
    rounds = len(samples["select_1"])
    return "\n\n".join(
        (
            f"{rounds} Runden, je Ziel {said(found['seconds'], 0)} Sekunden.",
            table(("Antwort", *kinds), rows),
            "Wer die jetzige Antwort schon hat, bekommt nur die Bestätigung (304):",
            table(("Antwort", *TIMES), repeated),
            f"Zum Vergleich, in denselben Runden (tipg {found['tipg']}):",
            table(("Ziel", *TIMES), beside),
        )
    )


def sizes(found: Result | None) -> str:
    """Return the table of sizes in kilobytes."""
    if found is None:
        return UNMEASURED.format("make bench")
    encodings = ("identity", "gzip", "br", "zstd")
    rows = [
        (
            SIZES[key],
            *(said(bytes_[name] / 1000, 1) if name in bytes_ else "–" for name in encodings),
        )
        for key, bytes_ in found["sizes"].items()
    ]
    return table(("Kilobyte", "ungepackt", "gzip", "br", "zstd"), rows)


def ogc(found: Result | None) -> str:
    """Return the table of features and tiles beside the two general servers."""
    if found is None:
        return UNMEASURED.format("make bench ogc=1")
    samples, questions = found["samples"], found["questions"]
    rows = []
    for key, label in questions.items():
        for name, target in (
            ("wir, gerechnet", f"ours.{key}.first"),
            ("wir, aus dem Speicher", f"ours.{key}.again"),
            (f"tipg {found['tipg']}", f"tipg.{key}"),
            (f"pygeoapi {found['pygeoapi']}", f"pygeoapi.{key}"),
        ):
            size = said(found["sizes"][target] / 1000, 0)
            rows.append((label, name, *times(samples, target), size))
    return table(("Frage", "Wer", *TIMES, "Kilobyte"), rows)


def regions(found: Result | None) -> str:
    """Return the table that compares one region alone with the same one among many."""
    if found is None:
        return UNMEASURED.format("make bench regions=400")
    samples = found["samples"]
    rows = []
    for key, label in REGIONS.items():
        for kind, name in KINDS:
            one, many = f"one.{key}.{kind}", f"many.{key}.{kind}"
            slower = said(ratio(samples[one], samples[many]), 2)
            rows.append((f"{label}, {name}", *times(samples, one)[:2], *times(samples, many)[:2], slower))
    count = said(found["regions"], 0)
    head = (
        "Antwort",
        "allein: pro Sekunde",
        "p50 in ms",
        f"eine von {count}: pro Sekunde",
        "p50 in ms",
        "Zeit",
    )
    return (
        f"Dieselbe Region mit {said(found['offers'], 0)} Angeboten, einmal allein und einmal als eine von"
        f" {count} mit zusammen {said(found['regions'] * found['offers'], 0)} Angeboten. „Zeit“ ist, wie viel"
        " länger eine Anfrage in der großen Anlage braucht.\n\n" + table(head, rows)
    )


def imports(found: Result | None) -> str:
    """Return the table of a large list that goes in, beside a bare COPY."""
    if found is None:
        return UNMEASURED.format('make bench args="--without-speed --imports 100000"')
    samples = found["samples"]
    rows = [
        (
            label,
            said(middle(samples[kind], "per_second"), 0),
            said(ratio(samples[kind], samples["copy"]), 3),
            said(max(sample["megabytes"] for sample in samples[kind]), 0) if kind != "copy" else "–",
        )
        for kind, label in IMPORTS.items()
    ]
    head = ("Was", "Zeilen pro Sekunde", "Anteil an COPY", "Speicher höchstens, MB")
    return (
        f"Eine CSV-Datei mit {said(found['rows'], 0)} Zeilen in eine Region mit Raumeinteilungen"
        f" und {said(found['offers'], 0)} Angeboten; Runden: {len(samples['copy'])}, jede mit einer"
        " neuen Datenbank. Gemessen wird der ganze Befehl, vom Start bis zum Bericht.\n\n" + table(head, rows)
    )


def memory(found: Result | None) -> str:
    """Return the figures of a worker's memory, and the picture."""
    if found is None:
        return UNMEASURED.format("make bench minutes=30")
    rss, every = found["rss"], found["every_seconds"]
    minutes = len(rss) * every / 60
    first = rss[min(int(60 / every), len(rss) - 1)]
    failed = len(found["failures"])
    rows = [
        ("Dauer", f"{said(minutes, 0)} Minuten"),
        ("nach einer Minute", f"{said(first, 0)} MB"),
        ("am Ende", f"{said(rss[-1], 0)} MB"),
        ("höchstens", f"{said(max(rss), 0)} MB"),
        ("Anstieg in der zweiten Hälfte", f"{said(slope(rss[len(rss) // 2 :], every), 1)} MB je Stunde"),
        ("Anfragen", said(found["requests"], 0)),
        ("Änderungen an den Daten", said(found["edits"], 0)),
        ("Abschnitte mit abgelehnten Anfragen", said(failed, 0)),
    ]
    return (
        "Ein Prozess unter gemischter Last: Seiten, Listen, Kartenpunkte, Fragen, die noch niemand gestellt"
        " hat, und 304; alle paar Sekunden ändert jemand ein Angebot, und alles Gemerkte veraltet.\n\n"
        + table(("Speicher (RSS)", ""), rows)
        + "\n\n![Speicher eines Prozesses über die Zeit](../bilder/speicher.svg)"
    )


def slope(values: list[float], every_seconds: float) -> float:
    """Return the rise per hour of the straight line that fits best (least squares)."""
    hours = [position * every_seconds / 3600 for position in range(len(values))]
    mid_hours, mid_values = sum(hours) / len(hours), sum(values) / len(values)
    spread = sum((hour - mid_hours) ** 2 for hour in hours)
    if not spread:
        return 0.0
    together = sum((h - mid_hours) * (v - mid_values) for h, v in zip(hours, values, strict=True))
    return together / spread


def machine(found: Mapping[Part, Result | None]) -> str:
    """Return one line for each part: day, machine and versions."""
    lines = []
    for part, result in found.items():
        if result is None:
            continue
        on = result["machine"]
        packages = ", ".join(f"{name} {version}" for name, version in on["packages"].items())
        year, month, day = result["day"].split("-")
        lines.append(
            f"* {PARTS[part]}: am {int(day)}.{int(month)}.{year}, {on['cores']} Kerne ({on['system']}),"
            f" PostgreSQL {on['postgresql']} mit PostGIS {on['postgis']}, Python {on['python']}, {packages}"
        )
    return "\n".join(lines) or "Noch nichts."
