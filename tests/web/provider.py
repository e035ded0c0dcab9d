"""A provider with a link: entries of its own and of others, what the pages say, and what came of them."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.core.settings import Settings, settings
from api.curation import freshness_links as links
from api.curation.freshness_models import Purpose
from api.curation.models import Proposal
from api.history.models import Revision
from api.offers.models import Offer
from api.regions.models import Region
from tests.curation.sheets import contact, entry, line, place
from tests.factories import make_region
from tests.freshness.post_office import PostOffice
from web.main import create_app

NAME, MAIL = "Nachbarn", "buero@nachbarn.example"
OWN, SHELTER, FOREIGN = "Sprechstunde", "Schutzhaus", "Fremdes Café"
SECRET, PRIVATE = "Geheimgasse 7", "030 999111"
CHECK, QUIET = "/anbieter/pruefen/", "/anbieter/ruhe/"


@dataclass
class Provider:
    """Numbers of what is there, and a browser."""

    engine: Engine
    client: TestClient
    own: int
    shelter: int
    foreign: int
    organization: int
    opened: dict[str, str] = field(default_factory=dict)  # what pages said last, by address

    @contextmanager
    def open(self) -> Iterator[tuple[Session, Region]]:
        """A session whose work is kept, with the region."""
        with Session(self.engine) as session, session.begin():
            yield session, session.exec(select(Region)).one()

    def link(self, purpose: Purpose = Purpose.CHECK) -> str:
        """The path of a new link."""
        with self.open() as (session, region):
            token = links.make(session, region.id, self.organization, purpose)
        return f"{CHECK if purpose == Purpose.CHECK else QUIET}{token}"

    def standing(self, path: str) -> str:
        """How a link stands."""
        with self.open() as (session, region):
            return links.find(session, region.id, path.rpartition("/")[2], Purpose.CHECK).standing

    def fields(self, path: str) -> dict[str, str]:
        """Open a page; what its form would send if nobody touches it."""
        text = self.client.get(path).text
        self.opened[path] = text
        found = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text)
        found += re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)<', text)
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', options)
            found.append((name, chosen[1] if chosen else ""))
        return {name: html.unescape(value) for name, value in found}

    def post(self, path: str, page: str = "", **fields: str) -> httpx2.Response:
        """Fill in the form of a page and send it; `a__b` stands for `a-b`."""
        named = {name.replace("__", "-"): value for name, value in fields.items()}
        return self.client.post(path, data=self.fields(page or path) | named)

    def change(self, link: str, offer_id: int = 0, /, **fields: str) -> httpx2.Response:
        """Change an entry, read it back and send it."""
        path = f"{link}/{offer_id or self.own}"
        read = self.post(path, tun="weiter", **fields)
        assert read.status_code == 200, read.text
        return self.client.post(path, data=carried(read.text) | {"tun": "senden"})

    def offer(self, offer_id: int = 0) -> Offer:
        """An entry as it is now."""
        with Session(self.engine) as session:
            return session.get_one(Offer, offer_id or self.own)

    def proposals(self) -> list[Proposal]:
        """All proposals."""
        with Session(self.engine) as session:
            return list(session.exec(select(Proposal).order_by(Proposal.id)))  # type: ignore[arg-type]

    def revisions(self) -> int:
        """How much has been written."""
        with Session(self.engine) as session:
            return len(session.exec(select(Revision)).all())


def carried(page: str) -> dict[str, str]:
    """What the page sends on that reads back what is different."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    ticks = re.findall(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked', page)
    return {name: html.unescape(value) for name, value in (*found, *ticks)}


def chosen(office: PostOffice | None, **changes: Any) -> Settings:
    """Settings with a mail server, or without one."""
    server = {
        "smtp_host": "127.0.0.1" if office else "",
        "smtp_port": office.port if office else 587,
        "smtp_security": "none",
        "smtp_from": "Landkarte <karte@stadt.example>",
    }
    return settings().model_copy(update=server | changes)


def make_provider(engine: Engine, told: Settings, **changes: Any) -> Provider:
    """A provider with an entry, with one at a hidden address, and somebody else's."""
    with Session(engine) as session, session.begin():
        region = make_region(session, slug="stadt", **({"hostnames": ["karte.example"]} | changes))
        at = place(name="Haus Eins", schedules=[line("FREQ=WEEKLY;BYDAY=MO", starts="09:00", ends="11:00")])
        private = contact(label="Leitung", phone=PRIVATE, is_public=False)
        own = entry(
            session, region, name=OWN, organization=NAME, summary="Rat & Hilfe", places={"new-1": at},
            contacts={"new-1": contact(email=MAIL), "new-2": private},
        )  # fmt: skip
        weekly = line("FREQ=WEEKLY;BYDAY=WE")
        hidden = place(street=SECRET, address_hidden=True, schedules=[weekly])
        both = {"new-1": hidden, "new-2": place(name="Treff", schedules=[weekly])}
        shelter = entry(session, region, name=SHELTER, organization=NAME, places=both)
        foreign = entry(session, region, name=FOREIGN, organization="Andere", places={"new-1": place()})
        assert own.organization_id is not None
        client = TestClient(
            create_app(engine, told), base_url="http://localhost", follow_redirects=False,
            client=("192.0.2.7", 1),
        )  # fmt: skip
        return Provider(engine, client, own.id, shelter.id, foreign.id, own.organization_id)
