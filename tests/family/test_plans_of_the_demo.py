"""Plans for families drawn at random, before the offers of the demo."""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.plans import service, worries
from api.plans.candidates import gather
from api.plans.hours import Times
from api.plans.schemas import PlanQuestion
from api.plans.solving import solve
from api.plans.starting import start
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from bench.search.families import family, without_a_plan
from tests.family.reading import days, names
from tests.search.town import Patient

pytestmark = pytest.mark.usefixtures("on_a_monday")


@pytest.fixture(scope="module")
def shelves(demo: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    """Indexes of the demo regions."""
    made_here = Patient(demo, tmp_path_factory.mktemp("plans"))
    yield made_here
    made_here.close()


def families(session: Session, first: int, count: int) -> Iterator[PlanQuestion]:
    topics = [one.slug for topic in taxonomy.topics(session) for one in (topic, *topic.children)]
    points = [(13.45 + 0.01 * x, 52.49 + 0.01 * y) for x in range(7) for y in range(9)]
    for seed in range(first, first + count):
        yield PlanQuestion.model_validate(family(Random(seed), topics, points))


def never_more(session: Session, region: Region, shelves: Patient, question: PlanQuestion) -> tuple[int, int]:
    shelf = shelves.at(region)
    here = start(session, region, question)
    known = worries.known(session, region, question, shelf)
    found = gather(known, question, here, Times(known.table, region.timezone, (), ()))
    answered, cost = without_a_plan(found)
    plans = solve(len(question.worries), found.options, found.between)
    assert plans[0].worries.bit_count() >= answered
    fewest = min(one.cost.trips for one in plans)
    if plans[0].worries.bit_count() == answered:
        assert fewest <= cost.trips
    return fewest, cost.trips


@pytest.mark.parametrize(
    ("first", "count"), [(0, 25), pytest.param(25, 475, marks=pytest.mark.proof)], ids=["25", "500"]
)
def test_never_more_ways_than_to_the_nearest_of_each(
    demo: Engine, shelves: Patient, first: int, count: int
) -> None:
    with Session(demo) as session:
        region = session.exec(select(Region).where(Region.slug == "lichtenberg")).one()
        ways = [never_more(session, region, shelves, one) for one in families(session, first, count)]
    assert sum(mine for mine, _ in ways) < sum(theirs for _, theirs in ways)


def test_without_the_index_plans_are_the_same(demo: Engine, shelves: Patient) -> None:
    with Session(demo) as session:
        region = session.exec(select(Region).where(Region.slug == "lichtenberg")).one()
        for question in families(session, 1000, 4):
            by_index = service.plan(session, region, question, shelves)
            plain = service.plan(session, region, question, None)
            assert [(days(one), names(one)) for one in plain.plans] == [
                (days(one), names(one)) for one in by_index.plans
            ]
            for mine, other in zip(plain.worries, by_index.worries, strict=True):
                assert (mine.found, mine.gap) == (other.found, other.gap)
                # A roof is measured at its first place, and without the index only what answers is known.
                assert [one.offer.id for one in mine.others] == [one.offer.id for one in other.others]


# Near Karlshorst there is a house where people drink coffee, and a school whose text has the word "Schulden".
@pytest.mark.parametrize(
    ("words", "helping"),
    [
        ("mein Mann trinkt", {"Suchtberatung"}),
        ("Schulden", {"Schuldnerberatung", "Schuldnerberatung auf Türkisch und Arabisch"}),
        ("Mietschulden", {"Soforthilfe bei Mietschulden", "Schuldnerberatung"}),
    ],
)
def test_a_word_in_passing_is_no_answer(
    demo: Engine, shelves: Patient, words: str, helping: set[str]
) -> None:
    with Session(demo) as session:
        region = session.exec(select(Region).where(Region.slug == "lichtenberg")).one()
        asked = PlanQuestion.model_validate({"worries": [{"words": words}], "near": "13.54,52.48"})
        found = service.plan(session, region, asked, shelves)
    one = found.worries[0]
    assert helping <= {other.offer.name for other in one.others}
    assert not any(word in other.offer.name for other in one.others for word in ("Café", "Schulsozial"))
