"""The mail about what somebody keeps an eye on: to a real mail server, once, and only if there is one."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from api.accounts import people
from api.accounts.models import Account, Grant, Role
from api.core import clock
from api.core.settings import settings
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.regions.models import Region
from api.search.shelves import Shelves
from api.watching import marks, searches, watchers
from api.watching.models import Rhythm, Watcher
from api.watching.news import prepare as prepare_mail
from ops import news
from tests.accounts.people import make_member
from tests.factories import (
    act,
    box,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)
from tests.freshness.post_office import PostOffice, open_office
from tests.locks import wait_for_lock
from web.staff.watching_address import Names, read, reader

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = "https://karte.example/pflege/beobachten"
TYPED: Final = "Xylophonfee"
MONEY: Final = "?thema=geld&stadtteil=viertel-1"


@pytest.fixture
def office(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with open_office() as opened:
        for name, value in {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(opened.port),
            "SMTP_SECURITY": "none",
            "SMTP_FROM": "Landkarte <karte@stadt.example>",
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
        }.items():
            monkeypatch.setenv(f"LANDKARTE_{name}", value)
        settings.cache_clear()
        yield opened
    settings.cache_clear()


@contextmanager
def working(engine: Engine) -> Iterator[tuple[Session, Region]]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session, session.scalars(select(Region)).one()


def make_town(engine: Engine, *watching: str) -> dict[str, int]:
    """A town with an offer about money; people with two searches and that offer on their lists."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        region = make_region(session, hostnames=["karte.example"])
        make_topic(session, "geld")
        space = make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
        assert space.slug == "viertel-1"
        kept = offer(session, region, "Schuldnerberatung <Mitte>")
        for email in watching:
            make_member(session, region, Role.COACH, email)
    shelves = Shelves(engine, settings().index_dir)
    with working(engine) as (session, region):
        shelves.at(region, 60)
        accounts = {row.email: row.id for row in session.scalars(select(Account))}
        for number in accounts.values():
            person = watchers.person_of(session, region, number)
            assert person is not None
            for address in (MONEY, f"?q={TYPED}"):
                said = read(session, region, address)
                ids, is_certain = searches.answers(session, region, said.wish.query, shelves)
                assert is_certain
                name = Names(session).of(said.wish)
                searches.save(session, region, person, said.address, f"{TYPED}: {name}", ids)
            marks.watch(session, region, person, kept)
            watchers.choose(session, region, person, Rhythm.DAILY)
    shelves.close()
    return accounts


def offer(session: Session, region: Region, name: str, **more: Any) -> int:
    at = make_place(session, region, 13.5, 52.5)
    values = {"topics": ["geld"], "verified_on": clock.today(region.timezone), **more}
    return make_offer(session, region, at, name=name, organization="Träger & Co", **values).id


def change(engine: Engine, called: str, **values: Any) -> None:
    with working(engine) as (session, region):
        row = session.scalars(select(Offer).where(col(Offer.name) == called)).one()
        offers.change(session, act(region), row, values)


def tomorrow(monkeypatch: pytest.MonkeyPatch, days: int = 1) -> None:
    then = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: then)


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_tells_what_is_new_once_and_nothing_that_anybody_typed(
    database: Engine, office: PostOffice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_town(database, "coach@stadt.example")
    tomorrow(monkeypatch)
    assert news.main([]) == 0
    assert office.letters == []  # nothing is new
    with working(database) as (session, region):
        for number in range(12):
            offer(session, region, f"Neues {number}")
        offer(session, region, f"{TYPED}n lernen", topics=[])
        offer(session, region, "Geheim", status=Status.DRAFT)
    change(database, "Schuldnerberatung <Mitte>", hours_text="mittwochs", cost="free")
    assert news.main(["--dry-run"]) == 0
    assert "1 Mails (nur gezeigt)" in capsys.readouterr().out
    assert (news.main([]), news.main([])) == (0, 0)
    (letter,) = office.letters
    assert letter["To"] == "coach@stadt.example"
    assert letter["Subject"] == "Ihre Landkarte: 13 neue Treffer und Neues bei einem Angebot"
    text, html = body(letter, "plain"), body(letter, "html")
    for said in (text, html):
        assert "Neu in einer Suche: " in said
        assert "Geld · Viertel 1" in said
        assert "Eine Suche mit eigenen Wörtern" in said
        assert "und 2 weitere" in said
        assert "geändert: Zeiten, Kosten" in said
        assert "Geheim" not in said
        assert f"{TYPED}:" not in said
        assert "?" not in "".join(re.findall(r"https?://\S+", said))
    assert "- Schuldnerberatung <Mitte> – geändert" in text
    assert "Schuldnerberatung &lt;Mitte&gt;" in html
    assert not re.search(r"<(img|link|script|style|iframe)|src=|url\(", html)
    links = set(re.findall(r"https?://[^\s\"<]+", text + html))
    assert {link.split("/")[2] for link in links} == {"karte.example"}
    assert PAGE in links
    (quiet,) = {link for link in links if "/ruhe/" in link}
    assert letter["List-Unsubscribe"] == f"<{quiet}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Message-ID"].endswith("@stadt.example>")
    # Nothing more the next day; then what has ended, and what has become old meanwhile.
    tomorrow(monkeypatch)
    assert news.main([]) == 0
    change(database, "Schuldnerberatung <Mitte>", status=Status.ARCHIVED)
    assert news.main([]) == 0
    (_first, second) = office.letters
    assert second["Subject"] == "Ihre Landkarte: Neues bei einem Angebot"
    assert "ist jetzt archiviert" in body(second, "plain")
    assert "/pflege/angebot/" in body(second, "plain")
    assert second["Message-ID"] != letter["Message-ID"]


def test_nobody_gets_one_too_often_or_without_wanting_or_being_let_in(
    database: Engine, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("daily", "weekly", "none", "blocked", "moved", "quiet")
    accounts = make_town(database, *(f"{name}@stadt.example" for name in names))
    with working(database) as (session, region):
        offer(session, region, "Neues")
        for name in ("weekly", "none"):
            session.get_one(Watcher, (accounts[f"{name}@stadt.example"], region.id)).rhythm = Rhythm(name)
        people.disable(session, "command", session.get_one(Account, accounts["blocked@stadt.example"]))
        for grant in session.scalars(select(Grant)):
            if grant.account_id == accounts["moved@stadt.example"]:
                session.delete(grant)
        watcher = session.get_one(Watcher, (accounts["quiet@stadt.example"], region.id))
        watchers.be_quiet(session, region.id, watcher.quiet_token)

    def run() -> list[str]:
        office.letters.clear()
        assert news.main([]) == 0
        return [str(letter["To"]).partition("@")[0] for letter in office.letters]

    assert run() == []  # all of them have begun today
    tomorrow(monkeypatch)
    assert run() == ["daily"]
    change(database, "Schuldnerberatung <Mitte>", name="Anders")
    assert run() == []
    tomorrow(monkeypatch, 6)
    assert run() == ["daily", "weekly"]
    tomorrow(monkeypatch)
    change(database, "Anders", name="Wieder anders")
    assert run() == ["daily"]


def test_what_was_not_taken_is_told_by_the_next_run(
    database: Engine, office: PostOffice, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make_town(database, "a@stadt.example", "b@stadt.example")
    tomorrow(monkeypatch)
    change(database, "Schuldnerberatung <Mitte>", name="Anders")
    office.refused = {"a@"}
    assert news.main([]) == 1
    assert "a@stadt.example" not in capsys.readouterr().err
    office.refused = set()
    assert (news.main([]), news.main([])) == (0, 0)
    assert Counter(letter["To"] for letter in office.letters) == {"a@stadt.example": 1, "b@stadt.example": 1}


def test_a_run_that_is_killed_tells_nobody_twice(database: Engine, office: PostOffice) -> None:
    """Killed while its second mail is taken: that one may come once more, and is known as the same."""
    make_town(database, "a@stadt.example", "b@stadt.example", "c@stadt.example")
    with working(database) as (session, region):
        for watcher in session.scalars(select(Watcher)):
            watcher.told_on = clock.today(region.timezone) - timedelta(days=1)
    change(database, "Schuldnerberatung <Mitte>", name="Anders")
    command = [sys.executable, "-m", "ops.news"]
    running = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.DEVNULL)

    def kill(_letter: EmailMessage) -> None:
        if len(office.letters) == 2:
            running.send_signal(signal.SIGKILL)
            running.wait()

    office.on_letter = kill
    assert running.wait(timeout=60) == -signal.SIGKILL
    office.on_letter = lambda _letter: None
    assert (news.main([]), news.main([])) == (0, 0)
    names = {(letter["To"], letter["Message-ID"]) for letter in office.letters}
    assert sorted(to for to, _name in names) == ["a@stadt.example", "b@stadt.example", "c@stadt.example"]
    assert Counter(letter["To"] for letter in office.letters)["a@stadt.example"] == 1


def test_of_two_runs_at_once_the_second_one_has_nothing_to_tell(database: Engine) -> None:
    accounts = make_town(database, "a@stadt.example")
    with working(database) as (session, region):
        (watcher,) = session.scalars(select(Watcher))
        watcher.told_on = clock.today(region.timezone) - timedelta(days=1)
    change(database, "Schuldnerberatung <Mitte>", name="Anders")
    (number,) = accounts.values()
    prepared: list[object] = []

    def prepare(session: Session, region: Region) -> None:
        prepared.append(prepare_mail(session, region, number, reader(session, region), None))

    def other() -> None:
        with working(database) as (session, region):
            prepare(session, region)

    with working(database) as (session, region):
        watchers.held(session, region, number)
        second = threading.Thread(target=other)
        second.start()
        wait_for_lock(database)
        prepare(session, region)
    second.join()
    assert prepared[0] is not None
    assert prepared[1:] == [None]
