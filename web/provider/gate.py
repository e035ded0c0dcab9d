"""Who comes by a link: its token is all they have to show, so it is told to nobody else.

No page of a provider is kept, found by search engines or named as where somebody came from. Opening one
changes nothing, for programs that look through mails open links, too. Forms carry a proof made of the token,
which no other page knows; so it does not matter where browsers say that a form came from. Under this policy
they say nothing.
"""

import hmac
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session
from starlette.datastructures import QueryParams

from api.core.deps import SessionDep
from api.core.errors import ForeignRequestError, NotFoundError
from api.core.languages import DEFAULT, LANGUAGES
from api.curation import freshness_links
from api.curation.freshness_links import Found
from api.curation.freshness_models import Purpose
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.mail import asking
from web.mail.letters import CHECK_PATH
from web.rendering import locale_of, render
from web.sending.networks import network
from web.staff import form_reading
from web.staff.forms import FIELD, proof

HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
NEW_LINK: Final = "/anbieter/neuer-link"


class Here(NamedTuple):
    """Who asks, and by which link; no token: by none."""

    request: Request
    session: Session
    region: Region
    token: str = ""

    @property
    def path(self) -> str:
        """Return the address of the page with all entries."""
        return f"{CHECK_PATH}{self.token}"


def german(request: Request) -> None:
    """Raise NotFoundError for other languages: providers here read German."""
    if locale_of(request) != DEFAULT:
        raise NotFoundError


def by_link(request: Request, session: SessionDep, region: RegionDep, token: str) -> Here:
    """Return who comes by a link, whatever it is worth."""
    german(request)
    return Here(request, session, region, token)


def without_link(request: Request, session: SessionDep, region: RegionDep) -> Here:
    """Return who comes without one."""
    german(request)
    return Here(request, session, region)


ByLink = Annotated[Here, Depends(by_link)]
WithoutLink = Annotated[Here, Depends(without_link)]
Read = Annotated[QueryParams, Depends(form_reading.fields)]


def sent_by_link(here: ByLink, read: Read) -> QueryParams:
    """Return what a form of ours says; raise ForeignRequestError for others, TooManyError for too many."""
    check_proof(here, read)
    find(here, Purpose.CHECK)
    return QueryParams([(name, value) for name, value in read.multi_items() if name != FIELD])


Sent = Annotated[QueryParams, Depends(sent_by_link)]


def check_proof(here: Here, read: QueryParams) -> None:
    """Raise ForeignRequestError unless a form of a page with this very token was sent."""
    if not hmac.compare_digest(read.get(FIELD, "").encode(), proof(here.token).encode()):
        raise ForeignRequestError


def find(here: Here, purpose: Purpose) -> Found:
    """Return the link and how it stands; raise NotFoundError, TooManyError for who sends all the time.

    To be asked where something is sent. A link that exists is counted by itself, for behind a proxy all
    visitors may have one address; who tries unknown ones is counted by that.
    """
    throttle = here.request.app.state.throttle
    try:
        found = freshness_links.find(here.session, here.region.id, here.token, purpose)
    except NotFoundError:
        # Counted apart from what residents send: anybody can make up tokens.
        throttle.take(f"anbieter? {network(here.request)}")
        raise
    throttle.take(f"anbieter {here.token}")
    return found


def page(here: Here, template: str, status: int = 200, **context: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page from web/templates/provider; its forms hold `{{ proof() }}` of staff/parts.html."""
    common: dict[str, Any] = {
        "here": here.path if here.token else "",
        "form_field": FIELD,
        "form_token": proof(here.token),
        "locales": [(DEFAULT, LANGUAGES[DEFAULT], "/")],
        "new_link": NEW_LINK,
        "can_mail": asking.can_mail(here.region, here.request.app.state.settings),
        "error": "",
        "done": "",
        "errors": {},
        "mistakes": {},
    }
    shown = render(here.request, here.session, here.region, f"provider/{template}", **(common | context))
    shown.status_code = status
    shown.headers.update(HEADERS)
    return shown


def unknown(here: Here) -> HTMLResponse:
    """Return the page for a link that nobody knows, with a way to get a new one."""
    return page(here, "unknown.html", 404)


def onward(path: str) -> RedirectResponse:
    """Lead to a page, so that loading again sends nothing again."""
    return RedirectResponse(path, status_code=303, headers=HEADERS)
