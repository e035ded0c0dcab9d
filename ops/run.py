"""What `make run` does: sets up whatever is missing, then serves until Ctrl-C."""

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final, NoReturn

from ops.cluster import ClusterError, environment, given_environment, locate, locks, make_var, running
from ops.cluster.urls import VARIABLES
from ops.migrations import is_migrated
from ops.progress import StepFailedError, run_program, step
from ops.serving import chosen_port, listen, serve

ROOT: Final = Path(__file__).resolve().parents[1]
VAR: Final = ROOT / "var"
INTERRUPTED: Final = 130


def main() -> int:
    """Set up, serve, clean up; return the exit code."""
    os.chdir(ROOT)
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _leave)
    try:
        port = chosen_port()
        listen(port).close()  # better to know now than after the set-up
        make_var(VAR)
        with ExitStack() as until_the_end:
            with locks.exclusive(VAR / "setup.lock", waiting=_say_that_we_wait) as lock:
                os.environ.update(_set_up(until_the_end, lock))
            serve(port, "5/5 Server")
    except (ClusterError, StepFailedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nAbgebrochen. Ein neues „make run“ macht dort weiter.")
        return INTERRUPTED
    return 0


def _set_up(until_the_end: ExitStack, lock: int) -> dict[str, str]:
    """Make everything ready to serve and return the environment; our own cluster runs `until_the_end`."""
    addresses = given_environment(ROOT)
    if addresses is None:
        with step("1/5 Programme") as say:
            command = ["sh", "ops/packages.sh", "database"]
            run_program(command, os.environ, say, "Ohne PostgreSQL mit PostGIS geht es nicht weiter.")
        with step("2/5 Datenbank"):
            cluster = locate(VAR)
            until_the_end.enter_context(running(cluster))
            addresses = environment(cluster)
    else:
        print("1/5, 2/5: entfallen, LANDKARTE_DATABASE_URL nennt die Datenbank")
    with step("3/5 Tabellen") as say:
        if not is_migrated(addresses[VARIABLES["owner"]]):
            command = [sys.executable, "-m", "alembic", "upgrade", "head"]
            failure = "Die Tabellen ließen sich nicht auf den neuen Stand bringen."
            run_program(command, addresses, say, failure, lock=lock)
    with step("4/5 Regionen und Angebote") as say:
        command = [sys.executable, "-m", "importers.demo"]
        run_program(command, addresses, say, "Die Regionen ließen sich nicht laden.", lock=lock)
    return addresses


def _say_that_we_wait() -> None:
    print("Ein anderes „make run“ richtet gerade ein; dieses wartet so lange …", flush=True)


def _leave(number: int, _frame: object) -> NoReturn:
    """Turn a signal to end into an orderly way out."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
