"""The form for offers as people use it: drafted in small steps, published, and nothing seen before."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.accounts.models import Role
from tests.accounts.people import make_member
from tests.factories import make_offer, make_place
from tests.geocoding.sample import load_town
from tests.web.staff_offers import Writer, make_city
from web.main import create_app


@pytest.fixture
def city(database: Engine) -> Engine:
    """A city with its staff."""
    with Session(database) as session, session.begin():
        make_city(session)
    return database


def public(engine: Engine, path: str) -> str:
    """What residents read."""
    with TestClient(create_app(engine), base_url="https://localhost") as resident:
        return resident.get(path).text


def offers(engine: Engine) -> list[tuple[Any, ...]]:
    """Number, slug, name and state of all offers."""
    with Session(engine) as session:
        rows = session.execute(text("SELECT id, slug, name, status FROM offer ORDER BY id"))
        return [tuple(row) for row in rows]


def test_a_mikroprojekt_is_public_after_fewer_than_15_interactions(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.write()
    assert writer.publish(draft).status_code == 303
    assert writer.interactions == 13
    ((number, slug, name, status),) = offers(city)
    assert (name, status) == ("Elterncafé", "published")
    assert writer.last is not None
    assert writer.last.headers["location"] == f"/pflege/angebot/{number}?fertig=veroeffentlicht"
    page = public(city, f"/angebot/{slug}")
    assert "Nicht geprüft" not in page
    for said in ("Eltern frühstücken zusammen.", "Lindenweg 3", "030 1234567", "Mittwoch", "Familie"):
        assert said in page, said


def test_an_editor_drafts_and_gives_it_to_others(city: Engine) -> None:
    writer = Writer(city, "redaktion@stadt.example")
    draft = writer.write()
    page = writer.get(f"{draft}/ansehen").text
    assert "Zur Prüfung geben" in page
    assert ">Veröffentlichen<" not in page
    assert writer.press(f"{draft}/veroeffentlichen", f"{draft}/ansehen").status_code == 403
    assert writer.press(f"{draft}/abgeben", f"{draft}/ansehen").status_code == 303
    assert offers(city) == []
    assert writer.get(f"{draft}/was").status_code == 404
    with Session(city) as session:
        assert session.scalar(text("SELECT decision FROM proposal")) == "open"


def test_the_preview_is_what_residents_will_see_and_nothing_of_it_stays(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.write(name="Geheimes Café")
    page = writer.get(f"{draft}/ansehen").text
    preview = page.partition("staff-offer-preview")[2]
    assert "Geheimes Café</h1>" in preview
    assert "030 1234567" in preview
    assert "Was es kostet." in page
    assert "Der Punkt auf der Karte" in page
    assert offers(city) == []
    for path in ("/angebote", "/angebot/geheimes-cafe", "/api/v1/offers", "/sitemap.xml", "/?q=Geheimes"):
        assert "Geheim" not in public(city, path).replace("?q=Geheimes", "")
    with Session(city) as session:
        assert session.scalar(text("SELECT count(*) FROM revision WHERE entity = 'offer'")) == 0


def test_nobody_else_sees_a_draft(city: Engine) -> None:
    draft = Writer(city, "alle@stadt.example").write(name="Geheimes Café")
    other = Writer(city, "ost@stadt.example")
    for step in ("was", "wo", "wann", "kontakt", "ansehen"):
        assert other.get(f"{draft}/{step}").status_code == 404
    assert other.press(f"{draft}/was", "/pflege/angebote", tun="weiter", fassung="1").status_code == 404
    assert other.press(f"{draft}/verwerfen", "/pflege/angebote").status_code == 404
    assert "Geheimes" not in other.get("/pflege/angebote").text


def test_what_lies_elsewhere_does_not_exist(city: Engine) -> None:
    with Session(city) as session, session.begin():
        region = make_region_of(session)
        number = make_offer(session, region, make_place(session, region, 13.7, 52.5), name="Drüben").id
    west, east = Writer(city, "west@stadt.example"), Writer(city, "ost@stadt.example")
    assert "Drüben" in east.get("/pflege/angebote?q=dr").text
    assert east.get(f"/pflege/angebot/{number}").status_code == 200
    assert "Drüben" not in west.get("/pflege/angebote").text
    for path in ("", "/bearbeiten", "/pausieren", "/archivieren", "/zurueckholen"):
        answer = (
            west.press(f"/pflege/angebot/{number}{path}", "/pflege/angebote")
            if path
            else west.get(f"/pflege/angebot/{number}")
        )
        assert answer.status_code == 404, path


def test_who_publishes_only_in_the_west_cannot_publish_in_the_east(city: Engine) -> None:
    writer = Writer(city, "west@stadt.example")
    draft = writer.write()
    point = {"places/new-1/point": "52.5, 13.7"}
    assert writer.fill(draft, "wo", [], **point).status_code == 303
    assert "Zur Prüfung geben" in writer.get(f"{draft}/ansehen").text
    assert writer.publish(draft).status_code == 403
    assert offers(city) == []
    assert writer.fill(draft, "wo", [], **{"places/new-1/point": "52,5 13,2"}).status_code == 303
    assert ">Veröffentlichen<" in writer.get(f"{draft}/ansehen").text
    assert writer.publish(draft).status_code == 303


def test_the_address_finds_its_point(city: Engine, tmp_path: Any) -> None:
    with Session(city) as session, session.begin():
        load_town(session, tmp_path, make_region_of(session))
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    address = {"places/new-1/street": "Ahornallee 2", "places/new-1/postcode": "10365"}
    assert writer.fill(draft, "wo", [], **address).status_code == 303
    assert "52.501000, 13.500100" in writer.get(f"{draft}/wo").text


def test_topics_are_suggested_by_the_words(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    writer.press(
        f"{draft}/was", f"{draft}/was", tun="themen", name="Kaffee und Rat", summary="Bei Geldsorgen."
    )
    suggested = (
        writer.get(f"{draft}/was?themen=ja").text.partition("staff-offer-suggested")[2].partition("</div>")[0]
    )
    assert 'value="geld"' in suggested
    assert 'value="familie"' not in suggested


def test_a_provider_writes_for_their_own_organization(city: Engine) -> None:
    with Session(city) as session, session.begin():
        region = make_region_of(session)
        own = make_offer(session, region, organization="Nachbarn e. V.", name="Unseres")
        make_offer(session, region, organization="Andere", name="Deren")
        make_member(
            session, region, Role.PROVIDER, "anbieter@stadt.example", organization_id=own.organization_id
        )
    writer = Writer(city, "anbieter@stadt.example")
    page = writer.get("/pflege/angebote").text
    assert "Unseres" in page
    assert "Deren" not in page
    draft = writer.write()
    assert 'value="Nachbarn e. V."' in writer.get(f"{draft}/kontakt").text
    assert writer.publish(draft).status_code == 403
    assert writer.press(f"{draft}/abgeben", f"{draft}/ansehen").status_code == 303


def make_region_of(session: Session) -> Any:
    """The region that is there."""
    from api.regions.models import Region  # noqa: PLC0415

    return session.get_one(Region, session.scalar(text("SELECT id FROM region")))
