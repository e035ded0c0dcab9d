"""The way in for staff and out again: password, second factor, and the link of an invitation."""

from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import audit, invitations, passkeys, sessions, signing_in
from api.accounts.models import Event, StaffSession
from api.accounts.passwords import LEAST, MOST, Weakness
from api.accounts.people import LONGEST
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError
from api.regions.deps import RegionDep
from api.regions.models import Region
from web import identity
from web.staff import cookies, openid
from web.staff.forms import Sent
from web.staff.gate import BACK, PATH, SIGN_IN, everybody, way_back
from web.staff.passkeys import site
from web.staff.showing import onward, page
from web.staff.words import WEAKNESSES, waiting

SECOND: Final = f"{SIGN_IN}/code"
WRONG: Final = "E-Mail-Adresse oder Kennwort stimmen nicht."
WRONG_CODE: Final = "Dieser Code stimmt nicht, oder er wurde schon benutzt."
WAIT: Final = (
    "Von hier kamen zu viele falsche Versuche. Bitte warten Sie {minutes}, oder nehmen Sie einen dieser Wege:"
)
WAIT_CODE: Final = "Das waren zu viele falsche Codes. Bitte warten Sie {minutes}."
LEAVE: Final = {"Clear-Site-Data": '"cache"'}

router = APIRouter(prefix=PATH, dependencies=[Depends(everybody)])


@router.get("/anmelden")
def entrance(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Show the form, or lead on who is signed in already."""
    back = way_back(request.query_params.get(BACK, ""))
    if sessions.of_token(session, cookies.read(request, cookies.SESSION)) is not None:
        return onward(back)
    return entrance_page(request, session, region, back=back)


@router.post("/anmelden")
def entered(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Try what was typed."""
    email, back = sent.get("email", "")[:LONGEST], way_back(sent.get(BACK, ""))
    outcome = signing_in.sign_in(
        session,
        email,
        sent.get("kennwort", ""),
        cookies.client(request),
        code=sent.get("code", ""),
        secret=request.app.state.settings.account_secret,
    )
    if isinstance(outcome, signing_in.Refused):
        error = WAIT.format(minutes=waiting(outcome.wait_seconds)) if outcome.wait_seconds else WRONG
        status, wait = (429, outcome.wait_seconds) if outcome.wait_seconds else (422, 0)
        return entrance_page(request, session, region, status, back=back, email=email, error=error, wait=wait)
    return let_in(request, outcome, back)


@router.get("/anmelden/code")
def asked(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Ask for the second factor."""
    if _half(request, session) is None:
        return onward(SIGN_IN)
    back = way_back(request.query_params.get(BACK, ""))
    return page(request, session, region, None, "second.html", back=back, passkey=_passkey(request))


@router.post("/anmelden/code")
def shown(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Try the second factor."""
    back = way_back(sent.get(BACK, ""))
    half = _half(request, session)
    if half is None:
        return onward(SIGN_IN)
    secret = request.app.state.settings.account_secret
    outcome = signing_in.second_step(
        session, half, sent.get("code", ""), cookies.client(request), secret=secret
    )
    if isinstance(outcome, signing_in.Refused):
        waits = outcome.wait_seconds
        error = WAIT_CODE.format(minutes=waiting(waits)) if waits else WRONG_CODE
        status = 429 if waits else 422
        said = {"back": back, "error": error, "passkey": _passkey(request)}
        return page(request, session, region, None, "second.html", status, **said)
    return let_in(request, outcome, back)


@router.post("/abmelden")
def left(request: Request, session: SessionDep, _sent: Sent) -> Response:
    """End the session in which this is asked."""
    found = sessions.of_token(session, cookies.read(request, cookies.SESSION))
    if found is not None:
        audit.note(session, Event.SIGNED_OUT, found.account_id, actor=f"account:{found.account_id}")
        session.delete(found)
    answer = onward(SIGN_IN)
    answer.headers.update(LEAVE)
    cookies.take(request, answer, cookies.SESSION)
    return answer


@router.get("/einladung/{token}")
def invited(request: Request, session: SessionDep, region: RegionDep, token: str) -> Response:
    """Show the form of an invitation; only sending it uses the link up, looking does not."""
    return _invitation(request, session, region, token)


@router.post("/einladung/{token}")
def accepted(request: Request, session: SessionDep, region: RegionDep, token: str, sent: Sent) -> Response:
    """Set name and password, and let in who has the link."""
    name = sent.get("name", "").strip()[:LONGEST]
    if not name:
        mistakes = {"name": "Bitte schreiben Sie Ihren Namen."}
        return _invitation(request, session, region, token, name=name, mistakes=mistakes)
    password = sent.get("kennwort", "")
    if password != sent.get("noch_einmal", ""):
        mistakes = {"noch_einmal": "Das ist nicht dasselbe wie im Feld darüber."}
        return _invitation(request, session, region, token, name=name, mistakes=mistakes)
    around = names_around(request, region)
    try:
        account = invitations.accept(session, token, name, password, around, region.id)
    except ConflictError:
        session.rollback()
        return _invitation(request, session, region, token)
    except InvalidInputError as error:
        session.rollback()
        mistakes = {"kennwort": WEAKNESSES[Weakness(error.errors[0].detail)]}
        return _invitation(request, session, region, token, name=name, mistakes=mistakes)
    # A link alone never stands for two factors.
    outcome = signing_in.enter_by_one(session, account, cookies.client(request), by="link")
    return let_in(request, outcome, PATH)


def names_around(request: Request, region: Region) -> list[str]:
    """Return what a password must not be made of besides its owner's name: names of map, city and host."""
    site = identity.of_region(region, "de")
    return [site.name, site.title, region.name, region.slug, request.url.hostname or "", "Landkarte"]


def _passkey(request: Request) -> str:
    """Return what a browser needs to sign in with a passkey, bound to its cookie."""
    token = cookies.read(request, cookies.SESSION)
    if not token:
        token = request.state.token = sessions.new_token()
    return passkeys.to_enter(site(request), token)


def _half(request: Request, session: Session) -> StaffSession | None:
    return sessions.of_token(session, cookies.read(request, cookies.SESSION), is_whole=False)


def let_in(request: Request, outcome: signing_in.Entered, back: str) -> Response:
    """Lead on with a new cookie: what the browser had before is worth nothing (session fixation)."""
    answer = onward(back)
    if not outcome.is_whole:
        answer = onward(SECOND if back == PATH else f"{SECOND}?{BACK}={back}")
    cookies.give(request, answer, cookies.SESSION, outcome.token)
    if outcome.device:
        cookies.give(request, answer, cookies.DEVICE, outcome.device)
    return answer


def entrance_page(
    request: Request,
    session: Session,
    region: Region,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    """Return the page of the way in, with what was typed and what went wrong."""
    usual: dict[str, Any] = {"email": "", "wait": 0, "passkey": _passkey(request)}
    usual["openid"] = openid.label(request)
    shown = page(request, session, region, None, "sign_in.html", status, **(usual | context))
    if context.get("wait"):
        shown.headers["Retry-After"] = str(context["wait"])
    return shown


def _invitation(
    request: Request,
    session: Session,
    region: Region,
    token: str,
    **context: Any,  # noqa: ANN401
) -> Response:
    found = invitations.of_token(session, token)
    if found is None:
        return page(request, session, region, None, "invitation_over.html", 410)
    _row, account = found
    usual: dict[str, Any] = {"name": account.name, "mistakes": {}, "token": token, "email": account.email}
    usual |= {"least": LEAST, "most": MOST, "is_new": account.password_hash is None}
    status = 422 if context else 200
    shown = page(request, session, region, None, "invitation.html", status, **(usual | context))
    shown.headers["Referrer-Policy"] = "no-referrer"  # the address is a key
    return shown
