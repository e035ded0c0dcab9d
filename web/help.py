"""Whom to call: which numbers stand on which page, and where somebody goes who must leave it at once."""

from collections.abc import Iterable
from typing import Any, Final

from sqlmodel import Session

from api.regions import helplines
from api.regions.helplines import Helpline
from api.regions.models import Region
from api.search import crisis
from api.taxonomy import service as taxonomy
from web.words import _

# The weather, from a public office without advertising: nobody wonders about it.
EXIT: Final = "https://www.dwd.de/"
WHERE_NOTHING_IS: Final = ("crisis", "emergency")
# In the order of the page; a number stands under the first of its kinds.
GROUPS: Final = {
    "emergency": _("Wenn es sofort sein muss"),
    "poison": _("Bei Vergiftungen"),
    "medical": _("Wenn Sie krank sind"),
    "violence": _("Bei Gewalt und Bedrohung"),
    "abuse": _("Bei sexueller Gewalt"),
    "crisis": _("Wenn Sie nicht mehr weiterwissen"),
    "children": _("Für Kinder und Jugendliche"),
    "parents": _("Für Eltern"),
    "pregnancy": _("In der Schwangerschaft"),
    "care": _("Bei der Pflege"),
    "other": _("Weitere Nummern"),
}


def way_out(region: Region) -> str:
    """Return where the quick exit leads."""
    return region.exit_url or EXIT


def urgent(session: Session, region: Region, topics: Iterable[str], words: str = "") -> list[Helpline]:
    """Return the numbers that belong to topics and words; nothing if these say no crisis."""
    kinds = dict.fromkeys([*crisis.kinds(words), *taxonomy.helplines(session, list(topics))])
    return helplines.of_kinds(region, kinds) if kinds else []


def groups(region: Region) -> list[dict[str, Any]]:
    """Return all numbers of a region under the titles of GROUPS, which the page translates."""
    lines = helplines.of_region(region)
    found = [(title, [line for line in lines if line.kinds[0] == kind]) for kind, title in GROUPS.items()]
    return [{"title": title, "lines": of_kind} for title, of_kind in found if of_kind]
