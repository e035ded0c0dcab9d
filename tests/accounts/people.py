"""Members of staff for tests: accounts with roles, and browsers that fill in the forms as people do."""

import re
from typing import Any

import httpx2
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.accounts import invitations, passwords
from api.accounts.models import Account, Grant, Role
from api.core import clock
from api.core.settings import Settings, settings
from api.regions.models import Region
from web.main import create_app

PASSWORD = "vierzehn lila Nashörner tanzen"
SECRET = "ein-schluessel-nur-fuer-proben-hier"
# Made once: the tests that need many accounts are not about hashing.
HASHED = passwords.hashed(PASSWORD)


def make_account(session: Session, email: str = "mitarbeit@stadt.example", **changes: Any) -> Account:
    """An account with the password that all tests know, without any role."""
    values = {"name": "Mitarbeit", "password_hash": HASHED, "created_at": clock.now()}
    account = Account(email=email, **{**values, **changes})
    session.add(account)
    session.flush()
    return account


def make_grant(session: Session, account: Account, region: Region, role: Role, **changes: Any) -> Grant:
    """A role in a region."""
    row = Grant(account_id=account.id, region_id=region.id, role=role, created_at=clock.now(), **changes)
    session.add(row)
    session.flush()
    return row


def make_member(
    session: Session, region: Region, role: Role = Role.ADMIN, email: str = "", **changes: Any
) -> Account:
    """An account with one role in a region."""
    account = make_account(session, email or f"{role}@stadt.example", name=f"Person {role}")
    make_grant(session, account, region, role, **changes)
    return account


def make_link(session: Session, account: Account, **changes: Any) -> str:
    """The path of a link that opens an account."""
    return f"/pflege/einladung/{invitations.make(session, account, **changes)}"


def chosen(**changes: Any) -> Settings:
    """The settings of the surroundings with a secret for accounts."""
    return settings().model_copy(update={"account_secret": SECRET} | changes)


class Browser:
    """Somebody's browser with its cookies; forms are sent with the proof that the page before has given."""

    def __init__(
        self, engine: Engine, base: str = "https://localhost", network: str = "192.0.2.7", **changes: Any
    ) -> None:
        self.client = TestClient(
            create_app(engine, chosen(**changes)),
            base_url=base,
            follow_redirects=False,
            client=(network, 50_000),
        )
        self.last: httpx2.Response | None = None

    def get(self, path: str, **more: Any) -> httpx2.Response:
        """Open a page."""
        self.last = self.client.get(path, **more)
        return self.last

    def proof(self, page: str = "/pflege/anmelden") -> str:
        """The hidden field of the forms of a page."""
        answer = self.get(page)
        if answer.status_code == 303:
            answer = self.get("/pflege")
        found = re.search(r'name="formular" value="(\w+)"', answer.text)
        assert found, answer.text
        return found[1]

    def post(self, path: str, page: str = "/pflege/anmelden", **fields: str) -> httpx2.Response:
        """Send a form as the page shows it."""
        self.last = self.client.post(path, data={"formular": self.proof(page)} | fields)
        return self.last

    def sign_in(
        self, email: str, password: str = PASSWORD, code: str = "", weiter: str = ""
    ) -> httpx2.Response:
        """Fill in the form of the way in."""
        fields = {"email": email, "kennwort": password, "code": code, "weiter": weiter}
        return self.post("/pflege/anmelden", **fields)

    def come_in(self, email: str) -> "Browser":
        """Sign in, which has to work."""
        answer = self.sign_in(email)
        assert answer.status_code == 303, answer.text
        return self

    @property
    def cookie(self) -> str:
        """The cookie of the session."""
        return str(self.client.cookies.get("__Host-sitzung") or self.client.cookies.get("sitzung") or "")
