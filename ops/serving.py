"""Serves the pages and the API on this machine until somebody ends it, and says when they answer."""

import errno
import importlib
import json
import os
import socket
import threading
import time
import urllib.error
import urllib.request
from typing import Final

import uvicorn

from ops.progress import StepFailedError, step
from web.server import SERVER

HOST: Final = "127.0.0.1"
USUAL_PORT: Final = 8000
HIGHEST_PORT: Final = 65535
READY_SECONDS: Final = 60.0


def chosen_port() -> int:
    """Return the port that PORT asks for, or the usual one."""
    asked = os.environ.get("PORT") or str(USUAL_PORT)
    if not asked.isdecimal() or not 0 < int(asked) <= HIGHEST_PORT:
        raise StepFailedError(f"PORT={asked} ist keine Portnummer (1 bis {HIGHEST_PORT}).")
    return int(asked)


def listen(port: int) -> socket.socket:
    """Return a socket that listens on this machine only; raise StepFailedError if the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EACCES:
            raise StepFailedError(
                f"Port {port} ist dem Administrator vorbehalten. PORT=8001 make run"
            ) from error
        raise StepFailedError(
            f"Auf Port {port} läuft schon etwas, vielleicht die Landkarte selbst.\n"
            f"Anderer Port:  PORT={port % HIGHEST_PORT + 1} make run"
        ) from error
    return listener


def serve(port: int, title: str) -> None:
    """Serve in the foreground until Ctrl-C or a signal; the step `title` ends when pages can be had."""
    listener = listen(port)
    app = importlib.import_module("web.main").create_app()  # not before the environment names the database
    server = uvicorn.Server(uvicorn.Config(app, **SERVER))
    threading.Thread(target=_announce, args=(port, title), daemon=True).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        print("\nBeendet.")
    finally:
        listener.close()
        app.state.engine.dispose()  # so that nobody seems to use the database any more
    if not server.started:
        raise StepFailedError("Der Server ist nicht gestartet; der Grund steht weiter oben.")


def _announce(port: int, title: str) -> None:
    """Wait until the pages answer, then say where."""
    with step(title) as say:
        if not _is_ready(port):
            say("Der Server läuft, meldet sich aber nicht bereit.")
    print(
        "\nDie Unterstützungs-Landkarte läuft:",
        *_addresses(port),
        "Beenden mit Strg+C.",
        sep="\n",
        flush=True,
    )


def _addresses(port: int) -> list[str]:
    """Return a line for each region with its address; the first region is the default one."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/api/v1/regions", timeout=5) as answer:
            regions = json.load(answer)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return [f"    http://{HOST}:{port}"]
    hosts = [HOST, *(next(iter(region["hostnames"]), "") for region in regions[1:])]
    return [
        f"    {f'http://{host}:{port}':<32}{region['name']}"
        for host, region in zip(hosts, regions, strict=False)
        if host
    ]


def _is_ready(port: int) -> bool:
    """Ask the server until it says that it is ready, READY_SECONDS at most; return whether it did."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5):
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    return False
