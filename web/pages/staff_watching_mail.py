"""Mails about what somebody keeps an eye on: none any more with one click, without signing in."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from starlette.datastructures import QueryParams

from api.core.errors import NotFoundError
from api.watching import watchers
from api.watching.models import Rhythm
from web.mail import one_click
from web.mail.watching import QUIET_PATH
from web.provider.gate import HEADERS, Here, by_link, check_proof, onward
from web.rendering import render
from web.sending.networks import network
from web.staff.forms import FIELD, proof
from web.staff.gate import PATH
from web.staff.watching import WATCHING

AGAIN: Final = "wieder"
ByLink = Annotated[Here, Depends(by_link)]

router = APIRouter(prefix=f"{QUIET_PATH}{{token}}")


@router.get("")
def asked(here: ByLink) -> Response:
    """Ask whether mails shall end; opening the page ends nothing, for programs open links, too."""
    return _page(here)


@router.post("")
def chosen(here: ByLink, body: one_click.Body) -> Response:
    """End mails or let them come again: by the button of the page, or by a mail program's (RFC 8058)."""
    is_program = one_click.is_one_click(body)
    sent = QueryParams() if is_program else one_click.fields(body)
    if not is_program:
        check_proof(here, sent)
    throttle = here.request.app.state.throttle
    try:
        watchers.of_token(here.session, here.region.id, here.token)
    except NotFoundError:  # counted apart, for anybody can make up tokens
        throttle.take(f"beobachten? {network(here.request)}")
        return _page(here)
    throttle.take(f"beobachten {here.token}")
    is_quiet = is_program or sent.get("tun") != AGAIN
    watchers.be_quiet(here.session, here.region.id, here.token, quiet=is_quiet)
    return _page(here) if is_program else onward(f"{QUIET_PATH}{here.token}?fertig=ja")


def _page(here: Here) -> Response:
    try:
        is_quiet = watchers.of_token(here.session, here.region.id, here.token).rhythm == Rhythm.NONE
        is_known = True
    except NotFoundError:
        is_quiet = is_known = False
    shown = render(
        here.request,
        here.session,
        here.region,
        "staff/watching_quiet.html",
        root=PATH,
        person=None,
        menu=[],
        form_field=FIELD,
        form_token=proof(here.token),
        page=WATCHING,
        address=f"{QUIET_PATH}{here.token}",
        is_known=is_known,
        is_quiet=is_quiet,
        is_done=here.request.query_params.get("fertig") == "ja",
    )
    shown.status_code = 200 if is_known else 404
    shown.headers.update(HEADERS)
    return shown
