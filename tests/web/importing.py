"""Somebody at the pages of imports: knows the token, fills in forms as a browser does, waits."""

import re
from typing import Any

import httpx2
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from api.core.settings import Settings, settings
from importers.jobs.models import ImportJob
from importers.jobs.work import work
from web.main import create_app

TOKEN = "ein-langer-zugang-nur-fuer-proben"
LIST = """Nr;Name;Träger;Straße;PLZ;Ort;Telefon;Länge;Breite;Kategorie
1;Nähcafé;Nachbarn e. V.;Musterweg 1;10365;Berlin;030 23125001;13.50;52.50;sport
2;=1+1 <script>alert(1)</script>;Verein;Musterweg 2;10365;Berlin;030 23125002;13.51;52.51;sport
3;Ferne Hilfe;Fern e. V.;Marktplatz 1;80331;München;;11.5755;48.1374;kita
4;Elterncafé;Kita Sonne;Musterweg 4;10365;Berlin;030 23125004;13.52;52.52;kita
"""


def chosen(**changes: Any) -> Settings:
    """The settings of the surroundings with a token that the tests know."""
    said = {"database_url": "postgresql+psycopg://", "import_token": TOKEN}
    return settings().model_copy(update=said | changes)


class Coordinator:
    """Who brings in lists; the worker does its steps when it is told to."""

    def __init__(self, engine: Engine, client: TestClient | None = None, **changes: Any) -> None:
        self.engine = engine
        self.client = client or TestClient(
            create_app(engine, chosen(**changes)), base_url="http://localhost", follow_redirects=False
        )

    def enter(self, token: str = TOKEN) -> httpx2.Response:
        """Type the token."""
        return self.client.post("/einlesen/zugang", data={"zugang": token})

    def proof(self) -> dict[str, str]:
        """The hidden field of all forms."""
        found = re.search(r'name="formular" value="(\w+)"', self.get("").text)
        assert found
        return {"formular": found[1]}

    def get(self, path: str) -> httpx2.Response:
        """Open a page under /einlesen."""
        return self.client.get(f"/einlesen{path}")

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form of ours."""
        return self.client.post(f"/einlesen{path}", data=self.proof() | fields)

    def upload(self, content: bytes | str = LIST, name: str = "liste.csv") -> httpx2.Response:
        """Send a file."""
        body = content.encode() if isinstance(content, str) else content
        return self.client.post("/einlesen/datei", data=self.proof(), files={"datei": (name, body)})

    def bring(self, content: bytes | str = LIST, name: str = "liste.csv") -> str:
        """Send a file and let the assistant look at it; return the path of its page below /einlesen."""
        answer = self.upload(content, name)
        assert answer.status_code == 303, answer.text
        self.wait()
        return str(answer.headers["location"]).removeprefix("/einlesen")

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
