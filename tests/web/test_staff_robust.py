"""Whatever is sent to pages of staff, by whichever role: no page breaks, and nobody floods them.

A visitor of each role follows all links as far as they go, and then sends every form that it has seen, filled
in with what no person types. The sample does so as an admin; `make proof` with all roles and more values.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import httpx2
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.accounts.models import Role
from api.curation import drafts, public
from api.curation.models import Proposal
from api.doubts.models import Doubt
from api.offers.models import Offer
from api.organizations.models import Organization
from api.sources.models import Source
from importers.checking import run
from importers.jobs import store
from importers.jobs.models import Stage
from tests.accounts.people import Browser, make_member
from tests.curation.sheets import by
from tests.web.staff_queue import Town, make_town
from web.main import PAGES
from web.staff.gate import PATH
from web.staff.pace import Pace, Rate

UNBOUNDED = Pace(Rate(10**9, 1), Rate(10**9, 1))
ROUTES = [
    route
    for router in PAGES
    for route in router.routes
    if isinstance(route, APIRoute) and (route.path == PATH or route.path.startswith(f"{PATH}/"))
]
# What each kind of request may be answered with; anything else is a page that breaks.
READ = {200, 303, 400, 403, 404, 409, 410, 414, 422}  # 410: a link that was used
SENT = READ | {413, 415}
GUESSED = f"{PATH}/anmelden"  # guessing is slowed down there
HUGE = [
    "9" * 19,
    str(2**63),
    "9" * 30,
    "9" * 5_000,
    "0",
    "-1",
    "1e9",
    "%00",
    "%ED%A0%80",
    "%F0%9F%92%A5",
    "%FF",
]
SAMPLE = ["\0", "9" * 30, ""]
MORE = [
    "-1",
    "2026-13-45",
    "0001-01-01",
    "💥" * 500,
    "a" * 90_000,
    "[]",
    '{"a": 1}',
    "../..",
    "1e999",
    "NaN",
    "\r\n",
]
# One path of each way in which forms are read.
EACH_KIND = [GUESSED, f"{PATH}/konten", f"{PATH}/entwurf/1/was", f"{PATH}/einlesen/datei"]
MOST_ALIKE = 2  # forms with the same fields
LEAVES = re.compile(r"/(abmelden|beenden|sperren|entziehen|kennwort)$")


class Form(NamedTuple):
    """A form as a page shows it."""

    action: str
    names: tuple[str, ...]


class Walker:
    """Somebody who tries everything."""

    def __init__(self, town: Town, role: Role, number: int) -> None:
        self.email = f"walker{number}@stadt.example"
        with town.open() as (session, region):
            here = session.exec(select(Organization)).first()
            organization_id = here.id if role is Role.PROVIDER and here else None
            make_member(session, region, role, self.email, organization_id=organization_id)
        self.browser = Browser(town.engine, network=f"10.9.{number}.1")
        self.browser.client.app.state.pace = UNBOUNDED  # type: ignore[attr-defined]
        self.come_in()
        self.seen: dict[str, str] = {}  # path without its question → page
        self.forms: set[Form] = set()
        self.broken: list[str] = []

    def ask(self, method: str, address: str, **more: object) -> httpx2.Response | None:
        """Send something, and note how it was answered."""
        allowed = READ if method == "GET" else SENT
        allowed = allowed | {429} if address.startswith(GUESSED) else allowed
        told = f"{method} {address[:120]} {str(more)[:160]}"
        try:
            answer = self.browser.client.request(method, address, **more)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 - what the server would answer with 500
            self.broken.append(f"{told}: {type(error).__name__}: {str(error)[:200]}")
            return None
        if answer.status_code not in allowed:
            self.broken.append(f"{told}: {answer.status_code}")
        if answer.status_code >= 400 and any(word in answer.text for word in ("Traceback", "psycopg")):
            self.broken.append(f"{told}: tells what lies behind")
        if answer.headers.get("location", "").startswith(GUESSED):
            self.come_in()
        return answer

    def come_in(self) -> None:
        """Sign in, also again after one of the forms has ended it."""
        self.browser.come_in(self.email)
        self.proof = self.browser.proof(PATH)

    def follow(self, most: int = 250) -> None:
        """Follow all links, each page once, and remember its forms."""
        waiting, known = [PATH], {PATH}
        while waiting and len(self.seen) < most:
            address = waiting.pop(0)
            answer = self.ask("GET", address)
            if answer is None or "html" not in answer.headers.get("content-type", ""):
                continue
            self.seen[urlsplit(address).path] = answer.text
            for link in re.findall(r'href="(/pflege[^"#]*)', answer.text):
                there = unescape(link)
                if urlsplit(there).path not in known:
                    known.add(urlsplit(there).path)
                    waiting.append(there)
            self.forms |= set(forms(answer.text))

    def send(self, values: Iterable[str]) -> None:
        """Send all forms, each field as no person fills it in; those that end something come last."""
        alike: Counter[str] = Counter()
        for form in sorted(self.forms, key=lambda one: (bool(LEAVES.search(one.action)), one)):
            kind = re.sub(r"\d+", "1", f"{urlsplit(form.action).path} {form.names}")
            alike[kind] += 1
            if alike[kind] > MOST_ALIKE:
                continue
            for value in values:
                told = {name: value for name in form.names if name != "formular"}
                self.ask("POST", form.action, data=told | {"formular": self.proof})

    def question(self, values: Iterable[str]) -> None:
        """Ask each page for what it does not know."""
        names = {
            "q",
            "seite",
            "raum",
            "thema",
            "art",
            "vor",
            "fertig",
            "was",
            "ort",
            "sprache",
            "neu",
            "weiter",
        }
        for path, page in list(self.seen.items()):
            own = names | set(re.findall(r'name="([^"]+)"', page)[:30])
            for value in values:
                self.ask("GET", f"{path}?{urlencode(dict.fromkeys(own, value[:300]))}"[:7_000])

    def address(self, numbers: Iterable[str]) -> None:
        """Put what is no number of ours in the place of every number."""
        for route in ROUTES:
            method = next(iter(route.methods or ()))
            if "{" in route.path:
                for said in numbers:
                    self.ask(method, re.sub(r"\{[^}]+\}", said, route.path))

    def flood(self, paths: Iterable[str]) -> None:
        """Send what is no form."""
        bodies = [
            b"a=%ED%A0%80",
            b"a=%",
            b"\xff\xfe",
            b"a" * 1_000_000,
            b"&".join([b"a=b"] * 5_000),
            b"{}",
            b"",
        ]
        kinds = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
        for path in paths:
            for body in bodies:
                self.ask("POST", path, content=body, headers={"content-type": kinds[0]})
            for kind in kinds[1:]:
                self.ask("POST", path, content=b"--x\r\n\r\n\0", headers={"content-type": kind})


def forms(page: str) -> Iterator[Form]:
    """The forms of a page that send something."""
    for start, inner in re.findall(r'<form([^>]*method="post"[^>]*)>(.*?)</form>', page, re.DOTALL):
        action = re.search(r'action="([^"]+)"', start)
        if action:
            names = re.findall(r'name="([^"]+)"', inner)
            yield Form(unescape(action[1]), tuple(sorted({unescape(name) for name in names})))


@pytest.fixture
def town(database: Engine) -> Town:
    """A town in which something of every kind waits."""
    town = make_town(database)
    town.suggest(town.west, name="Café am Park", topics=["familie"])
    with town.open() as (session, region):
        public.report(session, region, town.east, public.About.CONTACT, "Falsch")
        public.suggest(session, region, {"name": "Neu", "summary": "Hilfe"})
        source = Source(
            region_id=region.id,
            slug="liste",
            title="Liste",
            publisher="Amt",
            licence="CC0",
            attribution="Amt",
        )
        session.add(source)
        session.add(Organization(region_id=region.id, name="Verein"))
        job = store.begin(
            session, region.id, Stage.FAILED, "account:1", file_name="liste.csv", error="kaputt"
        )
        session.add(job)
        run.check(session, region, [town.west])  # its number is too short
        assert session.exec(select(Doubt)).first()
    return town


def drafted(town: Town, walker: Walker) -> None:
    """Each writes at a draft of its own, if the role may."""
    for path in (f"{PATH}/angebote/neu", f"{PATH}/angebot/{town.west}/bearbeiten"):
        answer = walker.browser.post(path, PATH)
        if answer.status_code == 303:
            start = answer.headers["location"].rpartition("/")[0]
            for step in ("was", "wo", "wann", "kontakt", "ansehen"):
                page = walker.ask("GET", f"{start}/{step}")
                if page is not None:
                    walker.seen[f"{start}/{step}"] = page.text
                    walker.forms |= set(forms(page.text))


def test_whatever_an_admin_sends_no_page_breaks(town: Town) -> None:
    walker = Walker(town, Role.ADMIN, 1)
    drafted(town, walker)
    walker.follow()
    assert len(walker.seen) >= 25
    walker.question(SAMPLE[:1])
    walker.address(["9" * 19])
    walker.send(SAMPLE[:2])
    walker.flood(EACH_KIND)
    assert not walker.broken, "\n".join(walker.broken)
    assert len({form.action for form in walker.forms}) >= 15


@pytest.mark.proof
@pytest.mark.parametrize("role", list(Role))
def test_no_role_can_break_a_page(town: Town, role: Role) -> None:
    walker = Walker(town, role, 2)
    drafted(town, walker)
    walker.follow(600)
    walker.question(SAMPLE + MORE)
    walker.address(HUGE)
    walker.send(SAMPLE + MORE)
    walker.flood(re.sub(r"\{[^}]+\}", "1", one.path) for one in ROUTES if "POST" in (one.methods or ()))
    assert not walker.broken, "\n".join(walker.broken)


def test_nul_at_the_way_in_is_a_wrong_password_and_no_more(town: Town) -> None:
    browser = Browser(town.engine)
    for email, password in (("a\0b@stadt.example", "x"), ("p0@stadt.example", "\0" * 20), ("\0", "\0")):
        assert browser.sign_in(email, password).status_code in {403, 422, 401, 200}, (email, password)
    sent = browser.post(
        f"{PATH}/einladung/{quote(chr(0))}", name="\0", kennwort="\0" * 20, noch_einmal="\0" * 20
    )
    assert sent.status_code in {404, 410, 422}


def test_who_asks_for_too_much_waits_a_moment_and_is_told_so(town: Town) -> None:
    hasty, other = town.person(), town.person()
    proof = hasty.proof(PATH)
    app = hasty.client.app.state  # type: ignore[attr-defined]
    app.pace = Pace(Rate(3, 30), Rate(2, 60))
    sent = {"formular": proof}
    change = f"{PATH}/angebot/{town.west}/archivieren"
    answers = [hasty.client.post(change, data=sent) for _time in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert 30 < int(answers[-1].headers["retry-after"]) <= 60
    assert "Das ging sehr schnell" in answers[-1].text
    assert answers[-1].headers["cache-control"] == "no-store"
    assert [hasty.get(PATH).status_code for _time in range(4)] == [200] * 3 + [429]
    program = hasty.get(PATH, headers={"accept": "application/json"})
    assert (program.status_code, program.json()["type"]) == (429, "/problems/too-many")
    other.client.app.state.pace = app.pace  # type: ignore[attr-defined]
    assert other.get(PATH).status_code == 200  # another account does not wait
    assert hasty.client.get("/angebote").status_code == 200


def test_whoever_works_through_hundreds_of_entries_does_not_wait(town: Town) -> None:
    pace = Pace()
    for _entry in range(300):
        pace.take(7, writes=False)
        pace.take(7, writes=False)
        pace.take(7, writes=True)


def test_a_draft_of_a_thousand_places_is_refused_with_a_way_out(town: Town) -> None:
    person = town.person()
    start = person.post(f"{PATH}/angebote/neu", f"{PATH}/angebote").headers["location"].rpartition("/")[0]
    version = re.search(r'name="fassung" value="(\d+)"', person.get(f"{start}/wo").text)
    assert version
    many = {f"places/new-{number}/{name}": "ja" for number in range(900) for name in ("da", "street")}
    answer = person.client.post(
        f"{start}/wo", data=many | {"formular": person.proof(PATH), "fassung": version[1], "tun": "weiter"}
    )
    assert answer.status_code == 422, answer.headers
    assert "höchstens 50 Orte" in answer.text
    with town.open() as (session, region):
        number = int(start.rpartition("/")[2])
        account = session.get_one(Proposal, number).actor
        assert drafts.get_draft(session, by(region, account), number).sheet["places"] == {}


def test_what_others_share_is_decided_by_who_looks_after_all(town: Town) -> None:
    with town.open() as (session, _region):
        verein = Organization(region_id=_region.id, name="Verein zwei")
        session.add(verein)
        session.flush()
        for offer_id in (town.west, town.east):
            session.get_one(Offer, offer_id).organization_id = verein.id
    west = town.person(space="Viertel 1")
    answer = west.post(f"{PATH}/angebot/{town.west}/bearbeiten", f"{PATH}/angebot/{town.west}")
    start = answer.headers["location"].rpartition("/")[0]
    page = west.get(f"{start}/kontakt").text.partition("staff-offer-form")[2]
    fields = dict(
        re.findall(r'<input[^>]*name="((?:contacts/|fassung|organization)[^"]*)"[^>]*value="([^"]*)"', page)
    )
    told = fields | {
        "formular": west.proof(PATH),
        "organization_website": "https://neu.example",
        "tun": "weiter",
    }
    assert west.client.post(f"{start}/kontakt", data=told).status_code == 303
    version = re.search(r'name="fassung" value="(\d+)"', west.get(f"{start}/ansehen").text)
    assert version
    answer = west.post(f"{start}/veroeffentlichen", f"{start}/ansehen", fassung=version[1])
    assert answer.headers["location"] == f"{PATH}/angebote?fertig=geteilt"
    assert "nicht zuständig" in west.get(answer.headers["location"]).text
    number = int(start.rpartition("/")[2])
    page = f"{PATH}/vorschlag/{number}"
    refused = west.post(f"{page}/entscheiden", page, alle="ja")
    assert refused.status_code == 422
    assert "für alle zuständig" in refused.text
    assert town.person().post(f"{page}/entscheiden", page, alle="ja").status_code == 303
    with town.open() as (session, _region):
        assert session.get_one(Organization, town_provider(session, town)).website == "https://neu.example"


def town_provider(session: Session, town: Town) -> int:
    """Who offers the one in the west."""
    return session.get_one(Offer, town.west).organization_id or 0
