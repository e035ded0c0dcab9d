"""`make bench`: measures, keeps the results in var/bench and writes docs/reference/performance.md."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final, NoReturn

import psycopg

from api.core.build import ROOT
from bench import (
    calm,
    features,
    importing,
    pygeoapi,
    report,
    results,
    rounds,
    servers,
    sizes,
    soak,
    targets,
    tipg,
)
from bench.filling import ShortcutError
from bench.installation import WRITTEN, many_regions, one_region
from bench.load import LoadError
from bench.region import Plan
from bench.search.parts import PARTS, measure
from bench.servers import ServerError
from ops.progress import step

NAME: Final = "landkarte_bench"
OFFERS: Final = 10_000
LOCAL_OFFERS: Final = 2_500
LOCAL: Final = 7  # the region that is measured alone and, in a copy, among many
ROUNDS: Final = 7
SECONDS: Final = 2
IMPORTS: Final = 3  # rounds in which a large list goes in
FAILURES: Final = (
    LoadError,
    ServerError,
    ShortcutError,
    importing.ImportingError,
    psycopg.Error,
    subprocess.CalledProcessError,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 1 if measuring failed or --strict finds a broken promise."""
    asked = _parser().parse_args(arguments)
    if asked.regions and asked.regions > WRITTEN and asked.regions % WRITTEN:
        print(f"Mehr als {WRITTEN} Regionen gehen nur in Schritten von {WRITTEN}.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _leave)
    try:
        if not asked.without_speed:
            _measure_speed(asked)
        if asked.ogc:
            _measure_ogc(asked)
        if asked.regions:
            _measure_regions(asked)
        for part in asked.search:
            measure(part, asked.rounds, asked.seconds, afresh=asked.afresh)
        if asked.imports:
            _measure_imports(asked)
        if asked.minutes:
            _watch_memory(asked)
    except FAILURES as error:
        print(f"\nDie Messung ist gescheitert: {error}", file=sys.stderr)
        return 1
    checks = report.write()
    for check in checks:
        print(f"{check.verdict.replace('*', ''):<22}{' | '.join(check.row()[:4])}")
    print(f"\nGeschrieben: {report.PAGE.relative_to(ROOT)}")
    missed = any(check.is_measured and not check.is_kept for check in checks)
    return int(asked.strict and missed)


class _AllUnlessSaid(argparse.Action):
    """Take an option that is given without a value for all of its choices."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        _option: str | None = None,
    ) -> None:
        """Set the option."""
        setattr(namespace, self.dest, values or self.choices)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Misst, wie schnell die Landkarte ist."
    )
    parser.add_argument("--regions", type=int, default=0, help="auch eine Anlage mit so vielen Regionen")
    parser.add_argument("--ogc", action="store_true", help="auch Features und Kacheln neben anderen Diensten")
    parser.add_argument("--imports", type=int, default=0, help="auch das Einlesen so vieler Zeilen")
    parser.add_argument("--minutes", type=float, default=0, help="auch den Speicher, so viele Minuten lang")
    parser.add_argument(
        "--search",
        nargs="*",
        choices=PARTS,
        action=_AllUnlessSaid,
        default=(),
        help="auch die Suche, ganz oder in Teilen",
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="Runden, in denen jedes Ziel drankommt")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="je Ziel und Runde")
    parser.add_argument("--without-speed", action="store_true", help="ohne die eine große Region")
    parser.add_argument("--afresh", action="store_true", help="die Datenbanken neu anlegen")
    parser.add_argument("--strict", action="store_true", help="1 zurückgeben, wenn ein Ziel verfehlt ist")
    return parser


def _measure_speed(asked: argparse.Namespace) -> None:
    """Measure all answers of one region of 10 000 offers, beside limits and peer."""
    installation, plan = one_region(NAME, 1, OFFERS), Plan(1, OFFERS)
    with step("Eine Region anlegen") as say:
        installation.ensure(say, afresh=asked.afresh)
    with step("Eine Region messen") as say, ExitStack() as running:
        first = running.enter_context(servers.ours("first", installation, remembers=False))
        again = running.enter_context(servers.ours("again", installation, remembers=True))
        alone = running.enter_context(servers.fastapi_alone(installation))
        beside = running.enter_context(servers.tipg_beside(installation))
        chosen = [
            *targets.computed(first, plan),
            *targets.remembered(again, plan),
            *targets.repeated(again, plan),
            *targets.limits(again, plan, alone),
            *targets.peer(beside),
        ]
        found = {
            "seconds": asked.seconds,
            "tipg": tipg.version(),
            "labels": {target.key: target.label for target in chosen},
            "sizes": sizes.measure(again, plan.host),
            "samples": results.plain(rounds.run(chosen, asked.rounds, asked.seconds, say)),
        }
    results.save("speed", installation, found)


def _measure_ogc(asked: argparse.Namespace) -> None:
    """Measure features and tiles of the same region, beside two general servers."""
    installation, plan = one_region(NAME, 1, OFFERS), Plan(1, OFFERS)
    with step("Eine Region anlegen") as say:
        installation.ensure(say, afresh=asked.afresh)
    around = features.make_tables(installation)
    with step("OGC API messen") as say, ExitStack() as running:
        first = running.enter_context(servers.ours("first", installation, remembers=False))
        again = running.enter_context(servers.ours("again", installation, remembers=True))
        chosen = [
            *features.ours(first, plan, around, "first"),
            *features.ours(again, plan, around, "again"),
            *features.of_tipg(running.enter_context(servers.tipg_beside(installation)), around),
            *features.of_pygeoapi(running.enter_context(servers.pygeoapi_beside(installation)), around),
        ]
        calm.wait([first, again])
        found = {
            "seconds": asked.seconds,
            "tipg": tipg.version(),
            "pygeoapi": pygeoapi.version(),
            "questions": features.QUESTIONS,
            "sizes": {target.key: sizes.of(target) for target in chosen},
            "samples": results.plain(rounds.run(chosen, asked.rounds, asked.seconds, say)),
        }
    results.save("ogc", installation, found)


def _measure_regions(asked: argparse.Namespace) -> None:
    """Measure the same region alone and among many."""
    number = LOCAL + asked.regions // 2 // WRITTEN * WRITTEN
    sides = {
        "one": (one_region(f"{NAME}_local", LOCAL, LOCAL_OFFERS), Plan(LOCAL, LOCAL_OFFERS)),
        "many": (
            many_regions(f"{NAME}_{asked.regions}", asked.regions, LOCAL_OFFERS),
            Plan(number, LOCAL_OFFERS),
        ),
    }
    with step(f"{asked.regions} Regionen anlegen") as say:
        for installation, _ in sides.values():
            installation.ensure(say, afresh=asked.afresh)
    with step(f"{asked.regions} Regionen messen") as say, ExitStack() as running:
        chosen: list[targets.Target] = []
        for name, (installation, plan) in sides.items():
            for kind in ("first", "again"):
                server = running.enter_context(
                    servers.ours(f"{name}-{kind}", installation, remembers=kind == "again")
                )
                chosen += targets.local(name, kind, server, plan)
        found = {
            "regions": asked.regions,
            "offers": LOCAL_OFFERS,
            "samples": results.plain(rounds.run(chosen, asked.rounds, asked.seconds, say)),
        }
    results.save("regions", sides["many"][0], found)


def _measure_imports(asked: argparse.Namespace) -> None:
    """Measure a large list going in, beside a bare COPY."""
    plan = Plan(1, 0)
    installation = one_region(f"{NAME}_imports", plan.number, plan.offers)
    with step(f"{asked.imports} Zeilen einlesen") as say:
        samples = importing.measure(installation, plan, asked.imports, min(asked.rounds, IMPORTS), say)
    found = {"rows": asked.imports, "offers": plan.offers, "samples": samples}
    results.save("imports", installation, found)


def _watch_memory(asked: argparse.Namespace) -> None:
    """Watch a worker's memory on the region of 10 000 offers."""
    installation = one_region(NAME, 1, OFFERS)
    with step("Region für den Speicher") as say:
        installation.ensure(say)
    with step("Speicher beobachten") as say, servers.ours("memory", installation, remembers=True) as server:
        found = soak.watch(installation, Plan(1, OFFERS), server, asked.minutes, say)
    results.save("memory", installation, found)


def _leave(number: int, _frame: object) -> NoReturn:
    """Turn a signal to end into an orderly way out, which takes the servers along."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
