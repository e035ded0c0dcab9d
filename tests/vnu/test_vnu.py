"""The Nu HTML checker, which the W3C itself uses, finds nothing wrong with what is sent to browsers."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from api.core.build import ROOT
from tests.browser.test_accessibility import PAGES
from web.files import STATIC
from web.language import localized

pytestmark = pytest.mark.proof

JAR: Final = ROOT / "var" / "vnu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Each with its reason. Everything else that the checker says is a fault.
KNOWN: Final = (
    # Safari reads out a list without its marks as one only where it says that it is one.
    re.compile(r"The “list” role is unnecessary for element “[ou]l”\."),
    # In use in all browsers for years (SVG 2); the checker's list of properties does not hold them.
    re.compile(r"CSS: “(?:vector-effect|paint-order)”: Property “.+” doesn't exist\."),
)
# Beside PAGES: results of words, found, partly found and not found; lists with mistakes; other errors.
# The map to take along is not among them: its frame is Folium's.
MORE: Final = (
    "/angebote?q=schulden",
    "/angebote?q=schulden+vietnamesisch",
    "/angebote?q=schuldnerberatng",
    "/angebote?q=xqzvbn",
    "/angebote?seite=99",
    "/angebote?seite=2",
    "/merkliste?o=abc",
    "/merkliste?o=999999999",
    "/stadtteil/gibt-es-nicht",
    "/angebot/gibt-es-nicht",
    "/sprechzeiten-formular?z1-tag=Mo&z1-von=25&z1-bis=8&z1-seit=31.02.2026",
)


def said_of(kind: str, *files: Path) -> list[str]:
    """Return what the checker says of files, without what is known."""
    java = shutil.which("java")
    if java is None or not JAR.is_file():
        pytest.fail("The checker is not installed; sh ops/npm.sh vnu does it, with Java")
    command = [java, "-jar", str(JAR), "--format", "json", "--stdout", kind, *map(str, files)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return [
        f"{Path(message.get('url', '')).name}:{message.get('lastLine')}: {message['message']}"
        for message in messages
        if not any(known.fullmatch(message["message"]) for known in KNOWN)
    ]


@pytest.fixture
def fetch(server: str, tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Writes what is sent for an address into a file of its own."""
    with httpx2.Client(base_url=server, follow_redirects=True) as client:

        def into_file(address: str, ending: str) -> Path:
            answer = client.get(address)
            file = tmp_path / f"{re.sub(r'[^0-9a-z]+', '-', address)[:80]}{ending}"
            file.write_bytes(answer.content)
            return file

        yield into_file


@pytest.mark.parametrize("locale", ["de", "ar"])
def test_pages_have_no_fault(fetch: Callable[[str, str], Path], locale: str) -> None:
    files = [fetch(localized(address, locale), ".html") for address in (*PAGES, *MORE)]
    assert len(set(files)) == len(PAGES) + len(MORE)
    assert said_of("--html", *files) == []


def test_the_style_has_no_fault(fetch: Callable[[str, str], Path]) -> None:
    page = fetch("/", ".html").read_text(encoding="utf-8")
    addresses = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert any(address.endswith("site.css") for address in addresses)
    assert said_of("--css", *[fetch(address, ".css") for address in addresses]) == []


def test_drawings_have_no_fault() -> None:
    drawings = sorted((STATIC / "icons").glob("*.svg"))
    assert len(drawings) > 1
    assert said_of("--svg", *drawings) == []


def test_a_fault_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html lang=de><title>Seite</title><p id=a><p id=a>", encoding="utf-8")
    assert any("Duplicate ID" in said for said in said_of("--html", page))
