"""Changing wishes, as people combine filters: the same row of wishes in every run."""

from random import Random
from urllib.parse import urlencode

from bench.divisions import DIVISIONS, key_prefix
from bench.region import Plan
from bench.vocabulary import Vocabulary

Pairs = list[tuple[str, str]]

OFTEN, SOMETIMES, SELDOM = 0.7, 0.35, 0.15


def wishes(plan: Plan, number: int) -> list[str]:
    """Return so many queries of GET /offers for a region, each with one to five filters."""
    chance = Random(f"wishes/{plan.number}")  # noqa: S311 - the same wishes in every run
    vocabulary = Vocabulary.read()
    return [urlencode(_wish(chance, plan, vocabulary)) for _ in range(number)]


def stadtteile() -> list[str]:
    """Return the codes of the spaces that residents call Stadtteil."""
    division = DIVISIONS[0]
    columns, rows = division.columns // division.wide, division.rows // division.high
    return [f"{x:02}-{y:02}" for x in range(columns) for y in range(rows)]


def _wish(chance: Random, plan: Plan, vocabulary: Vocabulary) -> Pairs:
    pairs = [("per_page", "20")]
    if chance.random() < OFTEN:
        pairs.append(("topic", chance.choice(vocabulary.topics)[0]))
    if chance.random() < SOMETIMES:
        pairs.append(("audience", chance.choice(vocabulary.audiences)))
    if chance.random() < SOMETIMES:
        pairs.append(("age", str(chance.randint(0, 90))))
    if chance.random() < SELDOM:
        pairs.append(("cost_free", "true"))
    if chance.random() < SELDOM:
        pairs.append(("sort", "verified"))
    return pairs + _somewhere(chance, plan)


def _somewhere(chance: Random, plan: Plan) -> Pairs:
    """Return a Stadtteil, a point with a distance, or nothing."""
    said = chance.random()
    if said < SOMETIMES:
        return [("space", key_prefix(DIVISIONS[0], plan.slug) + chance.choice(stadtteile()))]
    if said < SOMETIMES + SELDOM:
        grid = plan.grid()
        east, north = chance.uniform(0.3, 0.7), chance.uniform(0.3, 0.7)
        point = f"{grid.west + grid.width * east:.5f},{grid.south + grid.height * north:.5f}"
        return [("near", point), ("metres", "2000")]
    return []
