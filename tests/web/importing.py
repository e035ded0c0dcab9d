"""Somebody at the pages of imports: is signed in, fills in forms as a browser does, waits."""

import re
from typing import Any

import httpx2
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.accounts.models import Account, Role
from api.regions.models import Region
from importers.jobs.models import ImportJob
from importers.jobs.work import work
from tests.accounts.people import Browser, make_member

PAGES = "/pflege/einlesen"
LIST = """Nr;Name;Träger;Straße;PLZ;Ort;Telefon;Länge;Breite;Kategorie
1;Nähcafé;Nachbarn e. V.;Musterweg 1;10365;Berlin;030 23125001;13.50;52.50;sport
2;=1+1 <script>alert(1)</script>;Verein;Musterweg 2;10365;Berlin;030 23125002;13.51;52.51;sport
3;Ferne Hilfe;Fern e. V.;Marktplatz 1;80331;München;;11.5755;48.1374;kita
4;Elterncafé;Kita Sonne;Musterweg 4;10365;Berlin;030 23125004;13.52;52.52;kita
"""


class Coordinator:
    """Who brings in lists; the worker does its steps when it is told to."""

    def __init__(self, engine: Engine, base: str = "https://localhost", **changes: Any) -> None:
        self.engine = engine
        self.browser = Browser(engine, base, **changes)
        self.account = 0

    @property
    def client(self) -> TestClient:
        """What sends the requests."""
        return self.browser.client

    def enter(self, role: Role = Role.COORDINATOR, region: str = "hier", **scope: Any) -> "Coordinator":
        """Come in with a new account of a role."""
        with Session(self.engine) as session, session.begin():
            email = f"p{len(session.exec(select(Account)).all())}@stadt.example"
            where = session.exec(select(Region).where(Region.slug == region)).one()
            self.account = make_member(session, where, role, email, **scope).id
        self.browser.come_in(email)
        return self

    def proof(self) -> dict[str, str]:
        """The hidden field of all forms."""
        found = re.search(r'name="formular" value="(\w+)"', self.get("").text)
        assert found
        return {"formular": found[1]}

    def get(self, path: str) -> httpx2.Response:
        """Open a page of imports."""
        return self.client.get(f"{PAGES}{path}")

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form of ours."""
        return self.client.post(f"{PAGES}{path}", data=self.proof() | fields)

    def upload(self, content: bytes | str = LIST, name: str = "liste.csv") -> httpx2.Response:
        """Send a file."""
        body = content.encode() if isinstance(content, str) else content
        return self.client.post(f"{PAGES}/datei", data=self.proof(), files={"datei": (name, body)})

    def bring(self, content: bytes | str = LIST, name: str = "liste.csv") -> str:
        """Send a file and let the assistant look at it; return the path of its page below PAGES."""
        answer = self.upload(content, name)
        assert answer.status_code == 303, answer.text
        self.wait()
        return str(answer.headers["location"]).removeprefix(PAGES)

    def wait(self) -> None:
        """Let the worker do what waits."""
        work(self.engine)

    def filled_in(self, path: str, **changes: str) -> dict[str, str]:
        """All fields of the form of a mapping as the page shows them, with changes."""
        form = self.get(path).text.partition('class="importing-form"')[2].partition("</form>")[0]
        fields = dict(re.findall(r'<input id="[^"]+" name="([^"]+)"[^>]* value="([^"]*)"', form))
        for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)">(.*?)</select>', form, re.DOTALL):
            every = re.findall(r'<option value="([^"]*)"( selected)?', options)
            fields[name] = next((value for value, is_chosen in every if is_chosen), every[0][0])
        return fields | changes

    def job(self) -> ImportJob:
        """The newest job as it is stored."""
        with Session(self.engine) as session:
            found = session.exec(select(ImportJob).order_by(col(ImportJob.id).desc())).first()
            assert found is not None
            session.expunge(found)
            return found


def jobs(engine: Engine) -> int:
    """Return how many lists are on their way."""
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM import_job")) or 0
