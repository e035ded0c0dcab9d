"""Mails to providers: none any more, or some again, with one click; a new link for who has lost theirs."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams

from api.core.errors import ConflictError, NotFoundError
from api.curation import freshness_links
from api.curation.freshness_links import Standing
from api.curation.freshness_models import Purpose
from web.mail import asking, one_click
from web.mail.letters import QUIET_PATH
from web.pages import reporting
from web.provider.gate import (
    NEW_LINK,
    ByLink,
    Here,
    WithoutLink,
    check_proof,
    find,
    onward,
    page,
    unknown,
)
from web.sending.checking import Field, checked, names_mail_or_phone
from web.sending.reading import Fields, fields

ADDRESS: Final = (Field("email", 200, is_needed=True),)
NO_ADDRESS: Final = "Bitte schreiben Sie eine ganze E-Mail-Adresse, zum Beispiel info@beispiel.de."
quiet = APIRouter(prefix=f"{QUIET_PATH}{{token}}")
router = APIRouter(prefix=NEW_LINK)


@quiet.get("")
def asked(here: ByLink) -> Response:
    """Ask whether mails shall end; opening the page ends nothing, for programs open links, too."""
    return _quiet_page(here)


@quiet.post("")
def chosen(here: ByLink, body: one_click.Body) -> Response:
    """End mails or let them come again: by the button of the page, or by a mail program's (RFC 8058)."""
    is_program = one_click.is_one_click(body)
    sent = QueryParams() if is_program else one_click.fields(body)
    if not is_program:
        check_proof(here, sent)
    try:
        find(here, Purpose.QUIET)
        is_quiet = is_program or sent.get("tun") != "wieder"
        freshness_links.be_quiet(here.session, here.region.id, here.token, quiet=is_quiet)
    except (NotFoundError, ConflictError):
        return _quiet_page(here)
    if is_program:  # no program shall be led on
        return _quiet_page(here)
    return onward(f"{QUIET_PATH}{here.token}?fertig=ja")


@router.get("")
def form(here: WithoutLink) -> Response:
    """Ask for the address at which the provider gets its mail."""
    return page(here, "new_link.html", typed="")


@router.post("", dependencies=[Depends(reporting.allowed)])
def sent_anew(here: WithoutLink, sent: Annotated[Fields, Depends(fields)]) -> Response:
    """Send a new link if the address is known; the answer is the same if it is not, and as quick."""
    said = checked(sent, ADDRESS)
    email = said.values["email"]
    if said.mistakes or "@" not in email or not names_mail_or_phone(email):
        return page(here, "new_link.html", 422, typed=said.typed["email"], errors={"email": NO_ADDRESS})
    state = here.request.app.state
    answer = onward(f"{NEW_LINK}/unterwegs")
    answer.background = BackgroundTask(asking.to_address, state.engine, state.settings, here.region, email)
    return answer


@router.get("/unterwegs")
def on_its_way(here: WithoutLink) -> Response:
    """Say what happens now, whether or not an address is known."""
    return page(here, "on_its_way.html")


def _quiet_page(here: Here) -> Response:
    try:
        found = freshness_links.find(here.session, here.region.id, here.token, Purpose.QUIET)
    except NotFoundError:
        return unknown(here)
    is_over = found.standing == Standing.EXPIRED
    return page(
        here,
        "quiet.html",
        410 if is_over else 200,
        is_over=is_over,
        is_quiet=freshness_links.is_quiet(here.session, found.link),
        address=f"{QUIET_PATH}{here.token}",
        is_done=here.request.query_params.get("fertig") == "ja",
        organization=freshness_links.organization_of(here.session, found.link),
    )
