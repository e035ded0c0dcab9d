"""The kinds of work that checks of facts bring up: doubts in groups, and places that are on no map."""

from collections.abc import Sequence
from typing import Final

from api.accounts import scope
from api.accounts.policy import Action
from api.core.pages import Page
from api.curation import unplaced
from api.curation.bulk import Did
from api.curation.claims import About, unclaimed
from api.doubts import listing
from api.doubts.models import Kind
from web.staff.gate import PATH
from web.staff.queue_kinds import Item, Reader, Task

DOUBT: Final = f"{PATH}/zweifel"
PLACE: Final = f"{PATH}/ort"
_LINKS: Final = (
    Kind.LINK_GONE, Kind.LINK_SILENT, Kind.LINK_UNSAFE, Kind.LINK_MOVED, Kind.LINK_WRONG, Kind.LINK_IS_MAIL,
)  # fmt: skip
_PHONES: Final = (
    Kind.PHONE_SHORT, Kind.PHONE_LONG, Kind.PHONE_NO_CODE, Kind.PHONE_EXTRA_ZERO, Kind.PHONE_PLACEHOLDER,
    Kind.PHONE_UNREADABLE, Kind.PHONE_MISSING,
)  # fmt: skip
_HOURS: Final = (Kind.DATES_OVER, Kind.HOURS_OVER, Kind.LINE_OVER, Kind.ONLY_SINGLES)
_PLACED: Final = (Kind.POINT_MISSING,)  # a kind of work of its own, by place instead of by offer


def _doubts(slug: str, title: str, one: str, many: str, about: str, kinds: Sequence[Kind]) -> Task:
    def wanted(reader: Reader) -> listing.Wanted:
        return listing.Wanted(
            kinds=kinds,
            spaces=reader.spaces,
            topics=reader.topics,
            only=scope.offers_for(reader.person, Action.SEE_QUEUE),
            free=unclaimed(reader.person, About.DOUBT) if reader.free else None,
        )

    def count(reader: Reader) -> int:
        return listing.number(reader.session, reader.region, wanted(reader))

    def items(reader: Reader, page: int, per_page: int) -> Page[Item]:
        found = listing.doubts(reader.session, reader.region, wanted(reader), page, per_page)
        shown = [
            Item(f"{DOUBT}/{line.id}", line.name, "", "", line.found_at, line.title, (About.DOUBT, line.id))
            for line in found.results
        ]
        return Page[Item](total=found.total, results=shown, page=found.page, per_page=found.per_page)

    return Task(slug, title, one, many, about, count, items, deeds=(Did.TAKEN, Did.DISMISSED))


def _places_wanted(reader: Reader) -> unplaced.Wanted:
    # What lies nowhere is everybody's business: no space leaves it out.
    only = scope.offers_for(reader.person, Action.SEE_QUEUE)
    wanted = unplaced.Wanted(topics=reader.topics, only=only)
    if reader.free:
        return unplaced.Wanted(wanted.topics, only, unclaimed(reader.person, About.PLACE))
    return wanted


def _count_places(reader: Reader) -> int:
    return unplaced.count(reader.session, reader.region.id, _places_wanted(reader))


def _places(reader: Reader, page: int, per_page: int) -> Page[Item]:
    wanted = _places_wanted(reader)
    found = unplaced.places(reader.session, reader.region.id, wanted, page, per_page)
    shown = [
        Item(
            f"{PLACE}/{line.id}",
            line.name or line.address or "Ort ohne Adresse",
            "",
            "",
            line.since,
            line.address if line.name else "",
            (About.PLACE, line.id),
        )
        for line in found.results
    ]
    return Page[Item](total=found.total, results=shown, page=found.page, per_page=found.per_page)


TASKS: Final = (
    _doubts(
        "links", "Tote Links", "toter Link", "tote Links",
        "Beim Prüfen hat unter diesen Internetadressen niemand richtig geantwortet.", _LINKS,
    ),
    _doubts(
        "telefon", "Telefon", "Telefonnummer zum Nachsehen", "Telefonnummern zum Nachsehen",
        "So wie sie dastehen, kommt wohl niemand an.", _PHONES,
    ),
    _doubts(
        "zeiten", "Abgelaufene Zeiten", "abgelaufene Zeit", "abgelaufene Zeiten",
        "Es stehen Zeiten da, aber davon kommt nichts oder fast nichts mehr.", _HOURS,
    ),
    _doubts(
        "auffaellig", "Auffälliges", "auffällige Angabe", "auffällige Angaben",
        "Hier passen Angaben nicht zusammen, oder etwas Wichtiges fehlt.",
        tuple(kind for kind in Kind if kind not in (*_LINKS, *_PHONES, *_HOURS, *_PLACED)),
    ),
    Task(
        "orte", "Orte ohne Punkt", "Ort ohne Punkt auf der Karte", "Orte ohne Punkt auf der Karte",
        "Diese Orte sind auf keiner Karte und in keinem Stadtteil zu finden.", _count_places, _places,
    ),
)  # fmt: skip


def of_kind(kind: Kind) -> str:
    """Return the slug of the kind of work to which a doubt belongs."""
    groups = {"links": _LINKS, "telefon": _PHONES, "zeiten": _HOURS, "orte": _PLACED}
    return next((slug for slug, kinds in groups.items() if kind in kinds), "auffaellig")
