"""What is different about an entry of a provider: a small form, read back before it is sent as a proposal."""

from typing import Any, Final

from fastapi import APIRouter, Response
from starlette.datastructures import QueryParams

from api.core.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from api.curation import confirming, freshness_links, labels, provider_answers
from api.curation.freshness import Line
from api.curation.freshness_links import Standing
from api.curation.freshness_models import ProviderLink, Purpose
from api.curation.provider_answers import Answer, What
from web.mail.letters import CHECK_PATH
from web.pages.provider_check import ended, listed, number, over
from web.provider import changing, form
from web.provider.changing import Item, Said
from web.provider.gate import ByLink, Here, Sent, onward, page, unknown

PAUSE, GONE = "pause", "ende"
SEND, BACK = "senden", "zurueck"
CHECK: Final = "Bitte sehen Sie die markierten Felder noch einmal an. Es ist noch nichts abgeschickt."
NOTHING: Final = (
    "Sie haben noch nichts geändert. Stimmt alles? Dann gehen Sie zurück und bestätigen Sie es dort."
)
ELSEWHERE: Final = (
    "Inzwischen hat jemand anders diesen Eintrag geändert. So steht er jetzt da. Was Sie geschrieben haben, "
    "ist noch da; abgeschickt ist noch nichts."
)
TOO_LATE: Final = "Ihre Änderung ist nicht bei uns angekommen, denn dieser Link gilt nicht mehr."
NOT_THERE: Final = "Diesen Eintrag zeigt die Landkarte nicht mehr. Abgeschickt ist nichts."
WROTE: Final = "Sie hatten geschrieben: „{note}“"
# Of what is carried along from page to page.
_NOT_CARRIED: Final = frozenset({"tun", "was", "rest"})

router = APIRouter(prefix=f"{CHECK_PATH}{{token}}")


@router.get("/{offer_id:int}")
def shown(here: ByLink, offer_id: int) -> Response:
    """Show what can be changed of an entry."""
    try:
        found = freshness_links.find(here.session, here.region.id, here.token, Purpose.CHECK)
        line = _line(here, found.link, offer_id)
    except NotFoundError:
        return unknown(here)
    if found.standing != Standing.OPEN:
        return over(here, found)
    return _form(here, line, changing.untouched(here, line))


@router.post("/{offer_id:int}")
def changed(here: ByLink, offer_id: int, sent: Sent) -> Response:
    """Read back what is different; once that is right, propose it."""
    try:
        link = freshness_links.held(here.session, here.region.id, here.token)
    except ConflictError:
        return _too_late(here, offer_id, sent)
    try:
        line = _line(here, link, offer_id)
    except NotFoundError:
        return _not_there(here, link, offer_id, sent)
    said = changing.read(here, line, sent)
    answers = _answers(here, link, said, sent)
    if sent.get("tun") == SEND and not said.errors and _has_arrived(here, link, offer_id, answers):
        return ended(here, link, "gesendet")  # pressed twice; the rest may be confirmed since
    stays = _stays(here, line, said, sent, answers)
    if stays is not None:
        return stays
    try:
        with here.session.begin_nested():  # all or nothing
            for answer in answers:
                provider_answers.say(here.session, link, offer_id, answer)
    except InvalidInputError as error:
        said.errors = {one.field: one.detail for one in error.errors}
        return _form(here, line, said, 422, sent, error=CHECK)
    if "rest" in sent and not _state(sent):
        act = freshness_links.act_of(link)
        confirming.confirm_all(here.session, act, {offer_id: line.seen}, link.organization_id)
    return ended(here, link, "gesendet")


def _stays(here: Here, line: Line, said: Said, sent: QueryParams, answers: list[Answer]) -> Response | None:
    """Return the page on which there is something to do first; None: what is said can be sent."""
    wish = sent.get("tun", "")
    if number(sent.get("stand", "")) != line.seen:
        return _form(here, line, said, 409, sent, error=ELSEWHERE)
    if wish == BACK:
        said.errors = {}
        return _form(here, line, said, 200, sent)
    if said.errors or not answers:
        return _form(here, line, said, 422, sent, error=CHECK if said.errors else NOTHING)
    return None if wish == SEND else _read_back(here, line, said, sent, answers)


def _line(here: Here, link: ProviderLink, offer_id: int) -> Line:
    """Return one of the link's own entries, or raise NotFoundError."""
    for line in freshness_links.entries(here.session, here.region, link):
        if line.offer_id == offer_id:
            return line
    raise NotFoundError("There is no such offer of this provider.")


def _not_there(here: Here, link: ProviderLink, offer_id: int, sent: QueryParams) -> Response:
    """Say that an entry of the provider was taken off the map meanwhile, or raise NotFoundError."""
    if not freshness_links.is_about(here.session, link, offer_id):
        raise NotFoundError("There is no such offer of this provider.")
    note = sent.get(changing.NOTE, "").strip()[: changing.LONGEST_NOTE]
    said = [NOT_THERE, WROTE.format(note=note)] if note else [NOT_THERE]
    return listed(here, link, 409, error=" ".join(said))


def _state(sent: QueryParams) -> str:
    """Return whether it pauses or is gone, as the first button said and the next page carries along."""
    wish = sent.get("tun", "") if sent.get("tun") in (PAUSE, GONE) else sent.get("was", "")
    return wish if wish in (PAUSE, GONE) else ""


def _answers(here: Here, link: ProviderLink, said: Said, sent: QueryParams) -> list[Answer]:
    """Return what is to be proposed; mistakes are added to what is said."""
    state, found = _state(sent), []
    if said.changes:
        found.append(Answer(What.CHANGES, said.changes, note=said.note))
    if state == GONE:
        found.append(Answer(What.GONE, note=said.note))
    elif state == PAUSE:
        until = changing.until(sent)
        if isinstance(until, FieldError):
            said.errors[until.field] = until.detail
            return found
        try:
            provider_answers.check_day(here.session, link, until)
        except InvalidInputError as error:
            said.errors[changing.UNTIL] = error.errors[0].detail
        found.append(Answer(What.PAUSE, until=until, note=said.note))
    if not found and said.note:
        found.append(Answer(What.WORDS, note=said.note))
    return found


def _form(
    here: Here,
    line: Line,
    said: Said,
    status: int = 200,
    sent: QueryParams | None = None,
    error: str = "",
) -> Response:
    context = form.context(here.region, said, sent or QueryParams())
    return page(here, "change.html", status, line=line, stand=line.seen, error=error, **context)


def _read_back(here: Here, line: Line, said: Said, sent: QueryParams, answers: list[Answer]) -> Response:
    carried = [(name, value) for name, value in sent.multi_items() if name not in _NOT_CARRIED]
    return page(
        here,
        "read_back.html",
        line=line,
        items=_items(here, said),
        dates=changing.dates_said(here.region, said),
        state=_state(sent),
        until=next((one.until for one in answers if one.what == What.PAUSE), None),
        note=said.note,
        carried=carried,
    )


def _items(here: Here, said: Said) -> list[Item]:
    return changing.items(said, labels.words(here.session, here.region))


def _has_arrived(here: Here, link: ProviderLink, offer_id: int, answers: list[Answer]) -> bool:
    """Return whether just this waits already for a decision."""
    is_said = (provider_answers.is_said(here.session, link, offer_id, answer) for answer in answers)
    return bool(answers) and all(is_said)


def _too_late(here: Here, offer_id: int, sent: QueryParams) -> Response:
    """Say that a change came too late, unless it is one that has arrived already: somebody pressed twice."""
    found = freshness_links.find(here.session, here.region.id, here.token, Purpose.CHECK)
    link = found.link
    lost: list[Any] = []
    line = next(
        (one for one in freshness_links.entries(here.session, here.region, link) if one.offer_id == offer_id),
        None,
    )
    if line is not None:
        said = changing.read(here, line, sent)
        answers = _answers(here, link, said, sent)
        if _has_arrived(here, link, offer_id, answers):
            return onward(here.path)
        lost = [*_items(here, said), *([Item("Sonst noch etwas", "", said.note)] if said.note else [])]
    return over(here, found, 409, error=TOO_LATE, lost=lost)
