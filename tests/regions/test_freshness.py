"""ETags: the same answer is not sent twice, and every committed change makes a new one."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, select
from starlette.testclient import TestClient

from api.core import clock
from api.history import service as history
from api.offers import service as offers
from api.offers.models import Offer
from api.offers.schemas import ContactIn
from api.organizations import service as organizations
from api.places import service as places
from api.places.models import Place
from api.regions.models import Region
from api.spaces.models import Division, Space
from tests.factories import (
    act,
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_source,
    make_space,
    make_topic,
)
from web.main import create_app

Change = Callable[[Session, Region], object]


def commit(engine: Engine, change: Change) -> None:
    """Change something in the first region and commit."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        change(session, region_named(session, "stadt"))


def region_named(session: Session, slug: str) -> Region:
    return session.exec(select(Region).where(Region.slug == slug)).one()


def versions(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text("SELECT slug, data_version FROM region"))}


@pytest.fixture
def world(database: Engine) -> Engine:
    """Two regions, each with a space and an offer at a place."""
    with Session(database) as session, session.begin():
        for slug in ("stadt", "kreis"):
            region = make_region(session, slug=slug, is_default=slug == "stadt")
            make_space(session, make_division(session, region), "1", box(13, 52, 14, 53))
            place = make_place(session, region, 13.5, 52.5, street="Beispielweg 1")
            make_offer(session, region, place, name=f"Angebot {slug}", contact={"phone": "030 1"})
    return database


@pytest.fixture
def visitor(world: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(world), base_url="http://localhost/api/v1") as client:
        yield client


def the_offer(session: Session, region: Region) -> Offer:
    return session.exec(select(Offer).where(Offer.region_id == region.id)).one()


def the_place(session: Session, region: Region) -> Place:
    return session.exec(select(Place).where(Place.region_id == region.id)).one()


def redraw(session: Session, region: Region) -> None:
    space = session.exec(select(Space).join(Division).where(Division.region_id == region.id)).one()
    space.geom = box(13, 52, 13.2, 53)


def take_away(session: Session, region: Region) -> None:
    for table in ("offer_at_place", "contact"):
        session.execute(
            text(f"DELETE FROM {table} WHERE offer_id = :o"), {"o": the_offer(session, region).id}
        )
    history.delete(session, act(region), the_offer(session, region))


OF_ONE_REGION: dict[str, Change] = {
    "an offer is added": make_offer,
    "an offer is renamed": lambda s, r: offers.change(s, act(r), the_offer(s, r), {"name": "Anders"}),
    "an offer is withdrawn": lambda s, r: offers.change(s, act(r), the_offer(s, r), {"status": "paused"}),
    "an offer is deleted": take_away,
    "an offer gets another place": lambda s, r: offers.attach(
        s, act(r), the_offer(s, r), make_place(s, r, 13.6, 52.6)
    ),
    "a place is moved": lambda s, r: places.change(s, act(r), the_place(s, r), {"lon": 13.6}),
    "an address is hidden": lambda s, r: places.change(s, act(r), the_place(s, r), {"address_hidden": True}),
    "a contact changes": lambda s, r: offers.set_contact(s, act(r), the_offer(s, r), ContactIn(phone="1")),
    "a space is redrawn": redraw,
    "a space is added": lambda s, r: make_space(
        s, make_division(s, r, slug="plz", resident_level=None), "2", box(13, 52, 14, 53)
    ),
    "a source is named": make_source,
    "a provider appears": lambda s, r: organizations.named(s, act(r), "Träger"),
    "the help line changes": lambda _s, r: setattr(r, "help_phone", "030 2"),
}
OF_ALL_REGIONS: dict[str, Change] = {
    "a topic is added": lambda s, _r: make_topic(s, "geld"),
    "an audience is added": lambda s, _r: make_audience(s, "eltern"),
    "the region is renamed": lambda _s, r: setattr(r, "name", "Neue Stadt"),
    "the region moves": lambda _s, r: setattr(r, "hostnames", ["neu.example"]),
    "another region is added": lambda s, _r: make_region(s, slug="dritte", is_default=False),
}


@pytest.mark.parametrize("change", OF_ONE_REGION.values(), ids=OF_ONE_REGION.keys())
def test_a_change_raises_the_version_of_its_region_alone(world: Engine, change: Change) -> None:
    before = versions(world)
    commit(world, change)
    assert versions(world) == {"stadt": before["stadt"] + 1, "kreis": before["kreis"]}


@pytest.mark.parametrize("change", OF_ALL_REGIONS.values(), ids=OF_ALL_REGIONS.keys())
def test_a_change_that_every_region_shows_raises_all_versions(world: Engine, change: Change) -> None:
    before = versions(world)
    commit(world, change)
    after = versions(world)
    assert {slug: after[slug] for slug in before} == {slug: version + 1 for slug, version in before.items()}


MOVED = {
    "offer": "UPDATE offer SET region_id = :kreis WHERE region_id = :stadt",
    "place": "UPDATE place SET region_id = :kreis WHERE region_id = :stadt",
    "division": (
        "UPDATE division SET region_id = :kreis, slug = 'neu', resident_level = NULL WHERE region_id = :stadt"
    ),
    "contact": (
        "UPDATE contact SET offer_id = (SELECT id FROM offer WHERE region_id = :kreis)"
        " WHERE offer_id IN (SELECT id FROM offer WHERE region_id = :stadt)"
    ),
    "space": (
        "UPDATE space SET code = '9', key = 'lor:9', slug = 'neu',"
        " division_id = (SELECT id FROM division WHERE region_id = :kreis)"
        " WHERE division_id IN (SELECT id FROM division WHERE region_id = :stadt)"
    ),
}


@pytest.mark.parametrize("statement", MOVED.values(), ids=MOVED.keys())
def test_what_moves_to_another_region_raises_both_versions(world: Engine, statement: str) -> None:
    before = versions(world)
    with Session(world) as session, session.begin():
        session.execute(
            text(statement), {slug: region_named(session, slug).id for slug in ("stadt", "kreis")}
        )
    assert versions(world) == {slug: version + 1 for slug, version in before.items()}


def test_a_change_that_is_rolled_back_raises_nothing(world: Engine) -> None:
    before = versions(world)
    with Session(world) as session:
        make_offer(session, region_named(session, "stadt"))
        session.rollback()
    assert versions(world) == before


def test_an_answer_that_is_still_good_is_not_sent_again(visitor: TestClient) -> None:
    first = visitor.get("/offers")
    again = visitor.get("/offers", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "no-cache"


def test_a_change_makes_the_kept_answer_old(visitor: TestClient, world: Engine) -> None:
    tag = visitor.get("/offers").headers["etag"]
    commit(world, OF_ONE_REGION["an offer is renamed"])
    answer = visitor.get("/offers", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.json()["results"][0]["name"] == "Anders"
    assert answer.headers["etag"] != tag


def test_a_change_elsewhere_leaves_the_kept_answer_good(visitor: TestClient, world: Engine) -> None:
    tag = visitor.get("/offers?region=kreis").headers["etag"]
    commit(world, OF_ONE_REGION["an offer is renamed"])
    assert visitor.get("/offers?region=kreis", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("said", ['"other", {tag}', '{tag},"other"', '  {tag}  ,W/"x"', "{strong}"])
def test_if_none_match_may_say_several_tags(visitor: TestClient, said: str) -> None:
    tag = visitor.get("/offers").headers["etag"]
    header = said.format(tag=tag, strong=tag.removeprefix("W/"))
    assert visitor.get("/offers", headers={"if-none-match": header}).status_code == 304


@pytest.mark.parametrize("said", ["", "W/", "*", '"other"', '"other", W/"another"', '"*"'])
def test_another_tag_gets_the_whole_answer(visitor: TestClient, said: str) -> None:
    assert visitor.get("/offers", headers={"if-none-match": said}).status_code == 200


@pytest.mark.parametrize(
    "address", ["/offers", "/offers/facets", "/map/points", "/spaces", "/divisions", "/topics", "/audiences"]
)
def test_head_says_the_same_as_get_without_the_body(visitor: TestClient, address: str) -> None:
    get, head = visitor.get(address), visitor.head(address)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert head.headers[name] == get.headers[name]


def test_answers_grow_old_at_midnight(visitor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 22, 59, tzinfo=UTC))
    tag = visitor.get("/offers").headers["etag"]
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    assert visitor.get("/offers", headers={"if-none-match": tag}).status_code == 200


def test_regions_and_errors_are_never_kept(visitor: TestClient) -> None:
    assert "etag" not in visitor.get("/regions").headers
    assert "etag" not in visitor.get("/offers?per_page=0").headers
    assert "etag" not in visitor.get("/offers/999").headers
