"""The page of family plans as tests read it: the elements of an answer, and what its form would send."""

from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import httpx2
from starlette.testclient import TestClient

THREE = {"sorge-1-thema": "kita", "sorge-2-wort": "Brief vom Jobcenter", "sorge-3-thema": "schulden"}
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


class _Reader(HTMLParser):
    """Builds a tree of a page of ours, which closes what it opens."""

    def __init__(self) -> None:
        super().__init__()
        self.tree, self.is_open = TreeBuilder(), True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tree.end(tag)
        self.is_open = tag != "html"

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.tree.data(data)


def send(client: TestClient, fields: Any, path: str = "/plan", **headers: str) -> httpx2.Response:
    return client.post(path, data=fields, headers=headers, follow_redirects=False)


def seen(answer: httpx2.Response) -> Element:
    reader = _Reader()
    reader.feed(answer.text[answer.text.index("<html") :])
    return reader.tree.close()


def asked(client: TestClient, fields: Any, path: str = "/plan") -> Element:
    """The page that answers a form without a mistake."""
    answer = send(client, fields, path)
    assert answer.status_code == 200
    return seen(answer)


def by_id(page: Element, name: str) -> Element | None:
    return page.find(f".//*[@id='{name}']")


def of_class(page: Element, name: str) -> list[Element]:
    return [one for one in page.iter() if name in one.get("class", "").split()]


def words(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def buttons(page: Element) -> list[str]:
    """What the buttons of the form would say."""
    return [one.get("value", "") for one in page.iterfind(".//button[@name='tun']")]


def offers(page: Element) -> list[str]:
    """The offers of a plan in their order, without those that come home."""
    return [one.get("data-offer", "") for one in page.iterfind(".//*[@data-number]")]


def filled(page: Element) -> dict[str, list[str]]:
    """What the form would send, were it sent by none of its buttons."""
    form = by_id(page, "plan-formular")
    assert form is not None
    said: dict[str, list[str]] = {}
    _gather(form, said)
    return said


def _gather(element: Element, said: dict[str, list[str]]) -> None:
    for child in element:
        name = child.get("name")
        if child.tag == "template":
            continue
        if child.tag == "select" and name:
            chosen = [one.get("value", "") for one in child.iter("option") if "selected" in one.attrib]
            said.setdefault(name, []).extend(chosen or [""])
        elif child.tag == "input" and name and (child.get("type") != "checkbox" or "checked" in child.attrib):
            said.setdefault(name, []).append(child.get("value", ""))
        else:
            _gather(child, said)
