"""Rounds through the links of a region: politely, remembered, and patient before anybody is asked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from api.doubts import service
from api.doubts.listing import Line
from api.doubts.models import Kind, WebLink
from api.regions.models import Region
from importers.checking import asking_round
from importers.checking.asking_round import ask_due
from importers.checking.run import check_region
from tests.curation.sheets import by
from tests.doubts.doubtful import NOW, at, found, sound
from tests.doubts.hosts import PLAIN, SAFE, Net, serving
from tests.factories import make_region, make_topic


@pytest.fixture
def net(tmp_path: Path) -> Iterator[Net]:
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def place(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Region:
    """A region whose entries are really written."""
    at(monkeypatch, NOW)
    with Session(database, expire_on_commit=False) as session:
        make_topic(session, "kita")
        region = make_region(session, slug="hier")
        session.commit()
    return region


def offers(database: Engine, region: Region, *websites: str, **fields: object) -> None:
    with Session(database) as session:
        for number, website in enumerate(websites):
            sound(session, region, name=f"Angebot {number}", website=website, **fields)
        session.commit()


def on_day(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    at(monkeypatch, NOW + timedelta(days=day))


def doubts(database: Engine, region: Region, net: Net) -> list[Line]:
    check_region(database, region.slug, net.asker())
    with Session(database) as session:
        return found(session, region)


def test_a_dead_link_is_a_doubt_only_after_days(
    database: Engine, place: Region, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers(database, place, net.url("/antwort/404"))
    for day in (0, 1):
        on_day(monkeypatch, day)
        assert doubts(database, place, net) == []
        assert doubts(database, place, net) == []  # asked once a day however often it is run
    on_day(monkeypatch, 2)
    (line,) = doubts(database, place, net)
    assert (line.kind, line.path) == (Kind.LINK_GONE, "website")
    assert "10.06.2026" in line.sentence
    assert len(net.seen.asked) == 6  # three times HEAD and GET


@pytest.mark.parametrize(("path", "kind"), [("/antwort/500", Kind.LINK_SILENT), ("/kreis", Kind.LINK_SILENT)])
def test_a_link_that_comes_back_settles_itself(
    database: Engine, place: Region, net: Net, monkeypatch: pytest.MonkeyPatch, path: str, kind: Kind
) -> None:
    offers(database, place, net.url(path))
    for day in (0, 1, 2):
        on_day(monkeypatch, day)
        lines = doubts(database, place, net)
    assert [line.kind for line in lines] == [kind]
    on_day(monkeypatch, 3)
    with database.begin() as connection:
        connection.execute(text("UPDATE web_link SET answer = 'fine', failures = 0, failing_since = NULL"))
        connection.execute(text("UPDATE web_link SET next_at = :later"), {"later": NOW + timedelta(days=99)})
    assert doubts(database, place, net) == []


def test_what_answers_is_not_asked_again_for_two_weeks(
    database: Engine, place: Region, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers(database, place, net.url("/"), net.url("/antwort/403"))
    for day in (0, 1, 13):
        on_day(monkeypatch, day)
        assert doubts(database, place, net) == []
    asked = len(net.seen.asked)
    assert asked == 3  # HEAD; HEAD and GET
    on_day(monkeypatch, 14)
    doubts(database, place, net)
    assert len(net.seen.asked) == 2 * asked


def test_one_address_of_many_offers_is_asked_once(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, *[net.url("/")] * 5)
    doubts(database, place, net)
    assert net.seen.asked == [("HEAD", SAFE, "/")]


def test_what_has_moved_is_proposed_at_once(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, net.url("/weit"))
    (line,) = doubts(database, place, net)
    assert line.kind == Kind.LINK_MOVED
    assert line.proposed == {"website": f"http://anders.example:{net.plain}/haus?x=ä"}
    assert doubts(database, place, net) == [line]


def test_a_domain_that_was_sold_is_not_judged(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, net.url("/verkauft"))
    assert doubts(database, place, net) == []


def test_a_link_that_is_right_so_is_not_asked_about_again(
    database: Engine, place: Region, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers(database, place, net.url("/weit"))
    (line,) = doubts(database, place, net)
    with Session(database) as session:
        service.dismiss(session, by(place), line.id, line.seen)
        session.commit()
    on_day(monkeypatch, 20)
    assert doubts(database, place, net) == []


def test_a_providers_link_is_asked_about_with_one_of_its_offers(
    database: Engine, place: Region, net: Net
) -> None:
    with Session(database) as session:
        both = {"organization": "Verein", "organization_website": net.url("/weit")}
        for name in ("Angebot 1", "Angebot 2"):
            sound(session, place, name=name, **both)
        session.commit()
    (line,) = doubts(database, place, net)
    assert (line.name, line.path) == ("Angebot 1", "organization_website")


@pytest.mark.parametrize(
    "address", ["http://localhost/x", "http://192.168.0.1/", "http://verein", "https://a_b"]
)
def test_what_leads_nowhere_is_a_doubt_without_asking(
    database: Engine, place: Region, net: Net, address: str
) -> None:
    offers(database, place, address)
    (line,) = doubts(database, place, net)
    assert line.kind == Kind.LINK_WRONG
    assert net.seen.asked == []


def test_a_mail_address_moves_to_the_contacts(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, "http://info@verein.de")
    (line,) = doubts(database, place, net)
    assert line.kind == Kind.LINK_IS_MAIL
    assert line.proposed["website"] is None
    assert line.proposed["contacts/new-1"]["email"] == "info@verein.de"


def test_no_host_is_asked_twice_at_a_time_and_several_are_asked_side_by_side(
    database: Engine, place: Region, net: Net
) -> None:
    slow = [net.url(f"/langsam?{number}", host) for number in range(6) for host in (SAFE, PLAIN)]
    back = [net.url(f"/umgezogen?{number}") for number in range(6)]
    away = [f"http://{number}.viele.example:{net.plain}/umgezogen?x" for number in range(8)]
    offers(database, place, *slow, *back, *away)
    done = ask_due(database, place.id, net.asker(pause=0.01), 60)
    assert (done.due, done.asked) == (26, 26)
    assert set(net.seen.most_at_once.values()) == {1}
    assert sum("/neu" in path for path in net.seen.paths()) == 14


def test_a_host_that_does_not_want_it_is_left_alone(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, *[net.url(f"/antwort/{status}?{status}") for status in (429, 429, 429)])
    offers(database, place, *[net.url(f"/antwort/429?{number}") for number in range(5)])
    ask_due(database, place.id, net.asker(), 60)
    assert len(net.seen.asked) == 1


def test_without_internet_nobody_is_blamed(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, *[f"https://weg{number}.example/" for number in range(5)])
    done = ask_due(database, place.id, net.asker(), 60)
    assert done.is_cut_off
    with Session(database) as session:
        assert session.scalars(select(WebLink)).all() == []
    offers(database, place, net.url("/"))
    assert ask_due(database, place.id, net.asker(), 60).asked == 6


def test_time_that_is_up_leaves_the_rest_for_the_next_round(
    database: Engine, place: Region, net: Net
) -> None:
    offers(database, place, net.url("/"), net.url("/2"))
    assert ask_due(database, place.id, net.asker(), 0).asked == 0
    assert ask_due(database, place.id, net.asker(), 60).asked == 2


def test_two_rounds_at_a_time_are_one(database: Engine, place: Region, net: Net) -> None:
    offers(database, place, net.url("/"))
    with database.connect() as other:
        other.execute(text(f"SELECT pg_advisory_lock({asking_round._LOCK})"))  # noqa: SLF001 - the very lock
        other.commit()
        assert ask_due(database, place.id, net.asker(), 60).is_elsewhere
        other.execute(text(f"SELECT pg_advisory_unlock({asking_round._LOCK})"))  # noqa: SLF001
    assert ask_due(database, place.id, net.asker(), 60).asked == 1


def test_addresses_that_nobody_uses_are_forgotten(
    database: Engine, place: Region, net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers(database, place, net.url("/"))
    check_region(database, place.slug, net.asker())
    with database.begin() as connection:
        connection.execute(text("UPDATE offer SET website = NULL"))
    on_day(monkeypatch, 20)
    check_region(database, place.slug, net.asker())
    with Session(database) as session:
        assert session.scalars(select(WebLink)).all() == []
