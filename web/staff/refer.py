"""How to refer, as pages show it: who has room, and the same of one offer with papers in any language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from fastapi import Request
from sqlmodel import Session
from starlette.datastructures import QueryParams

from api.accounts.policy import Person
from api.core.errors import InvalidInputError
from api.core.languages import DEFAULT, LANGUAGES, Language
from api.curation import labels_referral, professionals
from api.curation.asking import Whom
from api.curation.professionals import ForProfessionals
from api.offers import service as offers
from api.offers.referring import Referral
from api.offers.schemas import OfferSummary
from api.regions.models import Region
from api.search import service as search
from api.search.shelves import Shelves
from web.filters import filter_form
from web.language import translations
from web.staff.form_hours import today
from web.staff.gate import PATH
from web.wish import PER_PAGE, Wish, explained
from web.words import LABELS

REFER: Final = f"{PATH}/vermitteln"
ROOM: Final = "frei"  # the box: only where there is room
MORE: Final = ("alter", "sprache", "kostenlos", "ebene")  # behind a fold
FILTERS: Final = ("thema", "stadtteil", *MORE)
WRONG: Final = "So können wir nicht suchen. Bitte wählen Sie noch einmal."
_LONGEST: Final = 200


class Word(NamedTuple):
    """What a provider has said of waiting and room, and when."""

    waiting: str
    room: str
    kind: str  # "yes", "few", "none" or "unknown"
    said_on: date | None
    is_old: bool


class Shown(NamedTuple):
    """One offer with what professionals read of it, in words."""

    word: Word | None
    way: str
    how: str
    requirements: str
    papers: list[str]  # codes
    papers_note: str
    laws: list[str]
    laws_note: str
    contacts: list[Whom]

    @property
    def is_known(self) -> bool:
        """Return whether anything is known beside what everybody reads."""
        private = any(not one.is_public for one in self.contacts)
        texts = (self.way, self.how, self.requirements, self.papers_note, self.laws_note)
        return bool(self.word or self.papers or self.laws or private or any(texts))


@dataclass(frozen=True)
class Found:
    """A page of offers to which somebody may be referred."""

    wish: Wish
    entries: list[tuple[OfferSummary, Shown]]
    total: int
    page: int
    only_room: bool
    form: dict[str, Any]
    error: str = ""

    @property
    def pages(self) -> int:
        """Return how many there are."""
        return max(-(-self.total // PER_PAGE), 1)

    def address(self, number: int) -> str:
        """Return the address of another page of the same list."""
        room = "1" if self.only_room else None
        return REFER + self.wish.address(ansicht=None, seite=number if number > 1 else None, frei=room)


def find(
    request: Request, session: Session, region: Region, person: Person, shelves: Shelves | None
) -> Found:
    """Return what an address asks for, as far as the person may read of it how to refer."""
    asked, error = request.query_params, ""
    only_room = asked.get(ROOM) == "1"
    try:
        wish = Wish(session, region, asked)
        hits = search.look_up(session, region, wish.query, shelves)
    except InvalidInputError as mistake:
        error = explained(mistake) or WRONG
        wish = Wish(session, region, QueryParams({"q": asked.get("q", "").replace("\x00", " ")[:_LONGEST]}))
        hits = search.look_up(session, region, wish.query, shelves)
    ids = professionals.within_reach(session, person, hits.ids, today(region) if only_room else None)
    page = min(wish.query.page, max(-(-len(ids) // PER_PAGE), 1))
    here = ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    known = professionals.read(session, person, here)
    entries = [
        (offer, shown(known[offer.id], today(region)))
        for offer in offers.by_ids(session, region, here)
        if offer.id in known
    ]
    form = _plain(filter_form(session, region, wish, hits.facets, DEFAULT))
    return Found(wish, entries, len(ids), page, only_room, form, error)


def shown(known: ForProfessionals, day: date) -> Shown:
    """Return what is known, in words."""
    said = known.referral
    return Shown(
        word=_word(said, day),
        way=labels_referral.WAYS[said.way] if said.way != "unknown" else "",
        how=said.how,
        requirements=said.requirements,
        papers=[str(one) for one in said.papers],
        papers_note=said.papers_note,
        laws=[labels_referral.LAWS[one] for one in said.laws],
        laws_note=said.laws_note,
        contacts=sorted(known.contacts, key=lambda one: one.is_public),
    )


def papers_in(codes: Sequence[str], locale: str) -> tuple[Language, list[str]] | None:
    """Return papers in a language that somebody has chosen; None: in none that there is."""
    if locale not in LANGUAGES or locale == DEFAULT or not codes:
        return None
    say = translations(locale).gettext
    return LANGUAGES[locale], [say(LABELS["paper"][one]) for one in codes]


def _word(said: Referral, day: date) -> Word | None:
    if not said.has_word:
        return None
    waiting = "" if said.waiting_weeks is None else labels_referral.weeks(said.waiting_weeks)
    room = "" if said.capacity == "unknown" else labels_referral.CAPACITIES[said.capacity]
    return Word(waiting, room, said.capacity.value, said.said_on, said.is_old(day))


def _plain(form: dict[str, Any]) -> dict[str, Any]:
    """Return the few filters that this page has, without counts: they would count what is out of reach."""
    groups = [group for group in form["groups"] if group["name"] in FILTERS]
    return {
        "groups": [{**one, "choices": [_uncounted(choice) for choice in one["choices"]]} for one in groups]
    }


def _uncounted(choice: dict[str, Any]) -> dict[str, Any]:
    return {**choice, "count": None, "children": [_uncounted(one) for one in choice["children"]]}
