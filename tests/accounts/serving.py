"""The service as people meet it: a real server on a free port, by https with a certificate of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import trustme
import uvicorn
from sqlalchemy import Engine

from tests.accounts.people import chosen
from web.main import create_app
from web.server import SERVER


@contextmanager
def served(
    engine: Engine, folder: Path, *, host: str = "localhost", proxies: str = "", **changes: Any
) -> Iterator[str]:
    """Serve by https until the end of the block; the value is the address. changes: of the settings."""
    ours = trustme.CA().issue_cert(host)
    key, chain = folder / "key.pem", folder / "chain.pem"
    ours.private_key_pem.write_to_path(key)
    for number, part in enumerate(ours.cert_chain_pems):
        part.write_to_path(chain, append=number > 0)
    config = uvicorn.Config(
        create_app(engine, chosen(**changes)),
        port=0,
        ssl_keyfile=str(key),
        ssl_certfile=str(chain),
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        **SERVER,
    )
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    try:
        yield f"https://{host}:{running.servers[0].sockets[0].getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()
