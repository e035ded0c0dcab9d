"""The compared engines get what strangers may see, and spaces by the same rule as the offers' list."""

from sqlmodel import Session

from api.offers import service as offers
from api.offers.models import Status
from api.offers.schemas import OfferQuery
from api.regions.models import Region
from bench.search.corpus import Document, documents
from bench.search.weights import weigh
from tests import factories
from tests.plans import questions


def corpus(session: Session, region: Region) -> dict[str, Document]:
    return {document.name: document for document in documents(session, region.id)}


def test_only_published_offers_of_the_region(session: Session, region: Region) -> None:
    factories.make_offer(session, region, name="Offen")
    factories.make_offer(session, region, name="Entwurf", status=Status.DRAFT)
    factories.make_offer(session, factories.make_region(session, is_default=False), name="Woanders")
    assert list(corpus(session, region)) == ["Offen"]


def test_one_statement(session: Session, region: Region) -> None:
    for number in range(3):
        factories.make_offer(session, region, name=f"Offen {number}")
    assert len(questions(session, lambda: documents(session, region.id))) == 1


def test_hidden_addresses_stay_hidden(session: Session, region: Region) -> None:
    shelter = factories.make_place(
        session, region, street="Geheime Str. 1", lon=13.1, lat=52.1, address_hidden=True
    )
    factories.make_offer(session, region, shelter, name="Schutz")
    found = corpus(session, region)["Schutz"]
    assert "Geheime" not in repr(found)
    assert found.points == []
    assert found.space_ids == []
    assert found.is_everywhere


def test_spaces_are_those_the_list_of_offers_finds_it_in(session: Session, region: Region) -> None:
    division = factories.make_division(session, region)
    west = factories.make_space(session, division, "01", factories.box(13, 52, 13.2, 52.2))
    east = factories.make_space(session, division, "02", factories.box(13.2, 52, 13.4, 52.2))
    place = factories.make_place(session, region, lon=13.1, lat=52.1)
    factories.make_offer(session, region, place, name="Am Ort")
    factories.make_offer(session, region, outreach=True, serves=[east.key], name="Kommt in den Osten")
    factories.make_offer(session, region, outreach=True, name="Kommt überall hin")
    found = corpus(session, region)
    for space in (west, east):
        asked = OfferQuery(space=[space.key], per_page=100)
        listed = {offer.name for offer in offers.find(session, region, asked).results}
        assert listed == {
            name for name, one in found.items() if one.is_everywhere or space.id in one.space_ids
        }
    assert found["Am Ort"].stadtteil_ids == [west.id]
    assert found["Am Ort"].places[0].spaces == [west.name]


def test_topics_come_with_the_broader_ones_and_their_words(session: Session, region: Region) -> None:
    coarse = factories.make_topic(session, "geld", names={"de": "Geld"}, synonyms=["pleite"])
    factories.make_topic(
        session, "schulden", names={"de": "Schulden"}, synonyms=["Inkasso"], parent_id=coarse.id
    )
    factories.make_offer(
        session, region, name="Rat", topics=["schulden"], languages=["de", "tr"], organization="Verein"
    )
    one = corpus(session, region)["Rat"]
    assert (one.topics, one.topic_synonyms) == (["geld", "schulden"], ["Inkasso"])
    texts = weigh(one, with_synonyms=True)
    assert texts.a == "Rat"
    assert {"Geld", "Schulden", "Verein"} <= set(texts.b.split())
    assert {"Inkasso", "Türkisch"} <= set(texts.c.split())
    assert "Deutsch" not in texts.c
    assert "Inkasso" not in weigh(one, with_synonyms=False).c
