"""Takes pictures of pages, with a server of its own on a free port.

Without addresses: of every page for the docs. With addresses: at three widths into var/screenshots.
"""

import argparse
import contextlib
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from ops import gallery
from ops.browser import ARGUMENTS, executable

WIDTHS: Final = {360: 780, 768: 1024, 1280: 900}  # CSS pixels: width and height of the window
FOLDER: Final = Path(__file__).resolve().parents[1] / "var" / "screenshots"
START_SECONDS: Final = 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures that the command line asks for and print their names."""
    parser = argparse.ArgumentParser(prog="ops.screenshots", description=__doc__)
    parser.add_argument("paths", nargs="*", help="page addresses, such as /angebote?thema=geld")
    parser.add_argument("--base", help="take them from this server instead, such as http://127.0.0.1:8000")
    parser.add_argument("--whole", action="store_true", help="the whole page, not only the first screen")
    parser.add_argument("--no-javascript", action="store_true")
    options = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as until_the_end:
        base = options.base or until_the_end.enter_context(own_server())
        playwright = until_the_end.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        if not options.paths:
            for file in gallery.take_all(browser, base):
                print(file)
        for width in WIDTHS:
            for path in options.paths:
                scripted = not options.no_javascript
                print(take(browser, base + path, width, whole=options.whole, javascript=scripted))
        browser.close()
    return 0


def take(browser: Browser, url: str, width: int, *, whole: bool, javascript: bool) -> Path:
    """Photograph one page, `width` CSS pixels wide, and return the picture's file."""
    viewport = ViewportSize(width=width, height=WIDTHS[width])
    context = browser.new_context(viewport=viewport, locale="de-DE", java_script_enabled=javascript)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    path = re.sub(r"^https?://[^/]+", "", url)
    name = re.sub(r"[^0-9A-Za-zÄÖÜäöüß]+", "-", path).strip("-") or "start"
    file = FOLDER / f"{name}{'' if javascript else '-ohne-js'}-{width}.png"
    page.screenshot(path=file, full_page=whole)
    context.close()
    return file


@contextlib.contextmanager
def own_server() -> Iterator[str]:
    """Serve the pages on a free port; yields the address, raises TimeoutError if it never answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "--factory", "web.main:create_app", "--port", str(port)]
    with subprocess.Popen([*command, "--log-level", "warning", "--no-access-log"]) as server:
        try:
            _await(base)
            yield base
        finally:
            server.terminate()


def _await(base: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=5).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{base} does not answer") from None
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
