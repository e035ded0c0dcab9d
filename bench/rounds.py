"""Rounds in which every target gets its turn, so that a busy moment of the machine hits all of them alike."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

from bench.load import LoadError, Sample, ask, fire
from bench.targets import Target

Samples = Mapping[str, Sequence[Sample]]

WARM_SECONDS: Final = 1  # wrk takes whole seconds only
OK: Final = 200
NOT_MODIFIED: Final = 304


def run(targets: Sequence[Target], rounds: int, seconds: int, say: Callable[[str], None]) -> Samples:
    """Measure all targets in each round, in another order each time; return the samples by key of target."""
    chance = Random(rounds)  # noqa: S311 - only an order
    samples: dict[str, list[Sample]] = {target.key: [] for target in targets}
    for target in targets:
        _sample(target.in_round(0), WARM_SECONDS)  # connections, caches and plans are warm from now on
    for number in range(1, rounds + 1):
        for target in chance.sample(targets, len(targets)):
            samples[target.key].append(_sample(target.in_round(number), seconds))
        say(f"Runde {number} von {rounds}")
    return samples


def _sample(target: Target, seconds: int) -> Sample:
    """Look at one answer, then measure; raise LoadError that names the target."""
    headers = dict(target.headers)
    answer = ask(target.server.address, target.paths[0], headers)
    wanted = OK
    if target.is_repeat:
        headers["If-None-Match"] = answer.tag
        answer = ask(target.server.address, target.paths[0], headers)
        wanted = NOT_MODIFIED
    if answer.status != wanted:
        raise LoadError(f"{target.key}: {target.paths[0]} antwortet {answer.status} statt {wanted}.")
    try:
        return fire(target.server.address, target.paths, headers, seconds)
    except LoadError as error:
        raise LoadError(f"{target.key}: {error}") from error
