"""Fetches a list from an address on the internet, and never from anywhere else.

Only https, only public addresses, each redirect checked like the first address. A name is looked up once, and
the connection goes to the very address that was checked, so that a second answer of the name server changes
nothing. Size and time are bounded for all of it together.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from importers.errors import UnusableError
from importers.readers import limits

USUAL: Final = 443
PLAIN: Final = 80
PORTS: Final = frozenset({USUAL, 8443})
REDIRECTS: Final = 3
SECONDS: Final = 120.0  # for everything
PAUSE_SECONDS: Final = 15.0  # in which nothing comes
LONGEST: Final = 2_000  # letters of an address
PIECE: Final = 65_536  # bytes
MOVED: Final = (301, 302, 303, 307, 308)
OK: Final = 200
# Endings for what servers say of files that have none.
ENDINGS: Final = {
    "text/csv": ".csv", "text/tab-separated-values": ".tsv", "application/json": ".json",
    "application/geo+json": ".geojson", "text/calendar": ".ics",
    "application/vnd.google-earth.kml+xml": ".kml", "application/vnd.google-earth.kmz": ".kmz",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods", "application/geopackage+sqlite3": ".gpkg",
    "application/zip": ".zip",
}  # fmt: skip
_HOST: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
_NAMED: Final = re.compile(r'filename="?([^";]+)"?', re.IGNORECASE)
_TUNNELS: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("2002::/16"))
IP = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnknownHostError(UnusableError):
    """No name server knows an address for this name."""


def looked_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


def is_public(said: str) -> bool:
    """Return whether an address lies on the open internet, also by way of those it only wraps."""
    try:
        address: IP = ipaddress.ip_address(said.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if address in _TUNNELS[0]:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address.is_site_local or address.teredo:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


@dataclass(frozen=True)
class Ways:
    """How the internet is reached; tests go other ways."""

    look_up: Callable[[str, int], list[str]] = looked_up
    is_allowed: Callable[[str], bool] = is_public
    ports: frozenset[int] = PORTS
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS
    most_bytes: int = limits.FILE


def is_address(said: str) -> bool:
    """Return whether a text is meant as an address rather than as the name of a file."""
    return re.match(r"[a-z][a-z0-9+.-]*://", said.strip(), re.IGNORECASE) is not None


def check(said: str, ports: frozenset[int] = PORTS, *, is_plain_allowed: bool = False) -> SplitResult:
    """Return the parts of an address that may be fetched, or raise UnusableError."""
    said = said.strip()
    if len(said) > LONGEST or not said.isprintable() or re.search(r"[\s\\]", said):
        raise UnusableError("Diese Adresse ist zu lang oder enthält Zeichen, die in keine Adresse gehören.")
    try:
        parts = urlsplit(said)
        usual = PLAIN if is_plain_allowed and parts.scheme == "http" else USUAL
        port = usual if parts.port is None else parts.port
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except ValueError as error:
        raise UnusableError("Das ist keine Internetadresse, wie wir sie verstehen.") from error
    if parts.scheme != "https" and not (is_plain_allowed and parts.scheme == "http"):
        raise UnusableError("Die Adresse muss mit https:// beginnen.")
    if "@" in parts.netloc:
        raise UnusableError("In der Adresse darf kein Name und kein Kennwort stehen.")
    if not _HOST.fullmatch(host):
        raise UnusableError("Die Adresse muss den Namen eines Servers im Internet nennen, keine Nummer.")
    if port not in ports:
        raise UnusableError(f"Der Anschluss {port} ist nicht erlaubt, nur {_either(ports)}.")
    return parts._replace(netloc=host if port == usual else f"{host}:{port}", fragment="")


def fetch(address: str, folder: Path, ways: Ways | None = None) -> Path:
    """Fetch a file into a folder and return where it lies, or raise UnusableError."""
    ways = ways or Ways()
    deadline = time.monotonic() + ways.seconds
    for _redirect in range(REDIRECTS + 1):
        parts = check(address, ways.ports)
        try:
            found = _ask(parts, folder, ways, deadline)
        except UnusableError:
            raise
        except ssl.SSLCertVerificationError as error:
            raise UnusableError(
                f"{parts.hostname}: Dem Zertifikat des Servers ist nicht zu trauen."
            ) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            if time.monotonic() >= deadline:
                raise _too_slow(parts, ways) from error
            raise UnusableError(f"{parts.hostname}: Der Server antwortet nicht, wie er soll.") from error
        if isinstance(found, Path):
            return found
        address = urljoin(parts.geturl(), found)
    raise UnusableError(f"Die Adresse leitet mehr als {REDIRECTS}-mal weiter.")


class Connection(http.client.HTTPSConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, parts: SplitResult, ways: Ways, deadline: float) -> None:
        """Look the name up; raise UnusableError if it has no address or one that is not public."""
        self.is_plain = parts.scheme == "http"
        usual = PLAIN if self.is_plain else USUAL
        super().__init__(parts.hostname or "", parts.port or usual, context=ways.context)
        self.default_port = usual  # is not said in the header
        self._addresses = _checked(self.host, self.port, ways)
        self._ways, self._deadline = ways, deadline
        self._timer: threading.Timer | None = None

    def connect(self) -> None:
        """Connect; from here on a clock runs that ends the connection, however slowly it drips."""
        left = max(self._deadline - time.monotonic(), 0.01)
        raw = self._reached(left)
        self.sock = raw
        if not self.is_plain:
            self.sock = self._ways.context.wrap_socket(
                raw, server_hostname=self.host, do_handshake_on_connect=False
            )
        self._timer = threading.Timer(left, _end, [self.sock])
        self._timer.daemon = True
        self._timer.start()
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()

    def _reached(self, left: float) -> socket.socket:
        """Return a socket to the first of the addresses that answers; often one of them is of IPv6."""
        patience = min(PAUSE_SECONDS, left) / len(self._addresses)
        for address in self._addresses[:-1]:
            with suppress(OSError):
                return self._opened(address, patience)
        return self._opened(self._addresses[-1], patience)

    def _opened(self, address: str, patience: float) -> socket.socket:
        opened = socket.create_connection((address, self.port), timeout=patience)
        opened.settimeout(PAUSE_SECONDS)
        return opened

    def close(self) -> None:
        """Close, and stop the clock."""
        if self._timer is not None:
            self._timer.cancel()
        super().close()


def _end(opened: socket.socket) -> None:
    try:
        socket.socket.shutdown(opened, socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself


def target(parts: SplitResult) -> str:
    """Return path and query as a request names them."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return f"{path}?{query}" if query else path


def _ask(parts: SplitResult, folder: Path, ways: Ways, deadline: float) -> Path | str:
    """Return the file, or where it has moved."""
    host = parts.hostname or ""
    connection = Connection(parts, ways, deadline)
    try:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Unterstuetzungs-Landkarte"}
        connection.request("GET", target(parts), headers=headers)
        answer = connection.getresponse()
        if answer.status in MOVED:
            return answer.getheader("Location") or ""
        if answer.status != OK:
            raise UnusableError(f"{host}: Der Server gibt die Datei nicht heraus (Antwort {answer.status}).")
        if (answer.getheader("Content-Encoding") or "identity").strip().lower() != "identity":
            raise UnusableError(f"{host}: Der Server schickt die Datei gepackt. Bitte laden Sie sie selbst.")
        return _kept(answer, parts, folder, ways, deadline)
    finally:
        connection.close()


def _checked(host: str, port: int, ways: Ways) -> list[str]:
    """Return the addresses of a host; one that is not public makes all of them suspicious."""
    try:
        found = ways.look_up(host, port)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(f"{host}: Diesen Server gibt es nicht.") from error
    if not found or not all(map(ways.is_allowed, found)):
        raise UnusableError(f"{host}: Diese Adresse liegt nicht im öffentlichen Internet.")
    return found


def _kept(
    answer: http.client.HTTPResponse, parts: SplitResult, folder: Path, ways: Ways, deadline: float
) -> Path:
    most = f"Die Datei ist zu groß (erlaubt sind {ways.most_bytes // limits.MIB} MB)."
    said = answer.getheader("Content-Length") or "0"
    if not said.isdigit() or int(said) > ways.most_bytes:
        raise UnusableError(most)
    file, size = folder / _name(answer, parts), 0
    with file.open("wb") as opened:
        while piece := answer.read1(PIECE):
            size += len(piece)
            if size > ways.most_bytes:
                raise UnusableError(most)
            if time.monotonic() >= deadline:
                raise _too_slow(parts, ways)
            opened.write(piece)
    if time.monotonic() >= deadline:  # ended by the clock, which looks like the end of the file
        raise _too_slow(parts, ways)
    if int(said) > size or not size:
        raise UnusableError(f"{parts.hostname}: Die Datei ist nicht ganz angekommen.")
    return file


def _name(answer: http.client.HTTPResponse, parts: SplitResult) -> str:
    told = _NAMED.search(answer.getheader("Content-Disposition") or "")
    said = told[1] if told else unquote(parts.path)
    name = (
        re.sub(r"[^\w.()+ -]", "", said.replace("\\", "/").rpartition("/")[2]).strip(". ")[-100:] or "liste"
    )
    kind = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    return name if Path(name).suffix else f"{name}{ENDINGS.get(kind, '')}"


def _too_slow(parts: SplitResult, ways: Ways) -> UnusableError:
    return UnusableError(f"{parts.hostname}: Der Server braucht länger als {ways.seconds:.0f} Sekunden.")


def _either(ports: frozenset[int]) -> str:
    return " und ".join(map(str, sorted(ports)))
