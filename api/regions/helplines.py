"""Emergency and advice numbers: those that hold everywhere, and what a region adds or says otherwise."""

import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.core.build import ROOT
from api.regions.models import Region

FILE: Final = ROOT / "data" / "help" / "helplines.toml"

Kind = Literal[
    "emergency", "poison", "medical", "violence", "abuse", "crisis",
    "children", "parents", "pregnancy", "care", "other",
]  # fmt: skip


class Helpline(BaseModel):
    """A number to call; texts by language, German always among them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: str = Field(min_length=1)
    name: dict[str, str]
    phones: list[str] = Field(min_length=1)
    kinds: list[Kind] = Field(min_length=1)  # under the first it stands on the page of all numbers
    note: dict[str, str] = {}
    always: bool = False  # at any hour of any day
    when: dict[str, str] = {}
    languages: list[str] = []  # that are spoken there, as far as known (BCP 47)
    more_languages: bool = False


@cache
def everywhere() -> tuple[Helpline, ...]:
    """Return the numbers that come with the program."""
    return tuple(map(Helpline.model_validate, tomllib.loads(FILE.read_text(encoding="utf-8"))["help"]))


def of_region(region: Region) -> list[Helpline]:
    """Return all numbers of a region: its own word on a number goes before ours, new ones come after."""
    return _joined(everywhere(), map(Helpline.model_validate, region.helplines))


def of_kinds(region: Region, kinds: Iterable[str]) -> list[Helpline]:
    """Return the region's numbers of these kinds, those of the first kind first."""
    lines = of_region(region)
    return list({line.slug: line for kind in kinds for line in lines if kind in line.kinds}.values())


def _joined(ours: Iterable[Helpline], own: Iterable[Helpline]) -> list[Helpline]:
    return list({line.slug: line for line in (*ours, *own)}.values())
