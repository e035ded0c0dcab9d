"""Topics and audiences: the shared vocabulary."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.errors import InvalidInputError
from api.regions.models import Region
from api.taxonomy import service
from tests.factories import make_audience, make_topic


def test_topics_come_as_a_tree_in_their_fixed_order(
    session: Session, region: Region, client: TestClient
) -> None:
    money = make_topic(session, "geld", synonyms=["pleite"], descriptions={"de": "Schulden"})
    make_topic(session, "wohnen", position=0)
    make_topic(session, "schulden", money)
    make_topic(session, "antrag", money, position=1)
    tree = client.get("/topics").json()
    assert [topic["slug"] for topic in tree] == ["wohnen", "geld"]
    assert [topic["slug"] for topic in tree[1]["children"]] == ["antrag", "schulden"]
    assert tree[1]["synonyms"] == ["pleite"]
    assert tree[1]["names"] == {"de": "Geld", "en": "geld (en)"}


def test_audiences_come_in_their_fixed_order(session: Session, region: Region, client: TestClient) -> None:
    make_audience(session, "kinder", position=2, min_age=0, max_age=14)
    make_audience(session, "eltern", position=1)
    assert [audience["slug"] for audience in client.get("/audiences").json()] == ["eltern", "kinder"]
    assert client.get("/audiences").json()[1]["max_age"] == 14


def test_a_topic_stands_for_the_finer_ones_below_it(session: Session) -> None:
    money = make_topic(session, "geld")
    make_topic(session, "schulden", money)
    make_topic(session, "wohnen")
    assert sorted(service.with_children(session, ["geld"])) == ["geld", "schulden"]
    assert service.with_children(session, ["schulden"]) == ["schulden"]


def test_an_unknown_word_is_named(session: Session) -> None:
    make_topic(session, "geld")
    with pytest.raises(InvalidInputError) as caught:
        service.with_children(session, ["geld", "gibtesnicht"])
    assert [(e.field, "gibtesnicht" in e.detail) for e in caught.value.errors] == [("topic", True)]
    with pytest.raises(InvalidInputError):
        service.check_audiences(session, ["niemand"])


def test_only_topics_with_offers_are_counted(session: Session) -> None:
    make_topic(session, "geld")
    make_topic(session, "wohnen")
    counted = service.counted(service.topics(session), {"geld": 3, "wohnen": 0})
    assert [(topic.slug, topic.count) for topic in counted] == [("geld", 3)]
