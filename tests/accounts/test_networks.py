"""Behind a proxy: attempts are counted by the network that it tells, and by nothing that a visitor says."""

import re
import ssl
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, text

from tests.accounts.conftest import ADMIN
from tests.accounts.serving import served

NGINX = Path(__file__).parents[2] / "ops" / "image" / "nginx.conf"


def attempt(address: str, network: str) -> int:
    """A wrong password by way of a proxy that tells a network; returns the status."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    headers = {"x-forwarded-for": network, "x-forwarded-proto": "https"}
    with httpx2.Client(verify=trusting, base_url=address, headers=headers) as client:
        proof = re.search(r'name="formular" value="(\w+)"', client.get("/pflege/anmelden").text)
        assert proof
        sent = {"formular": proof[1], "email": ADMIN, "kennwort": "falsch geraten Nummer 1"}
        return client.post("/pflege/anmelden", data=sent).status_code


@pytest.mark.parametrize("proxies", ["127.0.0.1", ""])
def test_a_network_that_guesses_is_not_everybody_if_the_proxy_is_trusted(
    city: Engine, tmp_path: Path, proxies: str
) -> None:
    with served(city, tmp_path, proxies=proxies) as address:
        assert [attempt(address, "198.51.100.0") for _try in range(6)] == [422] * 5 + [429]
        # Without --proxies everybody could say to come from anywhere.
        assert attempt(address, "203.0.113.0") == (422 if proxies else 429)
    with city.connect() as connection:
        kept = connection.execute(text("SELECT CAST(a AS text) FROM sign_in_attempts a")).scalars().all()
    assert kept
    assert not any("198.51" in row or "203.0" in row for row in kept)


def told(variable: str, value: str) -> str:
    """What a map of nginx.conf makes of a value."""
    block = re.search(rf"map \$\w+ \${variable} \{{(.*?)\n    \}}", NGINX.read_text(), re.DOTALL)
    assert block
    for pattern, result in re.findall(r'^\s*"~([^"]+)" "?([^";]+)"?;$', block[1], re.MULTILINE):
        found = re.search(pattern.replace("(?<", "(?P<"), value)
        if found:
            filled = str(result)
            for name, part in found.groupdict().items():
                filled = filled.replace(f"${name}", part)
            return filled
    return ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2::3", "2001:db8:1::"),
        ("2001:db8:1::3", "2001:db8:1::"),
        ("2001:db8::1:2", "2001:db8::"),
        ("2001::5", "2001::"),
        ("::1", ""),
        ("unix:", ""),
    ],
)
def test_our_proxy_tells_the_network_alone(address: str, network: str) -> None:
    assert told("network", address) == network


def test_our_proxy_tells_it_only_where_somebody_is_counted() -> None:
    lists = ("/liste/x", "/de-simple/liste/x.pdf", "/plan", "/tr/plan", "/de-simple/plan")
    for path in ("/pflege", "/pflege/anmelden", "/pflege/einlesen/datei", *lists):
        assert told("told", path) == "$network"
    others = ("/liste", "/angebot/liste/x", "/plan/x", "/planung", "/api/v1/plans")
    for path in ("/", "/angebote", "/pflegefall", "/api/v1/offers", "/fehler-melden", *others):
        assert told("told", path) == ""
    assert "proxy_set_header X-Forwarded-For $told;" in NGINX.read_text()
