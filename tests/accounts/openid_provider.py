"""A small OpenID provider on this machine: checks what clients send, lies exactly as a test asks it to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "landkarte", "ein:geheimnis %&+ nur für Proben"
KEY = RSAKey.generate_key(2048, {"kid": "eins", "use": "sig", "alg": "RS256"})
LABEL = "Konto der Stadt"


def signed(claims: dict[str, Any], header: dict[str, Any] | None = None, key: Any = KEY) -> str:
    """An ID token as it should be."""
    return jwt.encode({"alg": "RS256", "kid": "eins"} | (header or {}), claims, key, algorithms=["RS256"])


class OpenIdProvider(ThreadingHTTPServer):
    """The provider; who: the claims of whoever is signed in there; changed: what a test makes of a token."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.forget()

    def forget(self) -> None:
        """Be honest again."""
        self.who: dict[str, Any] = {"sub": "4711", "email": "admin@stadt.example", "email_verified": True}
        self.claims: dict[str, Any] = {}  # of the next token, over what is true
        self.sign: Callable[[dict[str, Any]], str | None] = signed
        self.described: dict[str, Any] = {}  # over what is true
        self.answer: dict[str, str] = {}  # what the browser brings back, over what is true
        self.whole: dict[str, tuple[int, bytes]] = {}  # a path answered otherwise altogether
        self.codes: dict[str, dict[str, str]] = {}
        self.asked.clear()
        self.wrong.clear()

    def metadata(self) -> dict[str, Any]:
        """What it says of itself."""
        addresses = {"authorization_endpoint": "/hin", "token_endpoint": "/token", "jwks_uri": "/keys"}
        said: dict[str, Any] = {name: f"{self.issuer}{path}" for name, path in addresses.items()}
        said |= {"issuer": self.issuer, "authorization_response_iss_parameter_supported": True}
        return said | self.described

    def handle_error(self, *_args: object) -> None:
        """Say nothing of connections that clients end."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: OpenIdProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked.append(parts.path)
        if parts.path in self.server.whole:
            self._say(*self.server.whole[parts.path])
        elif parts.path == "/.well-known/openid-configuration":
            self._json(self.server.metadata())
        elif parts.path == "/keys":
            odd = [{"kty": "AKP", "kid": "morgen"}, {"kty": "oct", "kid": "eins", "k": "Z2VoZWlt"}]
            self._json({"keys": [*odd, KEY.as_dict(private=False)]})
        elif parts.path == "/hin":
            self._authorize(dict(parse_qsl(parts.query, strict_parsing=True)))
        else:
            self._say(404, b"")

    def _authorize(self, said: dict[str, str]) -> None:
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = said
        back = {"code": code, "state": said["state"], "iss": self.server.issuer} | self.server.answer
        query = urlencode({name: value for name, value in back.items() if value})
        self._say(302, b"", Location=f"{said['redirect_uri']}?{query}")

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {name: values[0] for name, values in parse_qs(body).items()}
        if self.path in self.server.whole:
            self._say(*self.server.whole[self.path])
            return
        begun = self.server.codes.pop(said.get("code", ""), None)  # once
        wrong = self._wrong(said, begun)
        if begun is None or wrong:
            self.server.wrong.append(wrong)
            self._json({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {"iss": self.server.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": begun["nonce"]} | self.server.who | self.server.claims
        token = self.server.sign({name: value for name, value in claims.items() if value is not None})
        self._json({"access_token": "zugang", "token_type": "Bearer", "id_token": token})

    def _wrong(self, said: dict[str, str], begun: dict[str, str] | None) -> str:
        """What a real provider would refuse."""
        basic = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        client = tuple(map(unquote_plus, basic.split(":"))) or (said.get("client_id"),)
        if client != (CLIENT, SECRET):
            return "client"
        if begun is None:
            return "code"
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (begun["code_challenge"], begun["code_challenge_method"]) != (challenge, "S256"):
            return "verifier"
        return "" if said.get("redirect_uri") == begun["redirect_uri"] else "redirect_uri"

    def _json(self, said: dict[str, Any], status: int = 200) -> None:
        self._say(status, json.dumps(said).encode())

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def providing() -> Iterator[OpenIdProvider]:
    """Serve until the end of the block."""
    server = OpenIdProvider()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settings_for(provider: OpenIdProvider, **changes: Any) -> dict[str, Any]:
    """The settings of an installation that has this provider."""
    own = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return own | {"oidc_label": LABEL, "oidc_loopback": True} | changes
