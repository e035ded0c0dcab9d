"""The OpenID provider of the installation: what it says of itself, its keys, and for whom a code stands.

Every request goes through the guard of importers/remote.py: the host that the operator has named may be in
the own network, whatever it points to otherwise lies on the open internet. No redirects, small answers,
little time, few at once; what fails is not asked again at once, so a provider that is down slows nothing.
"""

import http.client
import json
import logging
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock
from typing import Any, Final
from urllib.parse import SplitResult, quote_plus, urlsplit

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oidc.discovery import get_well_known_url
from fastapi import Request
from joserfc.jwk import KeySet

from api.accounts import oidc
from api.accounts.models import SignInFlow
from api.core.errors import NotFoundError
from api.core.settings import Settings
from importers import remote
from importers.errors import UnusableError

log = logging.getLogger("landkarte.openid")
SCOPE: Final = "openid email"
_KEPT_SECONDS: Final = 3_600.0
_AGAIN_SECONDS: Final = 15.0  # after a failure, or when keys seem to be new
_SECONDS: Final = 8.0  # for one request
_MOST_BYTES: Final = 200_000
_AT_ONCE: Final = 4
_OK: Final = 200
_BASIC, _POST = "client_secret_basic", "client_secret_post"
_FORM: Final = "application/x-www-form-urlencoded"
_PORTS: Final = frozenset(range(1, 65_536))


class UnreachableError(Exception):
    """The provider does not answer, or not as providers do; its text says why, in English."""


@dataclass(frozen=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3), as far as it is used."""

    authorization: str
    token: str
    keys: str
    method: str
    names_itself: bool  # in answers that a browser brings back (RFC 9207)


class Provider:
    """Asks the provider for a process; the answers are kept for an hour."""

    def __init__(self, chosen: Settings, look_up: Callable[[str, int], list[str]] = remote.looked_up) -> None:
        """Take the settings; look_up: how names become addresses, tests have names of their own."""
        self.issuer, self.label = chosen.oidc_issuer, chosen.oidc_label
        self._client, self._secret = chosen.oidc_client_id, chosen.oidc_client_secret
        self._strong = tuple(chosen.oidc_acr.split())
        self._look_up = look_up
        self._context = ssl.create_default_context()
        self._lock, self._places = Lock(), BoundedSemaphore(_AT_ONCE)
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None
        self._metadata_until = self._keys_until = self._keys_asked = self._fails_until = 0.0

    def way(self, sent: oidc.Sent, redirect_uri: str) -> str:
        """Return the address to which a browser goes; raise UnreachableError."""
        more = {"acr_values": " ".join(self._strong)} if self._strong else {}
        said: str = prepare_grant_uri(
            self.metadata().authorization,
            self._client,
            "code",
            redirect_uri,
            SCOPE,
            sent.state,
            nonce=sent.nonce,
            code_challenge=sent.challenge,
            code_challenge_method="S256",
            **more,
        )
        return said

    def check_issuer(self, said: str | None) -> None:
        """Raise UntrustedError if the answer that a browser brought is not this provider's (RFC 9207)."""
        if said is None and not self.metadata().names_itself:
            return
        if said != self.issuer:
            raise oidc.UntrustedError("the answer of another issuer")

    def identity(self, code: str, flow: SignInFlow) -> oidc.Identity:
        """Return for whom a code stands; raise UntrustedError or UnreachableError."""
        answer = self._token(code, flow)
        expected = oidc.Expected(self.issuer, self._client, flow.nonce, self._strong)
        token, access = answer.get("id_token"), answer.get("access_token")
        try:
            return oidc.read(token, self.signing_keys(), expected, access)
        except oidc.UnknownKeyError:
            return oidc.read(token, self.signing_keys(are_old=True), expected, access)

    def metadata(self) -> Metadata:
        """Return what the provider says of itself; raise UnreachableError."""
        with self._lock:
            if self._metadata is None or time.monotonic() > self._metadata_until:
                self._metadata = self._described(self._asked(get_well_known_url(self.issuer, external=True)))
                self._metadata_until = time.monotonic() + _KEPT_SECONDS
            return self._metadata

    def signing_keys(self, *, are_old: bool = False) -> KeySet:
        """Return the keys with which the provider signs; are_old: one is missing that it has used."""
        address = self.metadata().keys
        with self._lock:
            now = time.monotonic()
            may_ask = now > self._keys_asked + _AGAIN_SECONDS
            if self._keys is None or now > self._keys_until or (are_old and may_ask):
                self._keys_asked = now
                try:
                    self._keys = oidc.keys_of(self._asked(address))
                except (KeyError, TypeError) as error:
                    raise UnreachableError("no keys") from error
                self._keys_until = now + _KEPT_SECONDS
            return self._keys

    def _described(self, said: dict[str, Any]) -> Metadata:
        # Exactly the same: or somebody else's provider could speak for this one.
        if said.get("issuer") != self.issuer:
            raise UnreachableError("describes another issuer")
        found = [said.get(f"{name}_endpoint") for name in ("authorization", "token")]
        addresses = [*found, said.get("jwks_uri")]
        if not all(isinstance(address, str) for address in addresses):
            raise UnreachableError("describes itself in part only")
        authorization, token, keys = (self._parts(str(address)).geturl() for address in addresses)
        methods = said.get("token_endpoint_auth_methods_supported") or [_BASIC]
        return Metadata(
            authorization=authorization,
            token=token,
            keys=keys,
            method=_POST if _BASIC not in methods and _POST in methods else _BASIC,
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _token(self, code: str, flow: SignInFlow) -> dict[str, Any]:
        found = self.metadata()
        body = prepare_token_request(
            "authorization_code", "", flow.redirect_uri, code=code, code_verifier=flow.verifier
        )
        # In the header both are encoded first (RFC 6749, 2.3.1).
        own = (quote_plus, str)[found.method == _POST]
        auth = ClientAuth(own(self._client), own(self._secret), found.method)
        address, headers, body = auth.prepare("POST", found.token, {"Content-Type": _FORM}, body)
        return self._asked(address, body, headers)

    def _asked(
        self, address: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """Return the JSON object at an address; raise UnreachableError, or UntrustedError if it says no."""
        if time.monotonic() < self._fails_until:
            raise UnreachableError("did not answer just now")
        if not self._places.acquire(timeout=_SECONDS):
            raise UnreachableError("too many ask at once")
        try:
            status, content = self._exchanged(self._parts(address), body, headers or {})
        except (OSError, http.client.HTTPException, UnusableError) as error:
            self._fails_until = time.monotonic() + _AGAIN_SECONDS
            log.warning("The OpenID provider does not answer: %s", type(error).__name__)
            raise UnreachableError("does not answer") from error
        finally:
            self._places.release()
        if body is not None and 400 <= status < 500:  # noqa: PLR2004 - a code that is used, or not ours
            raise oidc.UntrustedError("refuses the code")
        try:
            said = json.loads(content) if status == _OK else None
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            log.warning("The OpenID provider answers with %s where JSON is expected", status)
            raise UnreachableError("answers with something else")
        return said

    def _parts(self, said: str) -> SplitResult:
        """Return the parts of an address that may be asked; by plain http only the issuer itself."""
        own, parts = urlsplit(self.issuer), urlsplit(said)
        if (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
            return parts._replace(fragment="")
        try:
            return remote.check(said, _PORTS)
        except UnusableError as error:
            raise UnreachableError("names an address that must not be asked") from error

    def _exchanged(self, parts: SplitResult, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        is_own = parts.hostname == urlsplit(self.issuer).hostname
        ways = remote.Ways(
            self._look_up, (lambda _any: True) if is_own else remote.is_public, context=self._context
        )
        deadline = time.monotonic() + _SECONDS
        connection = remote.Connection(parts, ways, deadline)
        usual = {"Accept": "application/json", "Accept-Encoding": "identity"}
        usual["User-Agent"] = "Unterstuetzungs-Landkarte"
        try:
            connection.request("GET" if body is None else "POST", remote.target(parts), body, usual | headers)
            answer = connection.getresponse()
            content = answer.read(_MOST_BYTES + 1)
        finally:
            connection.close()
        if len(content) > _MOST_BYTES or time.monotonic() >= deadline:
            raise UnusableError("too much, or too slow")
        return answer.status, content


def of_settings(chosen: Settings) -> Provider | None:
    """Return the provider that the settings name, if they name one."""
    return Provider(chosen) if chosen.oidc_issuer else None


def of_request(request: Request) -> Provider:
    """Return the provider of the installation; raise NotFoundError if it has none."""
    found: Provider | None = request.app.state.openid
    if found is None:
        raise NotFoundError
    return found


def label(request: Request) -> str:
    """Return how people call the provider; empty: there is none."""
    found: Provider | None = request.app.state.openid
    return found.label if found else ""
