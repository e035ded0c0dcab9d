"""One's own account: password, second factor, recovery codes, where one is signed in."""

import hashlib
import hmac
import re
from typing import Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import audit, factors, invitations, oidc, passkeys, sessions, signing_in
from api.accounts.models import Account, Event, StaffSession
from api.accounts.passwords import LEAST, MOST, Weakness
from api.accounts.policy import Action
from api.core.deps import SessionDep
from api.core.errors import InvalidInputError, NotFoundError
from api.regions.deps import RegionDep
from api.regions.models import Region
from web import identity
from web.pages.staff_sign_in import names_around
from web.qr import qr
from web.staff import cookies, openid
from web.staff.forms import Sent
from web.staff.gate import PATH, SignedIn, SignedInDep, allowed
from web.staff.showing import onward, page, renew
from web.staff.words import EVENTS, WEAKNESSES, waiting

OWN: Final = f"{PATH}/konto"
LAST_EVENTS: Final = 15
NOT_YOURS: Final = "Das ist nicht Ihr jetziges Kennwort."
WAIT: Final = "Das waren zu viele falsche Kennwörter. Bitte warten Sie {minutes}."
WRONG_CODE: Final = (
    "Der Code stimmt nicht. Zeigt Ihre App inzwischen einen neuen? Geht die Uhr Ihres Telefons richtig?"
)
DONE: Final = {
    "kennwort": "Ihr Kennwort ist geändert. Überall sonst sind Sie abgemeldet.",
    "entfernt": "Die App für Einmalcodes ist entfernt.",
    "passkey": "Der Passkey ist hinzugefügt.",
    "ohne-passkey": "Der Passkey ist entfernt.",
    "verbunden": "Ihr Konto ist verbunden. Ab jetzt kommen Sie auch ohne Ihr Kennwort herein.",
    "getrennt": "Die Verbindung ist aufgehoben.",
    "beendet": "Diese Anmeldung ist beendet.",
    "alle": "Sie sind überall sonst abgemeldet.",
}
_SECRET: Final = re.compile(r"[A-Z2-7]{32}")

router = APIRouter(prefix=OWN, dependencies=[Depends(allowed(Action.MANAGE_OWN_ACCOUNT))])


@router.get("")
def shown(request: Request, session: SessionDep, region: RegionDep, found: SignedInDep) -> Response:
    """Show the account with all that lets somebody in."""
    done = DONE.get(request.query_params.get("fertig", ""), "")
    return own_account(request, session, region, found, done=done)


@router.post("/kennwort")
def changed(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, sent: Sent
) -> Response:
    """Change the password; everywhere else one is signed out, and here the cookie is new."""
    mistakes = again(request, session, found, sent)
    password = sent.get("kennwort", "")
    if not mistakes and password != sent.get("noch_einmal", ""):
        mistakes = {"noch_einmal": "Das ist nicht dasselbe wie im Feld darüber."}
    if not mistakes:
        account = session.get_one(Account, found.person.account_id)
        around = names_around(request, region)
        try:
            invitations.set_password(session, account, password, around, but=found.session.id)
        except InvalidInputError as error:
            mistakes = {"kennwort": WEAKNESSES[Weakness(error.errors[0].detail)]}
    if mistakes:
        return own_account(request, session, region, found, 422, mistakes=mistakes)
    answer = onward(f"{OWN}?fertig=kennwort")
    cookies.give(request, answer, cookies.SESSION, sessions.rotate(session, found.session))
    return answer


@router.get("/einmalcode")
def offered(request: Request, session: SessionDep, region: RegionDep, found: SignedInDep) -> Response:
    """Offer a new secret for an app."""
    return _offer(request, session, region, found, factors.new_secret())


@router.post("/einmalcode")
def added(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, sent: Sent
) -> Response:
    """Make an app the second factor, and show recovery codes, once."""
    secret = sent.get("geheimnis", "")
    if not hmac.compare_digest(sent.get("siegel", "").encode(), _seal(request, secret).encode()):
        return onward(f"{OWN}/einmalcode")
    mistakes = again(request, session, found, sent)
    account = session.get_one(Account, found.person.account_id)
    key = request.app.state.settings.account_secret
    if not mistakes and not factors.set_totp(session, account, secret, sent.get("code", ""), key):
        mistakes = {"code": WRONG_CODE}
    if mistakes:
        return _offer(request, session, region, found, secret, 422, mistakes=mistakes)
    factors_changed(request, session, found, Event.TOTP_ADDED)
    found.session.has_second_factor = True
    return codes_page(request, session, region, found)


@router.post("/einmalcode/entfernen")
def removed(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, sent: Sent
) -> Response:
    """Remove the app, and with it the recovery codes if no passkey is left."""
    mistakes = again(request, session, found, sent)
    if mistakes:
        return own_account(request, session, region, found, 422, mistakes={"entfernen": mistakes["jetzt"]})
    account = session.get_one(Account, found.person.account_id)
    account.totp_secret = None
    session.flush()
    if not factors.has_second_factor(session, account):
        factors.forget_codes(session, account.id)
    factors_changed(request, session, found, Event.TOTP_REMOVED)
    answer = onward(f"{OWN}?fertig=entfernt")
    cookies.give(request, answer, cookies.SESSION, request.state.token)
    return answer


@router.post("/ersatzcodes")
def renewed(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, sent: Sent
) -> Response:
    """Make new recovery codes and show them, once."""
    mistakes = again(request, session, found, sent)
    if mistakes:
        return own_account(request, session, region, found, 422, mistakes={"ersatzcodes": mistakes["jetzt"]})
    if not factors.has_second_factor(session, session.get_one(Account, found.person.account_id)):
        return onward(OWN)
    return codes_page(request, session, region, found)


@router.post("/anmeldungen/{session_id:int}/beenden")
def ended(session: SessionDep, found: SignedInDep, session_id: int, _sent: Sent) -> Response:
    """End one of one's own sessions."""
    if not sessions.end(session, found.person.account_id, session_id):
        raise NotFoundError
    _note(session, found, Event.SESSIONS_ENDED)
    return onward(f"{OWN}?fertig=beendet")


@router.post("/anmeldungen/beenden")
def all_ended(session: SessionDep, found: SignedInDep, _sent: Sent) -> Response:
    """End all of one's own sessions but this one."""
    sessions.end_all(session, found.person.account_id, but=found.session.id)
    signing_in.forget_devices(session, found.person.account_id)
    _note(session, found, Event.SESSIONS_ENDED)
    return onward(f"{OWN}?fertig=alle")


def again(request: Request, session: Session, found: SignedIn, sent: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with the present password, which whoever finds a browser open does not know."""
    key = request.app.state.settings.account_secret
    refused = signing_in.confirm(session, found.session, sent.get("jetzt", ""), secret=key)
    if refused is None:
        return {}
    wait = refused.wait_seconds
    return {"jetzt": WAIT.format(minutes=waiting(wait)) if wait else NOT_YOURS}


def factors_changed(request: Request, session: Session, found: SignedIn, event: Event) -> None:
    """Sign out everywhere else, and give this browser a new token."""
    sessions.end_all(session, found.person.account_id, but=found.session.id)
    renew(request, session, found.session)
    _note(session, found, event)


def _note(session: Session, found: SignedIn, event: Event) -> None:
    audit.note(session, event, found.person.account_id, actor=found.person.actor)


def _seal(request: Request, secret: str) -> str:
    """Return the proof that we have offered this secret to this very session."""
    token = cookies.read(request, cookies.SESSION)
    is_one = _SECRET.fullmatch(secret) is not None
    return hmac.new(token.encode(), f"totp:{secret if is_one else ''}".encode(), hashlib.sha256).hexdigest()


def _offer(
    request: Request,
    session: Session,
    region: Region,
    found: SignedIn,
    secret: str,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    account = session.get_one(Account, found.person.account_id)
    site = identity.of_region(region, "de")
    said: dict[str, Any] = {
        "secret": secret,
        "groups": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "seal": _seal(request, secret),
        "picture": qr(factors.address(secret, account.email, site.title)),
        "mistakes": {},
    }
    return page(request, session, region, found.person, "totp.html", status, **(said | context))


def codes_page(request: Request, session: Session, region: Region, found: SignedIn) -> Response:
    """Make recovery codes and show them, this once."""
    codes = factors.make_codes(session, found.person.account_id)
    _note(session, found, Event.CODES_MADE)
    return page(request, session, region, found.person, "codes.html", codes=codes)


def own_account(
    request: Request,
    session: Session,
    region: Region,
    found: SignedIn,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    """Answer with the page of one's own account."""
    account = session.get_one(Account, found.person.account_id)
    own: list[StaffSession] = [row for row in sessions.of_account(session, account.id) if row.is_whole]
    said: dict[str, Any] = {
        "account": account,
        "has_totp": account.totp_secret is not None,
        "passkeys": passkeys.of_account(session, account.id),
        "identities": oidc.of_account(session, account.id),
        "openid": openid.label(request),
        "has_second_factor": factors.has_second_factor(session, account),
        "codes_left": factors.codes_left(session, account.id),
        "sessions": own,
        "this_session": found.session.id,
        "events": [
            (event.at, EVENTS[event.event]) for event in audit.of_account(session, account.id, LAST_EVENTS)
        ],
        "mistakes": {},
        "least": LEAST,
        "most": MOST,
    }
    return page(request, session, region, found.person, "account.html", status, **(said | context))
