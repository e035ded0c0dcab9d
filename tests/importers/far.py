"""A server "on the internet" that runs on this machine, with a certificate that only the tests trust."""

import gzip
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from importers.remote import Ways

NAME = "listen.example"
LIST = b"Name;PLZ\nTreffpunkt;10365\n"
ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "/kreis": (302, b"", {"Location": "/kreis"}),
    "/einmal": (301, b"", {"Location": "/liste.csv"}),
    "/gepackt": (200, gzip.compress(bytes(10_000_000)), {"Content-Encoding": "gzip"}),
    "/riesig": (200, b"", {"Content-Length": str(2 * 1024**3)}),
    "/cut": (200, LIST, {"Content-Length": "1000"}),
    "/fehlt": (404, b"nichts", {}),
    "/benannt": (200, LIST, {"Content-Disposition": 'attachment; filename="../../etc/pass\u202ewd.csv"'}),
    "/daten": (200, LIST, {"Content-Type": "text/csv; charset=utf-8"}),
}


class Handler(BaseHTTPRequestHandler):
    """Each path does something else."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path in SLOW:
            self._drip(path)
        elif path.startswith("/nach/"):
            self._answer(302, b"", Location=TARGETS[path.removeprefix("/nach/")].format(port=self.port))
        else:
            status, body, headers = ANSWERS.get(path, (200, LIST, {}))
            self._answer(status, body, **headers)
            self.close_connection = path == "/cut"

    @property
    def port(self) -> int:
        return int(self.server.server_port)  # type: ignore[attr-defined]

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value.encode("utf-8").decode("latin-1"))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, path: str) -> None:
        with suppress(OSError):
            if path == "/tropft-kopf":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                for _byte in range(600):
                    self.wfile.write(b"X-A: b\r\n")
                    time.sleep(0.05)
            self.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            piece = b"x" * 65_536 if path == "/endlos" else b"x"
            for _byte in range(10_000):
                self.wfile.write(piece)
                if path == "/tropft":
                    time.sleep(0.05)

    def log_message(self, *_args: object) -> None:
        return


SLOW = {"/tropft", "/tropft-kopf", "/endlos"}
TARGETS = {
    "http": "http://listen.example/liste.csv",
    "datei": "file:///etc/passwd",
    "innen": "https://innen.example:{port}/liste.csv",
    "nummer": "https://127.0.0.1:{port}/liste.csv",
    "ausweis": "https://wer:was@listen.example:{port}/liste.csv",
    "anschluss": "https://listen.example:22/",
    "gopher": "gopher://listen.example/",
    "leer": "",
    "protokoll": "//innen.example:{port}/",
}


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for NAME; return it and its key."""
    made, key = folder / "cert.pem", folder / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:innen.example"]
    files = ["-days", "30", "-keyout", str(key), "-out", str(made)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return made, key


def serving(folder: Path) -> Iterator[tuple[int, Ways]]:
    """Serve; yield the port and the ways by which only this server is reached."""
    made, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = int(server.server_address[1])

    def look_up(host: str, _port: int) -> list[str]:
        known = {
            NAME: ["127.0.0.1"],
            "innen.example": ["10.0.0.8"],
            "halb.example": ["127.0.0.1", "10.0.0.8"],
        }
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return known[host]

    trusted = ssl.create_default_context(cafile=str(made))
    yield (
        port,
        Ways(
            look_up,
            lambda address: address == "127.0.0.1",
            frozenset({443, port}),
            trusted,
            seconds=2.0,
            most_bytes=1_000_000,
        ),
    )
    server.shutdown()
    server.server_close()
    thread.join()
