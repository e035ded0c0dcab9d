"""Chains are written, ordered and taken back step by step."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.chains import past, service
from api.chains.schemas import ChainIn, LinkIn
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.history.service import Act
from api.regions.models import Region
from tests.chains.test_finding import make_chain
from tests.factories import act, make_region, make_topic

WORDS = {"words": "hilfe"}


def links(session: Session, region: Region, chain_id: int) -> list[str]:
    return [one.names["de"] for one in service.get(session, region.id, chain_id).links]


def test_moved_links_stand_where_they_were_put_and_go_back_alone(session: Session, region: Region) -> None:
    chain = make_chain(session, region, [WORDS] * 4)
    ids = [one.id for one in chain.links]
    by = act(region)
    for link, way in ((0, "up"), (3, "down"), (3, "up"), (0, "down")):
        service.move_link(session, by, chain.id, ids[link], way)  # type: ignore[arg-type]
    assert links(session, region, chain.id) == ["Glied 2", "Glied 1", "Glied 4", "Glied 3"]
    _last, before = past.steps(session, region.id, chain.id, 2)
    assert past.undo(session, by, chain.id, before.id)
    assert links(session, region, chain.id) == ["Glied 2", "Glied 1", "Glied 3", "Glied 4"]
    # Halved as often as anybody likes.
    for _ in range(80):
        service.move_link(session, by, chain.id, ids[3], "up")
        service.move_link(session, by, chain.id, ids[2], "up")
    assert links(session, region, chain.id)[2:] == ["Glied 3", "Glied 4"]
    other = make_chain(session, region, [WORDS], names={"de": "Kette"})
    assert other.slug == "kette-2"
    service.move(session, by, other.id, "up")
    assert [one.id for one in service.every(session, region)] == [other.id, chain.id]


def test_every_change_raises_the_data_version_and_can_be_taken_back(database: Engine) -> None:
    with Session(database) as session, session.begin():
        chain = make_chain(session, make_region(session), [WORDS, WORDS])
    first = chain.links[0].id

    def change(number: int, session: Session, by: Act) -> None:
        if number == 0:
            service.change(session, by, chain.id, ChainIn(names={"de": "Anders"}))
        elif number == 1:
            service.change_link(session, by, chain.id, first, LinkIn(names={"de": "Neu"}, words="x"))
        elif number == 2:
            service.remove_link(session, by, chain.id, first)
        elif number == 3:
            service.add_link(session, by, chain.id, LinkIn(names={"de": "Dazu"}, words="x"))
        else:
            service.publish(session, by, chain.id, is_published=False)

    versions = []
    for number in range(5):
        with Session(database) as session, session.begin():
            region = session.exec(select(Region)).one()
            versions.append(region.data_version)
            seen = past.version(session, region.id, chain.id)
            past.check_seen(session, act(region), chain.id, str(seen))
            change(number, session, act(region))
            with pytest.raises(ConflictError):
                past.check_seen(session, act(region), chain.id, str(seen))
    with Session(database) as session, session.begin():
        region = session.exec(select(Region)).one()
        assert [*versions, region.data_version] == sorted({*versions, region.data_version})
        by = act(region)
        assert service.every(session, region) == []
        for step in past.steps(session, region.id, chain.id, 5):
            assert past.undo(session, by, chain.id, step.id)
            with pytest.raises(ConflictError):
                past.undo(session, by, chain.id, step.id)
        assert service.get(session, region.id, chain.id) == chain
        begun = past.steps(session, region.id, chain.id, 50)[-1]
        assert not begun.can_undo
        with pytest.raises(ConflictError):
            past.undo(session, by, chain.id, begun.id)
        other = make_chain(session, region, [WORDS])
        with pytest.raises(NotFoundError):
            past.undo(session, by, other.id, begun.id)


def test_what_cannot_be_is_named(session: Session, region: Region) -> None:
    by = act(region)
    make_topic(session, "geld")
    chain = make_chain(session, region, [WORDS])
    for names in ({}, {"de": " "}, {"de": "x" * 101}, {"de": "x", "tr": "y" * 101}, {"en": "Chain"}):
        with pytest.raises(InvalidInputError):
            service.create(session, by, ChainIn(names=names))
    for wrong, field in (
        ({}, "topic"),
        ({"topic": "gibtesnicht"}, "topic"),
        ({"words": "x" * 201}, "words"),
        ({"words": "x", "min_age": 121}, "min_age"),
        ({"words": "x", "min_age": 5, "max_age": 4}, "max_age"),
        ({"offer_ids": list(range(1, 22))}, "offer_ids"),
    ):
        with pytest.raises(InvalidInputError) as error:
            service.add_link(session, by, chain.id, LinkIn(**{"names": {"de": "x"}, **wrong}))
        assert [one.field for one in error.value.errors] == [field]
    empty = service.create(session, by, ChainIn(names={"de": "Leer"}))
    with pytest.raises(ConflictError):
        service.publish(session, by, empty.id, is_published=True)
    elsewhere = make_region(session, is_default=False)
    for region_id, chain_id in ((elsewhere.id, chain.id), (region.id, 2**70)):
        with pytest.raises(NotFoundError):
            service.get(session, region_id, chain_id)
    for slug in ("leer", "gibtesnicht", "ke\0tte"):
        with pytest.raises(NotFoundError):
            service.by_slug(session, region, slug)
    assert service.by_slug(session, region, "kette").id == chain.id
