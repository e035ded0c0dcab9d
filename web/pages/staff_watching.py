"""What somebody keeps an eye on: searches and offers of their own, and how often a mail tells of them."""

from typing import Final

from fastapi import APIRouter, Response

from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.watching import marks, news, searches, watchers
from api.watching.models import Rhythm
from web.sending.reading import Fields
from web.staff.forms import Sent
from web.staff.gate import PATH, way_back
from web.staff.showing import onward
from web.staff.watching import WATCHING
from web.staff.watching_address import FIELD, NO_OFFER, Names, mistakes, named, offer_in, read, wish_of
from web.staff.watching_page import Here, HereDep, number
from web.staff.watching_page import shown as page

MORE: Final = "Inzwischen ist noch etwas dazugekommen. Bitte sehen Sie es sich an."
TOO_MANY: Final = f"Sie haben schon {searches.MOST} Suchen gespeichert. Bitte löschen Sie erst eine."
TOO_MANY_OFFERS: Final = (
    f"Auf Ihrer Liste stehen schon {marks.MOST} Angebote. Bitte nehmen Sie erst eines herunter."
)
TOO_WIDE: Final = "Diese Suche findet fast alles. Bitte wählen Sie mehr aus."
CHOOSE: Final = "Bitte wählen Sie, wie oft."

router = APIRouter(prefix=WATCHING)


@router.get("")
def shown(here: HereDep) -> Response:
    """Show somebody's searches and list with what is new, and how to have a mail."""
    return page(here)


@router.post("/suche")
def saved(here: HereDep, sent: Sent) -> Response:
    """Save the search in the address of a list, or put the offer in the address of its page on the list."""
    typed = sent.get(FIELD, "")
    try:
        offer_id = offer_in(here.session, here.region, typed)
        if offer_id is not None:
            return _watched(here, sent, offer_id)
        said = read(here.session, here.region, typed)
        name = named(sent.get("name", ""), Names(here.session).of(said.wish))
        ids, is_certain = searches.answers(here.session, here.region, said.wish.query, here.shelves)
    except InvalidInputError as error:
        return page(here, 422, typed=sent, mistakes=mistakes(error))
    try:
        known = ids if is_certain else None
        _search, is_new = searches.save(here.session, here.region, here.person, said.address, name, known)
    except ConflictError:
        return page(here, 409, typed=sent, error=TOO_MANY)
    except InvalidInputError:
        return page(here, 422, typed=sent, mistakes={FIELD: TOO_WIDE})
    return _onward(sent, "suche" if is_new else "bekannt")


@router.post("/suche/{search_id:int}/name")
def renamed(here: HereDep, search_id: int, sent: Sent) -> Response:
    """Call a search something else; nothing typed: by what it chooses."""
    search = searches.get(here.session, here.person, search_id)
    try:
        default = Names(here.session).of(wish_of(here.session, here.region, search.address))
    except InvalidInputError:  # something it chooses is gone
        default = search.name
    field = f"name-{search_id}"
    try:
        searches.rename(here.session, here.person, search_id, named(sent.get("name", ""), default))
    except InvalidInputError as error:
        wrong = {field: error.errors[0].detail}
        return page(here, 422, typed={field: sent.get("name", "")}, mistakes=wrong)
    return onward(f"{WATCHING}?fertig=name#suche-{search_id}")


@router.post("/suche/{search_id:int}/entfernen")
def removed(here: HereDep, search_id: int, _sent: Sent) -> Response:
    """Delete a search; the page then offers to bring it back."""
    searches.remove(here.session, here.person, search_id)
    return onward(f"{WATCHING}?fertig=ohne-suche&suche={search_id}")


@router.post("/suche/{search_id:int}/zurueck")
def brought_back(here: HereDep, search_id: int, _sent: Sent) -> Response:
    """Bring back a search that was deleted just before."""
    try:
        searches.bring_back(here.session, here.person, search_id)
    except ConflictError:
        return page(here, 409, error=TOO_MANY)
    return onward(f"{WATCHING}?fertig=zurueck#suche-{search_id}")


@router.post("/angebot")
def watched(here: HereDep, sent: Sent) -> Response:
    """Put an offer on the list, by its number."""
    return _watched(here, sent, number(sent.get("angebot", "")))


@router.post("/angebot/{offer_id:int}/entfernen")
def unwatched(here: HereDep, offer_id: int, sent: Sent) -> Response:
    """Take an offer off the list; the page then offers to bring it back."""
    marks.remove(here.session, here.person, offer_id)
    return _onward(sent, f"ohne-angebot&angebot={offer_id}")


@router.post("/angebot/{offer_id:int}/zurueck")
def watched_again(here: HereDep, offer_id: int, _sent: Sent) -> Response:
    """Bring back an offer that was taken off just before."""
    try:
        marks.bring_back(here.session, here.person, offer_id)
    except ConflictError:
        return page(here, 409, error=TOO_MANY_OFFERS)
    return onward(f"{WATCHING}?fertig=zurueck#angebot-{offer_id}")


@router.post("/gesehen")
def seen(here: HereDep, sent: Sent) -> Response:
    """Note that all of it was seen; what has come since the page was opened is shown first."""
    watchers.held(here.session, here.region, here.person.account_id)
    found = here.news()
    if found.is_unseen and sent.get("fassung", "") != found.fingerprint:
        return page(here, 409, error=MORE)
    news.note(here.session, found, seen=True)
    return onward(f"{WATCHING}?fertig=gesehen")


@router.post("/mails")
def chosen(here: HereDep, sent: Sent) -> Response:
    """Keep how often somebody wants a mail."""
    said = sent.get("rhythmus", "")
    if said not in set(Rhythm):
        return page(here, 422, mistakes={"rhythmus": CHOOSE})
    watchers.choose(here.session, here.region, here.person, Rhythm(said))
    return onward(f"{WATCHING}?fertig=mails#mails")


def _watched(here: Here, sent: Fields, offer_id: int) -> Response:
    try:
        marks.watch(here.session, here.region, here.person, offer_id)
    except NotFoundError:
        return page(here, 404, error=NO_OFFER, typed=sent)
    except ConflictError:
        return page(here, 409, error=TOO_MANY_OFFERS, typed=sent)
    return _onward(sent, "angebot")


def _onward(sent: Fields, done: str) -> Response:
    """Lead back to where the button was, if that is a page of ours, else to the page of all of it."""
    back = way_back(sent.get("zurueck", ""))
    return onward(f"{WATCHING}?fertig={done}" if back == PATH else back)
