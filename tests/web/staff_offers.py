"""What tests of the form for offers share: a small city, its staff, and somebody who fills in the steps."""

import re
from html import unescape
from typing import Any

import httpx2
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.models import Role
from api.regions.models import Region
from tests.accounts.people import Browser, make_member
from tests.factories import box, make_division, make_region, make_space, make_topic

WEST, EAST = "West", "Ost"
# What somebody types for a Mikroprojekt, page by page; each entry is one thing that a hand does.
MIKROPROJEKT: list[tuple[str, list[tuple[str, str]]]] = [
    ("was", [("name", "Elterncafé"), ("summary", "Eltern frühstücken zusammen."), ("topics", "familie")]),
    ("wo", [("places/new-1/street", "Lindenweg 3"), ("places/new-1/postcode", "10367")]),
    ("wann", [("text", "mittwochs 9-11 Uhr")]),
    ("kontakt", [("contacts/new-1/phone", "030 1234567")]),
]


def make_city(session: Session) -> Region:
    """A region of two spaces, with two houses that have addresses, and a member of each role."""
    region = make_region(session, slug="stadt")
    division = make_division(session, region, name="Quartiere")
    west = make_space(session, division, "1", box(13, 52, 13.5, 53), name=WEST)
    east = make_space(session, division, "2", box(13.5, 52, 14, 53), name=EAST)
    make_topic(session, "familie", names={"de": "Familie"})
    make_topic(session, "geld", names={"de": "Geld und Schulden"})
    make_member(session, region, Role.COORDINATOR, "west@stadt.example", space_ids=[west.id])
    make_member(session, region, Role.COORDINATOR, "ost@stadt.example", space_ids=[east.id])
    make_member(session, region, Role.COORDINATOR, "alle@stadt.example")
    make_member(session, region, Role.EDITOR, "redaktion@stadt.example", space_ids=[west.id])
    make_member(session, region, Role.COACH, "coach@stadt.example")
    return region


class Writer(Browser):
    """Somebody who writes entries, and counts what it takes."""

    def __init__(self, engine: Engine, email: str) -> None:
        super().__init__(engine, network=f"10.2.{sum(map(ord, email)) % 250}.1")
        self.interactions = 0
        self.come_in(email)

    def press(self, path: str, page: str, **fields: Any) -> httpx2.Response:
        """Send the form of a page with everything that stands in it, and what is typed now."""
        self.interactions += 1
        answer = self.get(page)
        assert answer.status_code == 200, answer.text
        return self.send(path, answer, **fields)

    def send(self, path: str, shown: httpx2.Response, **fields: Any) -> httpx2.Response:
        """Send the form as it was shown before."""
        self.last = self.client.post(path, data=present(shown.text) | fields)
        return self.last

    def begin(self) -> str:
        """Press the button for a new offer; return where its form is."""
        answer = self.press("/pflege/angebote/neu", "/pflege/angebote")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].rpartition("/")[0]

    def fill(self, draft: str, step: str, typed: list[tuple[str, str]], **more: Any) -> httpx2.Response:
        """Fill in one step and go on."""
        self.interactions += len(typed)
        return self.press(f"{draft}/{step}", f"{draft}/{step}", tun="weiter", **dict(typed), **more)

    def write(self, **changes: str) -> str:
        """Write a Mikroprojekt up to the preview; return where its form is."""
        draft = self.begin()
        for step, typed in MIKROPROJEKT:
            answer = self.fill(draft, step, [(name, changes.get(name, said)) for name, said in typed])
            assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"{draft}/ansehen"
        return draft

    def publish(self, draft: str) -> httpx2.Response:
        """Press the last button."""
        return self.press(f"{draft}/veroeffentlichen", f"{draft}/ansehen")


def present(html: str) -> dict[str, Any]:
    """Return what the form of a page holds before anybody types."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", html):
        told = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        kind = told.get("type", "text")
        if "name" not in told or (kind in {"checkbox", "radio"} and not re.search(r"\bchecked\b", tag)):
            continue
        if kind == "checkbox":
            found.setdefault(told["name"], []).append(told.get("value", ""))
        else:
            found[told["name"]] = told.get("value", "")
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        found[name] = unescape(body).removeprefix("\n")
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else re.findall(r'<option value="([^"]*)"', body)[0]
    return found
