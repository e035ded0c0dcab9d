"""Measures searches in process: at several sizes beside PostgreSQL and Tantivy, and one region among many."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final

from bench.filling import Say
from bench.installation import WRITTEN, Installation, many_regions, one_region
from bench.region import Plan
from bench.search.asking import Ask, asks, local
from bench.search.contenders import Contender, OurSearch, PostgresSearch, TantivySearch
from bench.search.figures import OURS, POSTGRES, TANTIVY, figures
from bench.search.turns import BLOCK, Blocks, Side, take_turns

NAME: Final = "landkarte_bench_search"
SIZES: Final[Mapping[int, int]] = {1_000: 7, 2_500: 7, 10_000: 5, 50_000: 3}  # offers → rounds at most
QUESTIONS: Final = 600  # of which more than 400 say a word that nobody has said before
LOCAL: Final = 7  # the region that is asked alone and, in a copy, among many
LOCAL_OFFERS: Final = 2_500
REGIONS: Final = 100
ROUNDS: Final = 5  # at most
OPEN: Final = 20  # of them, in one process


def at_sizes(
    say: Say, rounds: int, *, afresh: bool, sizes: Mapping[int, int] = SIZES, number: int = QUESTIONS
) -> tuple[Installation, dict[str, Any]]:
    """Measure all searches on one region of each size; return the last database and what was found."""
    found = {}
    for offers, most in sizes.items():
        installation, plan = one_region(f"{NAME}_{offers}", 1, offers), Plan(1, offers)
        say(f"{offers} Angebote")
        installation.ensure(say, afresh=afresh)
        found[str(offers)] = _at_size(installation, plan, min(rounds, most), number, say)
    return installation, {"questions": number, "sizes": found}


def one_of_many(
    say: Say,
    rounds: int,
    *,
    afresh: bool,
    regions: int = REGIONS,
    offers: int = LOCAL_OFFERS,
    number: int = QUESTIONS,
) -> tuple[Installation, dict[str, Any]]:
    """Ask a region alone and its copy among many, of which some are open and asked in between."""
    one = one_region(f"{NAME}_alone", LOCAL, offers)
    many = many_regions(f"{NAME}_{regions}_regions", regions, offers)
    for installation in (one, many):
        installation.ensure(say, afresh=afresh)
    alone = local(one, Plan(LOCAL, offers))
    copy, *others = [local(many, Plan(number, offers)) for number in opened(regions)]
    contenders = {"one": OurSearch(one.url), "many": OurSearch(many.url)}
    for key, places in (("one", [alone]), ("many", [copy, *others])):
        say("Indizes aufbauen, wo sie fehlen")
        with Side(contenders[key]) as side:
            side.check([at.id for at in places], offers)
    found: dict[str, list[dict[str, float]]] = {"one": [], "many": [], "all": []}
    for count in range(1, min(rounds, ROUNDS) + 1):
        chance = Random(count)  # noqa: S311 - only an order
        seeds = range(count * OPEN, count * OPEN + 1 + len(others))  # only the copy is asked the same
        lists = [list(asks(at, number, seed)) for seed, at in zip(seeds, (copy, *others), strict=True)]
        asked = {
            "one": blocks([list(asks(alone, number, seeds[0]))], chance),
            "many": blocks(lists, chance),
        }
        times = take_turns(contenders, asked, chance)
        every = [ask for block in asked["many"] for ask in block]
        found["one"].append(figures([ask for block in asked["one"] for ask in block], times["one"]))
        found["many"].append(figures(every, times["many"], copy.id))
        found["all"].append(figures(every, times["many"]))
        say(f"Runde {count} von {min(rounds, ROUNDS)}")
    return many, {
        "regions": regions,
        "open": 1 + len(others),
        "offers": offers,
        "questions": number,
        "rounds": found,
    }


def opened(regions: int) -> list[int]:
    """Return the numbers of the regions that are open at the same time; the first is the copy of LOCAL."""
    first = LOCAL + regions // 2 // WRITTEN * WRITTEN
    step = max(regions // OPEN, 1)
    return [(first - 1 + place * step) % regions + 1 for place in range(min(OPEN, regions))]


def blocks(lists: Sequence[Sequence[Ask]], chance: Random) -> Blocks:
    """Return the questions to some regions in blocks, mixed by chance; each region's keep their order."""
    starts = range(0, len(lists[0]), BLOCK)
    return [list(_mixed([one[at : at + BLOCK] for one in lists], chance)) for at in starts]


def _mixed(lists: Sequence[Sequence[Ask]], chance: Random) -> Iterator[Ask]:
    turns = [place for place, asked in enumerate(lists) for _ in asked]
    chance.shuffle(turns)
    waiting = [iter(asked) for asked in lists]
    return (next(waiting[place]) for place in turns)


def _at_size(
    installation: Installation, plan: Plan, rounds: int, number: int, say: Say
) -> dict[str, Mapping[str, Any]]:
    with_guesses, without = POSTGRES
    url, at = installation.url, local(installation, plan)
    contenders: dict[str, Contender] = {
        OURS: OurSearch(url),
        with_guesses: PostgresSearch(url, guesses=True),
        without: PostgresSearch(url, guesses=False),
        TANTIVY: TantivySearch(url),
    }
    built = {}
    for key in (OURS, with_guesses, TANTIVY):
        with Side(contenders[key]) as side:
            built[key] = side.build(at.id, plan.offers)
    say(f"{plan.offers} Angebote: aufgebaut")
    found: dict[str, list[dict[str, float]]] = {key: [] for key in contenders}
    for count in range(1, rounds + 1):
        chance = Random(count)  # noqa: S311 - only an order
        asked = list(asks(at, number, count))
        times = take_turns(contenders, dict.fromkeys(contenders, blocks([asked], chance)), chance)
        for key, took in times.items():
            found[key].append(figures(asked, took))
        say(f"{plan.offers} Angebote: Runde {count} von {rounds}")
    return {"built": built, "rounds": found}
