"""A real browser against the real service; every request to another host fails the test."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from ops.browser import ARGUMENTS, executable

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the system's packages."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield running
        running.close()


def _is_ours(said: ConsoleMessage) -> bool:
    # Chromium itself reports a page that answers 404 or 422, as some of these are meant to.
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def watched(context: BrowserContext, *hosts: str) -> Iterator[Page]:
    """Yield a page; afterwards fail on foreign requests, script errors and anything the CSP had to stop."""
    page = context.new_page()
    foreign: list[str] = []
    errors: list[str] = []

    def look(request: Request) -> None:
        if not request.url.startswith((*hosts, "data:", "file:")):
            foreign.append(urlsplit(request.url).netloc)

    context.on("request", look)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if _is_ours(said) else None)
    yield page
    context.close()
    assert not foreign, f"requests to other hosts: {foreign}"
    assert not errors, errors


@pytest.fixture
def desk(browser: Browser, server: str) -> Iterator[Page]:
    """A big screen."""
    yield from watched(browser.new_context(viewport=DESK, base_url=server), server)  # type: ignore[arg-type]


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    """A small old phone."""
    context = browser.new_context(viewport=PHONE, base_url=server, has_touch=True)  # type: ignore[arg-type]
    yield from watched(context, server)


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    """A phone whose browser runs no JavaScript."""
    context = browser.new_context(viewport=PHONE, base_url=server, java_script_enabled=False)  # type: ignore[arg-type]
    yield from watched(context, server)
