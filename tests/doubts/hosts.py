"""Servers "on the internet" that run on this machine and remember what they were asked, how much at once."""

import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from importers.checking.asking import Asker
from importers.checking.manners import Manners
from importers.remote import Ways
from tests.importers.far import certificate

SAFE, PLAIN, OTHER, INSIDE = "listen.example", "plain.example", "anders.example", "innen.example"
CONTACT = "landkarte@stadt.example"
MOVED = {
    "/umgezogen": (301, "https://listen.example:{safe}/neu"),
    "/weit": (308, "http://anders.example:{plain}/haus?x=ä"),
    "/heute": (302, "https://listen.example:{safe}/neu"),
    "/erst-heute": (302, "https://listen.example:{safe}/umgezogen"),
    "/dann-heute": (301, "https://listen.example:{safe}/heute"),
    "/kreis": (301, "https://listen.example:{safe}/kreis"),
    "/nach-innen": (301, "http://innen.example:{plain}/"),
    "/nach-nummer": (301, "http://127.0.0.1:{plain}/"),
    "/nach-datei": (301, "file:///etc/passwd"),
    "/verkauft": (301, "https://www.sedoparking.com/listen"),
}


@dataclass
class Seen:
    """What a server has been asked."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, host, path
    agents: set[str] = field(default_factory=set)
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self) -> list[str]:
        return [path for _, _, path in self.asked]


@dataclass
class Net:
    """Where the servers are, and how they are reached."""

    safe: int
    plain: int
    ways: Ways
    seen: Seen = field(default_factory=Seen)

    def url(self, path: str, host: str = SAFE) -> str:
        port, scheme = (self.safe, "https") if host == SAFE else (self.plain, "http")
        return f"{scheme}://{host}:{port}{path}"

    def asker(self, pause: float = 0.0) -> Asker:
        return Asker(CONTACT, Manners(pause), self.ways)


class Handler(BaseHTTPRequestHandler):
    """Each path does something else."""

    protocol_version = "HTTP/1.1"
    net: Net

    def do_HEAD(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def _serve(self) -> None:
        seen, host = self.net.seen, (self.headers["Host"] or "").partition(":")[0]
        with seen.lock:
            seen.asked.append((self.command, host, self.path))
            seen.agents.add(self.headers["User-Agent"])
            seen.at_once[host] += 1
            seen.most_at_once[host] = max(seen.most_at_once[host], seen.at_once[host])
        try:
            with suppress(OSError):
                self._answer(self.path.partition("?")[0])
        finally:
            with seen.lock:
                seen.at_once[host] -= 1
            self.close_connection = True

    def _answer(self, path: str) -> None:
        if path in MOVED:
            status, target = MOVED[path]
            self._say(status, target.format(safe=self.net.safe, plain=self.net.plain))
        elif path == "/nur-get":
            self._say(405 if self.command == "HEAD" else 200)
        elif path == "/legt-auf" and self.command == "HEAD":
            return
        elif path.startswith("/antwort/"):
            self._say(int(path.removeprefix("/antwort/")))
        elif path == "/langsam":
            time.sleep(0.05)
            self._say(200)
        elif path in ("/tropft", "/schweigt"):
            self._drip(0.05 if path == "/tropft" else 30)
        elif path == "/riesig" and self.command == "GET":
            self._flood()
        else:
            self._say(405 if path == "/riesig" else 200)

    def _drip(self, seconds: float) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _line in range(90):
            time.sleep(seconds)
            self.wfile.write(b"X-A: b\r\n")

    def _flood(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _piece in range(2_000):
            self.wfile.write(bytes(65_536))
            self.net.seen.sent += 65_536

    def _say(self, status: int, target: str = "") -> None:
        self.send_response(status)
        if target:
            self.send_header("Location", target.encode().decode("latin-1"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def serving(folder: Path, seconds: float = 1.5) -> Iterator[Net]:
    """Serve with and without TLS; only these two servers can be reached."""
    made, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    handler = type("Here", (Handler,), {})
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for _server in range(2)]
    for server in servers:
        server.daemon_threads = True
        server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    servers[0].socket = context.wrap_socket(
        servers[0].socket, server_side=True, do_handshake_on_connect=False
    )
    safe, plain = (int(server.server_address[1]) for server in servers)

    def look_up(host: str, _port: int) -> list[str]:
        if host in (SAFE, PLAIN, OTHER) or host.endswith(".viele.example"):
            return ["127.0.0.1"]
        if host == INSIDE:
            return ["10.0.0.8"]
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    trusted = ssl.create_default_context(cafile=str(made))
    ports = frozenset({80, 443, safe, plain})
    ways = Ways(look_up, lambda address: address == "127.0.0.1", ports, trusted, seconds)
    handler.net = net = Net(safe, plain, ways)  # type: ignore[attr-defined]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    yield net
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        server.server_close()
        thread.join()
