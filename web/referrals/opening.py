"""Opening a list by its code, and what is done to those who only try: they wait, and learn nothing."""

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from api.core.errors import ForeignRequestError
from api.referrals import service as referrals
from api.referrals.schemas import Opened
from api.regions.models import Region
from web.language import localized, translations
from web.rendering import locale_of, render
from web.sending.networks import network
from web.sending.throttle import Throttle
from web.words import _

AT_ONCE: Final = 60  # wrong codes from one network: a town's phones may share one, and lists expire
SECONDS: Final = 20.0  # until one more is looked up
_INSIDE: Final = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})
# The link is the key to the list: it goes to no other page, into no memory and no search engine.
PRIVATE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def opened(request: Request, session: Session, region: Region, code: str) -> Opened | None:
    """Return the list of a code or None; raise TooManyError, before looking, after too many wrong ones.

    Raises ForeignRequestError as `check_seen` does.
    """
    check_seen(request)
    wrong: Throttle = request.app.state.wrong_codes
    asks = network(request)
    wrong.check(asks)
    found = referrals.find(session, region, code)
    if found is None:
        wrong.take(asks)
    return found


def check_seen(request: Request) -> None:
    """Raise ForeignRequestError if a page of somebody else asks for an image, a frame or the like.

    Its readers would not even see it, and yet their network would have to wait for all that was asked.
    """
    said = request.headers
    is_foreign = said.get("sec-fetch-site") in {"cross-site", "same-site"}
    # By way of our service worker a page is asked for as "empty", but still to go there.
    is_opened = said.get("sec-fetch-mode") == "navigate" and said.get("sec-fetch-dest") not in _INSIDE
    if is_foreign and not is_opened:
        raise ForeignRequestError


def private(
    request: Request, session: Session, region: Region, template: str, **shown: object
) -> HTMLResponse:
    """Render a page about a list: nobody keeps it, and it tells nobody where its reader comes from."""
    page = render(request, session, region, f"referral/{template}", **shown)
    page.headers.update(PRIVATE)
    return page


def nothing(request: Request, session: Session, region: Region) -> HTMLResponse:
    """Say that there is no such list: unknown, expired and deleted ones look the same."""
    locale = locale_of(request)
    say = translations(locale).gettext
    page = private(
        request,
        session,
        region,
        "nothing.html",
        title=say(_("Diese Liste gibt es nicht oder nicht mehr")),
        text=say(
            _(
                "Vielleicht ist sie abgelaufen, oder jemand hat sie gelöscht."
                " Vielleicht fehlt auch ein Stück vom Link."
                " Bitte fragen Sie die Person, von der Sie die Liste haben."
            )
        ),
        ways=[
            {"label": say(_("Zur Startseite")), "url": localized("/", locale)},
            {"label": say(_("Alle Angebote ansehen")), "url": localized("/angebote", locale)},
        ],
    )
    page.status_code = 404
    return page
