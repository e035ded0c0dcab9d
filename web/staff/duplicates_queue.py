"""The kind of work that pairs are which may be one offer."""

from typing import Final

from api.accounts import scope
from api.accounts.policy import Action
from api.core.pages import Page
from api.curation import duplicates_listing
from api.curation.claims import About, unclaimed
from api.curation.duplicates_listing import PairLine, Wanted
from web.staff.gate import PATH
from web.staff.queue_kinds import Item, Reader, Task

PAIR: Final = f"{PATH}/doppelt"


def wanted(reader: Reader) -> Wanted:
    """Return the pairs about which a reader may decide: both offers lie in the scope."""
    is_bounded = reader.person.spaces_for(Action.MERGE) is not None
    return Wanted(
        spaces=reader.spaces,
        topics=reader.topics,
        reach=scope.offers_for(reader.person, Action.MERGE) if is_bounded else None,
        free=unclaimed(reader.person, About.PAIR) if reader.free else None,
    )


def why(line: PairLine) -> str:
    """Return in words why two offers may be one."""
    said = "; ".join(line.reasons) or "jemand hat die beiden genannt"
    return said[:1].upper() + said[1:]


def _count(reader: Reader) -> int:
    return duplicates_listing.count(reader.session, reader.region, wanted(reader))


def _items(reader: Reader, page: int, per_page: int) -> Page[Item]:
    found = duplicates_listing.pairs(reader.session, reader.region, wanted(reader), page, per_page)
    shown = [
        Item(f"{PAIR}/{line.id}", _called(line), "", "", line.found_at, why(line), (About.PAIR, line.id))
        for line in found.results
    ]
    return Page[Item](total=found.total, results=shown, page=found.page, per_page=found.per_page)


def _called(line: PairLine) -> str:
    names = dict.fromkeys((line.one.name, line.other.name))
    return " und ".join(f"„{name}“" for name in names)


TASKS: Final = (
    Task(
        "doppelte", "Doppelte", "doppeltes Angebot", "doppelte Angebote",
        "Zwei Einträge sind vielleicht dasselbe Angebot.", _count, _items, Action.MERGE,
    ),
)  # fmt: skip
