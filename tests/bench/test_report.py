"""The page says what was measured, what was not, and what falls short."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bench.chart import line
from bench.checks import Check, all_checks
from bench.features import QUESTIONS
from bench.figures import ratio, said
from bench.report import write
from bench.search.checks import search_checks
from bench.sections import slope

MACHINE = {
    "cores": 2,
    "system": "Linux x86_64",
    "python": "3.11.2",
    "postgresql": "15.1",
    "postgis": "3.3.2",
    "packages": {"fastapi": "0.1"},
}
ANSWERS = ("list", "filtered", "offer", "points", "spaces", "start", "page", "stadtteil", "offer_page")
OTHERS = (
    "list.304",
    "points.304",
    "start.304",
    "select_1",
    "select_1.alone",
    "hello",
    "geojson",
    "tipg.all",
    "tipg.page",
)


def samples(*per_second: float) -> list[dict[str, float]]:
    return [{"per_second": value, "p50": 1.0, "p95": 2.0} for value in per_second]


def speed(**changes: float) -> dict[str, Any]:
    keys = [*(f"{key}.{kind}" for key in ANSWERS for kind in ("first", "again")), *OTHERS]
    figures = dict.fromkeys(keys, 1000.0) | {"geojson": 10.0, "tipg.all": 5.0}
    figures |= {
        key.replace("_304", ".304").replace("_first", ".first").replace("_again", ".again"): value
        for key, value in changes.items()
    }
    sizes = {"points": {"identity": 9, "gzip": 3}, "geojson": {"identity": 90, "gzip": 10}}
    return {
        "machine": MACHINE,
        "day": "2026-11-05",
        "seconds": 2,
        "tipg": "1.6 mit uvloop",
        "labels": {key: key for key in keys},
        "sizes": sizes,
        "samples": {key: samples(value, value) for key, value in figures.items()},
    }


def ogc(ours: float) -> dict[str, Any]:
    figures = {
        f"{who}.{key}": value for key in QUESTIONS for who, value in (("tipg", 100.0), ("pygeoapi", 40.0))
    } | {f"ours.{key}.{kind}": ours for key in QUESTIONS for kind in ("first", "again")}
    return {
        "machine": MACHINE,
        "day": "2026-11-05",
        "seconds": 2,
        "tipg": "1.6 mit uvloop",
        "pygeoapi": "0.21",
        "questions": QUESTIONS,
        "sizes": dict.fromkeys(figures, 12_345),
        "samples": {key: samples(value, value) for key, value in figures.items()},
    }


def regions(many: float) -> dict[str, Any]:
    keys = [f"{key}.{kind}" for key in ("list", "points", "start") for kind in ("first", "again")]
    found = {f"one.{key}": samples(100) for key in keys} | {f"many.{key}": samples(many) for key in keys}
    return {"machine": MACHINE, "day": "2026-11-05", "regions": 400, "offers": 2500, "samples": found}


def imports(per_second: float, megabytes: float) -> dict[str, Any]:
    figures = {"copy": 48_000.0, "new": per_second, "again": 3 * per_second}
    found = {kind: [{"per_second": value, "megabytes": megabytes}] * 3 for kind, value in figures.items()}
    return {"machine": MACHINE, "day": "2026-11-05", "rows": 100_000, "offers": 0, "samples": found}


def memory(rss: list[float]) -> dict[str, Any]:
    return {
        "machine": MACHINE,
        "day": "2026-11-05",
        "rss": rss,
        "every_seconds": 5.0,
        "requests": 1_234_567,
        "edits": 360,
        "failures": [],
    }


def search_round(ours: float, known: float = 1.0) -> dict[str, float]:
    return {
        "opening": 50.0,
        "first": 5.0,
        "new_p50": 1.0,
        "new_p95": ours,
        "known_p50": known,
        "known_p95": 2.0,
    }


def search(ours: float, known: float = 1.0) -> dict[str, Any]:
    """Rounds in which PostgreSQL takes 10 ms, without its guesses 5, and Tantivy 1."""
    built = {key: {"seconds": 1.5, "megabytes": 12.3} for key in ("ours", "postgres", "tantivy")}
    rounds = {
        "ours": [search_round(ours, known)] * 2,
        "postgres": [search_round(10)] * 2,
        "postgres_plain": [search_round(5)] * 2,
        "tantivy": [search_round(1)] * 2,
    }
    sizes = {offers: {"built": built, "rounds": rounds} for offers in ("1000", "2500", "10000")}
    return {"machine": MACHINE, "day": "2026-11-05", "questions": 600, "sizes": sizes}


def search_regions(many: float) -> dict[str, Any]:
    rounds = {"one": [search_round(10)], "many": [search_round(many)], "all": [search_round(many)]}
    return {
        "machine": MACHINE,
        "day": "2026-11-05",
        "regions": 100,
        "open": 20,
        "offers": 2500,
        "questions": 600,
        "rounds": rounds,
    }


def search_http(first: float) -> dict[str, Any]:
    found = {
        key: samples(1000) for key in ("1.select_1", "1.first", "1.mixed", "1.again", "2.select_1", "2.first")
    }
    found["2.first"] = samples(first)
    return {"machine": MACHINE, "day": "2026-11-05", "offers": 10_000, "seconds": 2, "samples": found}


def search_hours(now: float) -> dict[str, Any]:
    dates = {"rules": 10_000, "rounds": [{"first": 1.0, "again": 0.5, "dateutil": 25.0}]}
    rounds = [{"any": 10.0, "now": now, "week": 12.0}]
    return {"machine": MACHINE, "day": "2026-11-05", "offers": 10_000, "rounds": rounds, "dates": dates}


def search_plans(plan: float) -> dict[str, Any]:
    one = {
        "saved": {"0": 300, "1": 190, "-1": 10},
        "nearest": 1500,
        "planned": 1310,
        "offers": 345,
        "shared": 0.2,
    }
    rounds = [{"plan": plan, "search": 10.0}]
    saved = {"demo": one, "made_up": {**one, "offers": 10_000}}
    return {"machine": MACHINE, "day": "2026-11-05", "offers": 10_000, "rounds": rounds, "saved": saved}


def written(folder: Path, **parts: dict[str, Any]) -> str:
    for name, part in parts.items():
        (folder / f"{name}.json").write_text(json.dumps(part))
    write(folder / "page.md", folder / "picture.svg", folder)
    return (folder / "page.md").read_text()


def test_nothing_measured_is_said(tmp_path: Path) -> None:
    page = written(tmp_path)
    assert "Noch nicht gemessen: `make bench`." in page
    assert "Noch nicht gemessen: `make bench regions=400`." in page
    assert "Noch nicht gemessen: `make bench minutes=30`." in page
    assert page.count("Noch nicht gemessen: `make bench search=1`.") == 5
    assert "| nicht gemessen |" in page
    assert not (tmp_path / "picture.svg").exists()


def test_a_part_alone_leaves_the_others_unmeasured(tmp_path: Path) -> None:
    page = written(tmp_path, regions=regions(90))
    assert "eine von 400" in page
    assert "1.000.000" in page
    assert "Noch nicht gemessen: `make bench`." in page


def test_all_parts_make_a_page_without_gaps(tmp_path: Path) -> None:
    page = written(
        tmp_path,
        speed=speed(),
        ogc=ogc(120),
        regions=regions(90),
        memory=memory([100.0] * 360),
        imports=imports(2_400, 310),
        search=search(ours=8),
        search_regions=search_regions(12),
        search_http=search_http(1800),
        search_hours=search_hours(14),
        search_plans=search_plans(plan=40),
    )
    assert "nicht gemessen" not in page.replace("Noch nicht gemessen", "")
    assert "1.234.567" in page
    assert "| Kacheln | pygeoapi 0.21 | 40,0 | 1,00 | 2,00 | 12 |" in page
    assert "am 5.11.2026, 2 Kerne" in page
    assert "**nicht erreicht**" not in page
    assert "../bilder/speicher.svg" in page
    assert "| 10.000: PostgreSQL ohne `pg_trgm` | 1,00 | 5,00 | 1,00 | 2,00 |" in page
    assert "| 1.000: Tantivy | 1,50 | 12,3 | 50,0 | 5,00 |" in page
    assert "| neue Wörter | 1,00 | 10,0 | 1,00 | 12,0 | 1,00 | 12,0 | 1,20 |" in page
    assert "Dort sind 20 Regionen zugleich geöffnet" in page
    assert "| Beispielregion Lichtenberg | 345 | 20 % | 1.500 | 1.310 | 300 | 190 | 10 |" in page
    assert "Zwei Prozesse beantworten 1,80-mal so viele Fragen wie einer." in page
    assert "600 Fragen in jeder Runde. Runden: 2 bei 1.000 Angeboten, 2 bei 2.500 Angeboten" in page
    assert "| Einlesen: prüfen, vergleichen, schreiben, mit Geschichte | 2.400 | 0,050 | 310 |" in page
    assert "{" not in page


def test_what_falls_short_is_named(tmp_path: Path) -> None:
    page = written(tmp_path, speed=speed(list_304=400, points_first=15, points_again=15), regions=regions(70))
    assert "Nicht erreicht: Kartenpunkte : GeoJSON aus PostgreSQL" in page
    assert "| Liste, unverändert (304) : `SELECT 1` | ≥ 0,50 | – | 0,40 | **nicht erreicht** |" in page
    assert (
        "| Liste: Zeit bei vielen Regionen : bei einer | ≤ 1,30 | 1,43 | 1,43 | **nicht erreicht** |" in page
    )


def test_a_search_that_falls_short_is_named(tmp_path: Path) -> None:
    page = written(
        tmp_path,
        search=search(ours=15, known=6),
        search_regions=search_regions(14),
        search_http=search_http(100),
    )
    for row in (
        "| Suche, 2.500 Angebote, neue Wörter: p95 : PostgreSQL | ≤ 2,00 | 3,00 | – | **nicht erreicht** |",
        "| Suche, 10.000 Angebote, neue Wörter: p95 : PostgreSQL | ≤ 4,00 | 3,00 | – | erreicht |",
        "| Suche, 10.000 Angebote, bekannte Fragen: p50 : Tantivy | ≤ 5,00 | 6,00 | – | **nicht erreicht** |",
        "| Suche, neue Wörter: p95 bei vielen Regionen : bei einer | ≤ 1,30 | 1,40 | – | **nicht",
        "| Suche, bekannte Fragen: p95 bei vielen Regionen : bei einer | ≤ 1,30 | 1,00 | – | erreicht |",
        "| Suche über HTTP, ein Prozess : `SELECT 1` | ≥ 0,15 | 1,00 | – | erreicht |",
        "| Suche über HTTP, zwei Prozesse : `SELECT 1` | ≥ 0,15 | 0,10 | – | **nicht erreicht** |",
    ):
        assert row in page


def test_a_size_that_was_left_out_is_not_measured() -> None:
    found = search(ours=15)
    del found["sizes"]["2500"]
    assert [check.is_measured for check in search_checks(found, None, None, None)][:3] == [False, True, True]


def test_memory_that_grows_falls_short() -> None:
    growing = memory([100.0 + i for i in range(200)])
    checks = {check.promise: check for check in all_checks(None, None, None, growing)}
    assert not checks["Speicher, Zuwachs in der zweiten Hälfte"].is_kept


def test_a_short_look_at_memory_decides_nothing() -> None:
    assert not all_checks(None, None, None, memory([100.0] * 100))[-1].is_measured


@pytest.mark.parametrize(
    ("computed", "remembered", "verdict"),
    [
        (3, 3, "erreicht"),
        (1, 3, "nur aus dem Speicher"),
        (3, 1, "nur gerechnet"),
        (1, 1, "**nicht erreicht**"),
        (None, 3, "erreicht"),
        (None, None, "nicht gemessen"),
    ],
)
def test_verdicts(computed: float | None, remembered: float | None, verdict: str) -> None:
    assert Check("x", 2, computed, remembered).verdict == verdict


def test_ratios_are_taken_within_a_round() -> None:
    assert ratio(samples(10, 100, 30), samples(10, 50, 10)) == 2


def test_numbers_are_written_as_germans_do() -> None:
    assert [said(12345.6, 1), said(0.5), said(12.34), said(1234.5)] == ["12.345,6", "0,50", "12,3", "1.234"]


def test_the_slope_is_per_hour() -> None:
    assert slope([100.0, 101.0, 102.0], 1800) == pytest.approx(2)
    assert slope([100.0], 5) == 0


def test_the_chart_is_a_picture_with_a_title() -> None:
    picture = ET.fromstring(line([100.0] * 500, 30, "MB"))
    assert picture.findtext("{*}title") == "Speicher eines Prozesses über 30 Minuten"
    assert len(picture.findall("{*}polyline")) == 1


def test_searches_for_a_time_may_take_half_as_long_again() -> None:
    now, week, worked_out = list(search_checks(None, None, None, search_hours(16)))[-3:]
    assert (now.is_kept, week.is_kept, worked_out.is_kept) == (False, True, True)
