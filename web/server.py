"""How the service is served: uvicorn with all limits of the server in one place.

`python -m web.server` is what the container runs; `make run` serves with the same settings.
"""

import argparse
from collections.abc import Sequence
from typing import Any, Final

import uvicorn

from web.patience import PatientHttp

SERVER: Final[dict[str, Any]] = {
    "http": PatientHttp,
    "loop": "uvloop",
    "ws": "none",
    "log_level": "warning",
    "access_log": False,  # it would keep addresses; web/access_log.py writes one without them
    "server_header": False,
    "backlog": 256,  # connections that wait to be taken
    "timeout_keep_alive": 5,
    "timeout_graceful_shutdown": 17,  # longer than an answer may take (web/answers.py)
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal ends it; all settings of the service come from the environment."""
    parser = argparse.ArgumentParser(prog="python -m web.server", description="Seiten und Schnittstelle")
    parser.add_argument("--host", default="127.0.0.1", help="Adresse, an der gelauscht wird")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="Prozesse, etwa einer je Prozessorkern")
    parser.add_argument(
        "--proxies", default="", metavar="ADRESSEN", help="Proxys, deren X-Forwarded-Proto gilt, mit Komma"
    )
    said = parser.parse_args(arguments)
    uvicorn.run(
        "web.main:create_app",
        factory=True,
        host=said.host,
        port=said.port,
        workers=said.workers,
        proxy_headers=bool(said.proxies),
        forwarded_allow_ips=said.proxies,
        **SERVER,
    )


if __name__ == "__main__":
    main()
