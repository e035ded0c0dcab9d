"""Asks for one web address as politely as a program can: HEAD, then GET, and no byte of any page is read.

Whether what is there is still what was meant – a parked domain, another owner – is for people to judge.
"""

import http.client
import ssl
import time
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import SplitResult, urljoin, urlsplit

from api.doubts.models import Answer
from importers import remote
from importers.errors import UnusableError
from importers.remote import Ways

PORTS: Final = frozenset({80, 443, 8080, 8443})
SECONDS: Final = 20.0  # for each request
REDIRECTS: Final = 5
FINE: Final = range(200, 400)  # what is not a redirect; those are followed
MOVED: Final = (301, 302, 303, 307, 308)
FOR_EVER: Final = (301, 308)
GONE: Final = (404, 410)
BROKEN: Final = (500, 502, 504)
LONGEST_NEW: Final = 500  # letters, as an offer takes them
# Who bought a name to sell it leads there; that says nothing about where the provider has gone.
PARKING: Final = ("sedo.com", "sedoparking.com", "parkingcrew.net", "bodis.com", "dan.com", "hugedomains.com",
                  "afternic.com", "above.com", "undeveloped.com")  # fmt: skip


class Turns(Protocol):
    """Lets one request at a time through to a host."""

    def turn(self, host: str) -> AbstractContextManager[None]:
        """Wait for one's turn; the next one comes after a pause."""


@dataclass(frozen=True)
class Said:
    """What became of asking for an address."""

    answer: Answer
    status: int | None = None
    moved_to: str = ""
    has_host: bool = True  # False: no server was reached at all


@dataclass(frozen=True)
class Asker:
    """How is asked, and in whose name; contact: a mail address or page for the people who run the servers."""

    contact: str
    turns: Turns
    ways: Ways = field(default_factory=lambda: Ways(ports=PORTS, seconds=SECONDS))

    def ask(self, address: str) -> Said:
        """Return what the server says to an address, after following its redirects."""
        moved_to, is_for_ever = "", True
        for _redirect in range(REDIRECTS + 1):
            try:
                parts = remote.check(address, self.ways.ports, is_plain_allowed=True)
            except UnusableError:
                return Said(Answer.UNJUDGED)
            answer = self._answer(parts)
            if isinstance(answer, Said):
                return answer
            status, target = answer
            if status not in MOVED:
                return _judged(status, moved_to)
            is_for_ever &= status in FOR_EVER
            address = urljoin(parts.geturl(), target)
            if is_for_ever:
                moved_to = address
        return Said(Answer.SILENT, status)  # round in circles

    def _answer(self, parts: SplitResult) -> "tuple[int, str] | Said":
        """Return status and target of an address, asked for by HEAD, and by GET if that is not liked."""
        try:
            with suppress(http.client.HTTPException, ConnectionResetError, TimeoutError):
                status, target = self._request("HEAD", parts)
                if status in FINE or status == http.HTTPStatus.TOO_MANY_REQUESTS:
                    return status, target
            return self._request("GET", parts)
        except (UnusableError, OSError, http.client.HTTPException, ValueError) as error:
            return _failed(error)

    def _request(self, method: str, parts: SplitResult) -> tuple[int, str]:
        with self.turns.turn(parts.hostname or ""):
            deadline = time.monotonic() + self.ways.seconds
            connection = remote.Connection(parts, self.ways, deadline)
            try:
                agent = f"Unterstuetzungs-Landkarte (Pruefung von Links; {self.contact})"
                headers = {"Accept": "text/html, */*", "User-Agent": agent, "Connection": "close"}
                connection.request(method, remote.target(parts), headers=headers)
                answer = connection.getresponse()
                if (
                    time.monotonic() >= deadline
                ):  # ended by the clock, which looks like the end of the headers
                    raise TimeoutError
                return answer.status, _target(answer)
            finally:
                connection.close()


def _failed(error: Exception) -> Said:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Said(Answer.UNSAFE)
    if isinstance(error, UnusableError) and not isinstance(error, remote.UnknownHostError):
        return Said(Answer.UNJUDGED)  # not public: for the people of that network it may be
    is_reached = isinstance(error, (ssl.SSLError, http.client.HTTPException))
    return Said(Answer.SILENT, has_host=is_reached)


def _target(answer: http.client.HTTPResponse) -> str:
    said = answer.getheader("Location") or ""
    try:  # what is not ASCII comes as UTF-8, which http.client reads as Latin-1
        return said.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return said


def _judged(status: int, moved_to: str) -> Said:
    if status in GONE:
        return Said(Answer.GONE, status)
    if status in BROKEN:
        return Said(Answer.SILENT, status)
    if status not in FINE:
        return Said(Answer.UNJUDGED, status)
    return Said(Answer.FINE, status, moved_to)


def new_address(old: str, moved_to: str) -> str:
    """Return the address that is worth taking over, empty if browsers find the way as well without us.

    They do when only the scheme, "www." or the last slash differ, or when a start page leads into its site.
    """
    if not moved_to or len(moved_to) > LONGEST_NEW or any(sign in moved_to for sign in ' <>"'):
        return ""
    before, after = urlsplit(old), urlsplit(moved_to)
    site, new_site = (_site(parts) for parts in (before, after))
    if any(new_site == host or new_site.endswith(f".{host}") for host in PARKING):
        return ""
    if site == new_site and (before.path.strip("/") in ("", after.path.strip("/"))):
        return ""
    return after._replace(fragment="").geturl()


def _site(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")
