"""The cluster on the command line: start, stop, status, url, and exec to run a program with its addresses."""

import argparse
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ops.cluster import (
    Cluster,
    ClusterError,
    environment,
    given_environment,
    is_running,
    locate,
    room,
    running,
    start,
    stay,
    stop,
    url,
)
from ops.cluster.urls import VARIABLES

ROOT: Final = Path(__file__).resolve().parents[2]
NOT_RUNNING: Final = 3  # the exit code that service scripts use


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        given = given_environment(ROOT)
        if given is not None:
            return _with_given(options, given)
        return _with_own(options, locate(ROOT / "var"))
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ops.cluster", description="Der PostgreSQL-Cluster des Projekts."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="anlegen, wenn es ihn noch nicht gibt, und starten")
    stopping = commands.add_parser("stop", help="beenden, wenn ihn niemand mehr benutzt")
    stopping.add_argument("--force", action="store_true", help="auch wenn ihn noch jemand benutzt")
    commands.add_parser("status", help="läuft er, und wo liegt er?")
    addressed = commands.add_parser("url", help="Adresse für SQLAlchemy")
    addressed.add_argument("which", nargs="?", choices=VARIABLES, default="app")
    executed = commands.add_parser("exec", help="ein Programm mit den Adressen des Clusters ausführen")
    executed.add_argument("program", nargs=argparse.REMAINDER)
    return parser


def _with_own(options: argparse.Namespace, cluster: Cluster) -> int:
    """Carry out a command on the project's own cluster."""
    match options.command:
        case "start":
            started = start(cluster)
            stay(cluster)
            print(f"Die Datenbank {'ist gestartet' if started else 'läuft schon'}: {cluster.home}")
        case "stop" if not stop(cluster, force=options.force):
            print("Die Datenbank wird noch benutzt und läuft weiter (--force beendet sie trotzdem).")
            return 1
        case "stop":
            print("Die Datenbank ist beendet.")
        case "status":
            print(f"Die Datenbank {'läuft' if is_running(cluster) else 'läuft nicht'}: {cluster.home}")
            return 0 if is_running(cluster) else NOT_RUNNING
        case "url":
            print(url(cluster, options.which))
        case _:
            with running(cluster):
                code = _execute(options.program, environment(cluster))
                if code and room.is_full(cluster):
                    print(room.advice(cluster), file=sys.stderr)
                return code
    return 0


def _with_given(options: argparse.Namespace, given: dict[str, str]) -> int:
    """Carry out a command where LANDKARTE_DATABASE_URL names the database: nothing is started or stopped."""
    if options.command == "url":
        name = VARIABLES[options.which]
        if name not in given:
            raise ClusterError(f"{name} ist nicht gesetzt.")
        print(given[name])
    elif options.command == "exec":
        return _execute(options.program, given)
    else:
        print("LANDKARTE_DATABASE_URL ist gesetzt: der eigene Cluster bleibt, wie er ist.")
    return 0


def _execute(program: list[str], variables: dict[str, str]) -> int:
    """Run the program and return its exit code; Ctrl-C and SIGTERM are for it, we wait for its end."""
    with subprocess.Popen(program, env=variables) as child:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal has sent it to the child as well
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
