"""What has changed, as an Atom feed: new, different, gone; never who did it, never what is not public."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core import clock
from api.curation import public
from api.history import service as history
from api.history.models import Origin
from api.offers import service as offers
from api.offers.schemas import ContactIn
from api.regions.models import Region
from tests.factories import act, box, make_division, make_offer, make_place, make_space, make_topic
from tests.reading import reading

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry may hold, and how often at least and at most.
FEED = {
    "id": (1, 1),
    "title": (1, 1),
    "updated": (1, 1),
    "author": (1, 9),
    "link": (1, 9),
    "subtitle": (0, 1),
}
FEED |= {"rights": (0, 1), "entry": (0, 50)}
ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "summary": (0, 1)}
ENTRY |= {"content": (0, 1), "link": (0, 9), "category": (0, 9)}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 0)


def at(monkeypatch: pytest.MonkeyPatch, days: float) -> None:
    """Set the clock so many days after a certain one."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=days))


@pytest.fixture
def reader(engine: Engine, session: Session) -> Iterator[TestClient]:
    """Somebody who reads what this test has written."""
    with reading(engine, session, "/api/v1") as client:
        yield client


def entries(client: TestClient, query: str = "") -> list[ET.Element]:
    answer = client.get(f"/aenderungen.atom{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml"
    root = ET.fromstring(answer.content)
    check(root)
    said = parsedate_to_datetime(answer.headers["last-modified"])
    assert f"{said:%Y-%m-%dT%H:%M:%SZ}" == root.findtext(f"{ATOM}updated")
    return root.findall(f"{ATOM}entry")


def check(root: ET.Element) -> None:
    """Fail where RFC 4287 does not allow what stands there."""
    assert root.tag == f"{ATOM}feed"
    counted(root, FEED)
    (me,) = [one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert str(me.get("href")).startswith("http://")
    ids = [one.findtext(f"{ATOM}id") for one in root.iter() if one.tag in (f"{ATOM}entry", f"{ATOM}feed")]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}:\S+", str(one)) for one in ids)
    instants = []
    for entry in root.findall(f"{ATOM}entry"):
        counted(entry, ENTRY)
        alternates = [one for one in entry.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
        assert alternates or entry.find(f"{ATOM}content") is not None  # 4.1.2
        instants.append(entry.findtext(f"{ATOM}updated"))
        assert all(
            INSTANT.fullmatch(str(one.text)) for one in entry if one.tag.endswith(("updated", "published"))
        )
    assert instants == sorted(instants, key=str, reverse=True)
    if instants:
        assert root.findtext(f"{ATOM}updated") == instants[0]


def counted(parent: ET.Element, allowed: dict[str, tuple[int, int]]) -> None:
    names = [child.tag.removeprefix(ATOM) for child in parent]
    assert set(names) <= set(allowed)
    for name, (least, most) in allowed.items():
        assert least <= names.count(name) <= most, name


def kinds(found: list[ET.Element]) -> dict[str, str]:
    """What has happened, by the titles of the entries."""
    return {str(one.findtext(f"{ATOM}title")): str(one.find(f"{ATOM}category").get("term")) for one in found}  # type: ignore[union-attr]


def test_a_new_offer_is_an_entry_with_a_link(reader: TestClient, session: Session, region: Region) -> None:
    make_topic(session, "geld", names={"de": "Geld"})
    offer = make_offer(session, region, name="Rat", topics=["geld"], organization="Verein")
    (entry,) = entries(reader)
    assert entry.findtext(f"{ATOM}title") == "Rat"
    assert entry.findtext(f"{ATOM}id") == f"tag:localhost,2026:angebot/{offer.id}"
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published") == "2026-11-20T09:30:00Z"
    assert entry.findtext(f"{ATOM}summary") == "Neu.\nVerein\nHilfe für alle."
    links = [(one.get("rel"), one.get("href")) for one in entry.findall(f"{ATOM}link")]
    assert links == [("alternate", f"http://localhost/angebot/{offer.slug}")]
    labels = [one.get("label") for one in entry.findall(f"{ATOM}category")]
    assert labels == ["Neu", "Geld"]


def test_an_entry_keeps_its_id_and_moves_up_when_it_changes(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -60)
    old, other = (make_offer(session, region, name=name) for name in ("Alt", "Anderes"))
    at(monkeypatch, -2)
    offers.change(session, act(region), other, {"summary": "Anders."})
    at(monkeypatch, -1)
    offers.change(session, act(region), old, {"name": "Alt und neu"})
    session.flush()
    at(monkeypatch, 0)
    found = entries(reader)
    assert kinds(found) == {"Alt und neu": "changed", "Anderes": "changed"}
    assert [str(one.findtext(f"{ATOM}id")).rpartition("/")[2] for one in found] == [
        str(old.id),
        str(other.id),
    ]


def test_what_is_new_stays_new_while_it_changes(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -3)
    offer = make_offer(session, region, name="Neu")
    at(monkeypatch, -1)
    offers.change(session, act(region), offer, {"summary": "Anders."})
    session.flush()
    at(monkeypatch, 0)
    (entry,) = entries(reader)
    assert kinds([entry]) == {"Neu": "new"}
    assert entry.findtext(f"{ATOM}published") == "2026-11-17T09:30:00Z"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-19T09:30:00Z"


def test_of_what_is_gone_only_that_is_said(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -60)
    paused, deleted = (make_offer(session, region, name=f"Fort {number}") for number in (1, 2))
    at(monkeypatch, -1)
    offers.change(session, act(region), paused, {"status": "paused"})
    history.delete(session, act(region), deleted)
    session.flush()
    at(monkeypatch, 0)
    found = entries(reader)
    assert len(found) == 2
    assert {str(one.findtext(f"{ATOM}id")) for one in found} == {
        f"tag:localhost,2026:angebot/{offer.id}" for offer in (paused, deleted)
    }
    for entry in found:
        assert entry.findtext(f"{ATOM}title") == entry.findtext(f"{ATOM}content")
        assert "Fort" not in ET.tostring(entry, encoding="unicode")
        assert "fort" not in ET.tostring(entry, encoding="unicode")


def test_what_comes_back_is_new_again(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -60)
    offer = make_offer(session, region, name="Wieder da")
    for day, status in ((-5, "paused"), (-1, "published")):
        at(monkeypatch, day)
        offers.change(session, act(region), offer, {"status": status})
    session.flush()
    at(monkeypatch, 0)
    assert kinds(entries(reader)) == {"Wieder da": "new"}


def test_what_was_never_public_is_no_news(reader: TestClient, session: Session, region: Region) -> None:
    draft = make_offer(session, region, name="Entwurf", status="draft")
    offers.change(session, act(region), draft, {"summary": "Anders."})
    offers.change(session, act(region), draft, {"status": "in_review"})
    gone = make_offer(session, region, name="Nie da", status="draft")
    history.delete(session, act(region), gone)
    make_offer(session, region, name="Beispiel", is_example=True)
    public.suggest(session, region, {"name": "Vorschlag"})
    session.flush()
    assert entries(reader) == []


def test_a_check_or_a_change_for_professionals_is_no_news(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -60)
    shelter = make_place(session, region, 13.1, 52.1, address_hidden=True, street="Geheimweg 7")
    offer = make_offer(
        session, region, shelter, contact={"label": "intern", "phone": "1", "is_public": False}
    )
    at(monkeypatch, -1)
    offers.change(session, act(region), offer, {"verified_on": clock.today("UTC"), "verify_within_days": 100})
    offers.set_contact(session, act(region), offer, ContactIn(label="intern", phone="2", is_public=False))
    history.change(session, act(region), shelter, {"street": "Geheimweg 8"})
    session.flush()
    at(monkeypatch, 0)
    assert entries(reader) == []


def test_parts_of_an_offer_are_part_of_it(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -60)
    place = make_place(session, region, 13.1, 52.1)
    names = ["Kontakt", "Hinweis am Ort", "Haus", "Ort weg"]
    made = [make_offer(session, region, place if name == "Haus" else None, name=name) for name in names]
    offers.set_contact(session, act(region), made[0], ContactIn(phone="1"))
    own = make_place(session, region)
    here = offers.attach(session, act(region), made[1], own)
    there = offers.attach(session, act(region), made[3], own)
    at(monkeypatch, -1)
    offers.set_contact(session, act(region), made[0], ContactIn(phone="2"))
    history.change(session, act(region), here, {"note": "Hinten"})
    history.change(session, act(region), place, {"street": "Neuer Weg 2"})
    offers.detach(session, act(region), there)
    session.flush()
    at(monkeypatch, 0)
    assert kinds(entries(reader)) == dict.fromkeys(names, "changed")


def test_nobody_is_named(reader: TestClient, session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    by = history.Act(region.id, "Erika Beispiel", Origin.FORM)
    offers.change(session, by, offer, {"summary": "Anders."})
    session.flush()
    text = reader.get("/aenderungen.atom").text
    assert "Anders." in text
    assert "Erika" not in text


def test_hidden_addresses_stay_hidden(reader: TestClient, session: Session, region: Region) -> None:
    shelter = make_place(
        session, region, 13.1234567, 52.0765432, address_hidden=True, street="Geheimweg 7", town="Geheimstadt"
    )
    make_offer(session, region, shelter, name="Zuflucht")
    assert kinds(entries(reader)) == {"Zuflucht": "new"}
    assert "Geheim" not in reader.get("/aenderungen.atom").text


def test_the_filters_of_the_list_choose_and_what_is_gone_has_no_filter(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    for topic in ("geld", "kita"):
        make_topic(session, topic)
    make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
    inside = make_place(session, region, 13.5, 52.5)
    at(monkeypatch, -60)
    gone = make_offer(session, region, inside, name="Fort", topics=["geld"])
    at(monkeypatch, -1)
    offers.change(session, act(region), gone, {"status": "archived"})
    make_offer(session, region, inside, name="Hier", topics=["geld"])
    make_offer(session, region, name="Woanders", topics=["geld"])
    make_offer(session, region, inside, name="Kinder", topics=["kita"])
    session.flush()
    at(monkeypatch, 0)
    assert set(kinds(entries(reader))) == {"Hier", "Woanders", "Kinder", "Nicht mehr in der Landkarte"}
    assert set(kinds(entries(reader, "?thema=geld"))) == {"Hier", "Woanders"}
    assert set(kinds(entries(reader, "?thema=geld&stadtteil=viertel-1"))) == {"Hier"}
    assert reader.get("/aenderungen.atom?thema=quatsch").status_code == 422


def test_what_is_long_ago_or_too_much_is_left_out(
    reader: TestClient, session: Session, region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, -31)
    make_offer(session, region, name="Lange her")
    at(monkeypatch, -29)
    for _ in range(55):
        make_offer(session, region)
    session.flush()
    at(monkeypatch, 0)
    found = kinds(entries(reader))
    assert len(found) == 50
    assert "Lange her" not in found


def test_strange_words_stay_words(reader: TestClient, session: Session, region: Region) -> None:
    evil = "<script>alert(1)</script> & ]]> \x0b \ufffe \U0001f600 \"'"
    make_offer(session, region, name=evil, summary=evil)
    (entry,) = entries(reader)
    assert entry.findtext(f"{ATOM}title") == evil.replace("\x0b", "").replace("\ufffe", "")
    assert list(entry.find(f"{ATOM}title") or []) == []


def test_each_region_has_a_feed_of_its_own_and_lists_lead_to_it(visitor: TestClient) -> None:
    text = visitor.get("/angebote?thema=geld").text
    assert 'type="application/atom+xml"' in text
    assert 'href="/aenderungen.atom?thema=geld"' in text
    other = visitor.get("/aenderungen.atom", headers={"host": "unna.localhost"}).text
    assert "tag:unna.localhost,2026:" in other
    assert "http://unna.localhost/angebot/" in other or "<entry>" not in other


def test_it_is_sent_once(visitor: TestClient) -> None:
    tag = visitor.get("/aenderungen.atom").headers["etag"]
    assert visitor.get("/aenderungen.atom", headers={"if-none-match": tag}).status_code == 304
