"""What was promised, and whether the figures keep it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.features import QUESTIONS
from bench.figures import middle, ratio, said
from bench.results import Result

SELECT_1: Final = "select_1"
MOST_TIMES_SLOWER: Final = 1.3
LONG_ENOUGH_SECONDS: Final = 600  # before that a worker still settles
FLAT: Final = 0.05  # of the memory in the middle of the run: what a worker may have gained at its end


@dataclass(frozen=True)
class Check:
    """One promise: the figure of computed answers, that of remembered ones, and the bound for both.

    A figure is None where there is nothing of the kind, or it was not measured.
    """

    promise: str
    bound: float
    computed: float | None = None
    remembered: float | None = None
    at_most: bool = False

    @property
    def is_measured(self) -> bool:
        """Return whether there is a figure at all."""
        return self.computed is not None or self.remembered is not None

    @property
    def is_kept(self) -> bool:
        """Return whether one of the two keeps the promise."""
        return self._keeps(self.computed) or self._keeps(self.remembered)

    @property
    def verdict(self) -> str:
        """Return the German word for it."""
        if not self.is_measured:
            return "nicht gemessen"
        if self.computed is not None and self.remembered is not None and self.is_kept:
            if not self._keeps(self.computed):
                return "nur aus dem Speicher"
            if not self._keeps(self.remembered):
                return "nur gerechnet"
        return "erreicht" if self.is_kept else "**nicht erreicht**"

    def row(self) -> tuple[str, str, str, str, str]:
        """Return the check as a row of the table."""
        bound = f"{'≤' if self.at_most else '≥'} {said(self.bound, 2)}"
        figures = ("–" if value is None else said(value, 2) for value in (self.computed, self.remembered))
        return self.promise, bound, *figures, self.verdict  # type: ignore[return-value]

    def _keeps(self, value: float | None) -> bool:
        return value is not None and (value <= self.bound if self.at_most else value >= self.bound)


def import_checks(imports: Result | None) -> list[Check]:
    """Return what was promised for a large list."""
    rate = most = None
    if imports:
        new = imports["samples"]["new"]
        rate = middle(new, "per_second")
        most = max(sample["megabytes"] for kind in ("new", "again") for sample in imports["samples"][kind])
    return [
        Check("Einlesen einer großen Liste, Zeilen pro Sekunde", 2_000, rate),
        Check("Einlesen einer großen Liste, MB Speicher", 500, most, at_most=True),
    ]


def all_checks(
    speed: Result | None, ogc: Result | None, regions: Result | None, memory: Result | None
) -> list[Check]:
    """Return every promise with what was measured so far."""
    return [*_speed(speed), *_ogc(ogc), *_regions(regions), _memory(memory)]


def _speed(speed: Result | None) -> Iterator[Check]:
    """Yield the ratios at one region; the bounds are those of the task that led to all this."""

    def compare(key: str, other: str) -> float | None:
        samples = speed["samples"] if speed else {}
        return ratio(samples[key], samples[other]) if key in samples and other in samples else None

    def both(promise: str, bound: float, key: str, other: str) -> Check:
        return Check(promise, bound, compare(f"{key}.first", other), compare(f"{key}.again", other))

    yield both("Kartenpunkte : GeoJSON aus PostgreSQL", 2, "points", "geojson")
    sizes = speed["sizes"] if speed else None
    share = sizes["points"]["gzip"] / sizes["geojson"]["gzip"] if sizes else None
    yield Check("Kartenpunkte : GeoJSON, Größe mit gzip", 0.4, share, at_most=True)
    yield both("Liste : `SELECT 1`", 0.25, "list", SELECT_1)
    yield both("Liste, wechselnde Filter : `SELECT 1`", 0.25, "filtered", SELECT_1)
    yield both("Startseite : `SELECT 1`", 0.1, "start", SELECT_1)
    yield both("Listenseite : `SELECT 1`", 0.1, "page", SELECT_1)
    for key, label in (("list", "Liste"), ("points", "Kartenpunkte"), ("start", "Startseite")):
        promise = f"{label}, unverändert (304) : `SELECT 1`"
        yield Check(promise, 0.5, None, compare(f"{key}.304", SELECT_1))
    yield both("Kartenpunkte : tipg, dieselben Punkte", 1, "points", "tipg.all")
    yield both("Liste mit 20 Angeboten : tipg, 20 Punkte", 1, "list", "tipg.page")


def _ogc(ogc: Result | None) -> Iterator[Check]:
    """Yield the ratios of features and tiles to those of the general servers."""
    for key, label in QUESTIONS.items():
        for peer, bound in (("tipg", 1), ("pygeoapi", 2)):
            first, again = (
                ratio(ogc["samples"][f"ours.{key}.{kind}"], ogc["samples"][f"{peer}.{key}"]) if ogc else None
                for kind in ("first", "again")
            )
            yield Check(f"OGC API, {label} : {peer}", bound, first, again)


def _regions(regions: Result | None) -> Iterator[Check]:
    """Yield how many times as long a local query takes in the large installation."""
    for key, label in (("list", "Liste"), ("points", "Kartenpunkte"), ("start", "Startseite")):
        first, again = (
            ratio(*(regions["samples"][f"{size}.{key}.{kind}"] for size in ("one", "many")))
            if regions
            else None
            for kind in ("first", "again")
        )
        promise = f"{label}: Zeit bei vielen Regionen : bei einer"
        yield Check(promise, MOST_TIMES_SLOWER, first, again, at_most=True)


def _memory(memory: Result | None) -> Check:
    """Return what a worker's memory has gained in the second half, as a share."""
    gained = None
    if memory and len(memory["rss"]) * memory["every_seconds"] >= LONG_ENOUGH_SECONDS:
        half, tenth = len(memory["rss"]) // 2, max(len(memory["rss"]) // 10, 1)
        middle = sum(memory["rss"][half : half + tenth]) / tenth
        gained = sum(memory["rss"][-tenth:]) / tenth / middle - 1
    return Check("Speicher, Zuwachs in der zweiten Hälfte", FLAT, gained, at_most=True)
