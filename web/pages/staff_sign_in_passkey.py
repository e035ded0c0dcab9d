"""Passkeys: a way in of its own, and adding or removing them in one's account."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import factors, passkeys, sessions, signing_in, throttle
from api.accounts.models import Account, Event
from api.accounts.policy import Action
from api.accounts.throttle import Limit
from api.core.deps import SessionDep
from api.core.errors import NotFoundError
from api.regions.deps import RegionDep
from api.regions.models import Region
from web import identity
from web.pages.staff_account import OWN, again, codes_page, factors_changed, own_account
from web.pages.staff_sign_in import entrance_page, let_in
from web.sending.reading import Fields
from web.staff import cookies
from web.staff.forms import Sent, form
from web.staff.gate import BACK, PATH, SignedIn, SignedInDep, allowed, everybody, way_back
from web.staff.passkeys import site
from web.staff.showing import onward, page

UNKNOWN: Final = (
    "Das hat nicht geklappt. Dieser Passkey ist hier nicht bekannt, oder die Seite war zu lange offen."
)
NOT_MADE: Final = "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal."
_TRIES: Final = Limit(30, 10)  # a signature is quickly checked, but not for nothing

Answer = Annotated[Fields, Depends(form(100_000))]
way_in = APIRouter(prefix=PATH, dependencies=[Depends(everybody)])
router = APIRouter(prefix=f"{OWN}/passkey", dependencies=[Depends(allowed(Action.MANAGE_OWN_ACCOUNT))])


@way_in.post("/anmelden/passkey")
def entered(request: Request, session: SessionDep, region: RegionDep, sent: Answer) -> Response:
    """Let in whose passkey has signed our task; no limit of an account counts here, nobody can guess one."""
    back, client = way_back(sent.get(BACK, "")), cookies.client(request)
    secret = request.app.state.settings.account_secret
    wait = throttle.take(session, throttle.key(secret, "passkeys", client.network), _TRIES)
    session.commit()
    token = cookies.read(request, cookies.SESSION)
    said = sent.get("antwort", "")
    account = None if wait else passkeys.owner(session, site(request), token, said, secret=secret)
    if account is None:
        return entrance_page(request, session, region, 422, back=back, error=UNKNOWN)
    half = sessions.of_token(session, token, is_whole=False)
    if half is not None:
        session.delete(half)
    outcome = signing_in.enter(session, account, client, has_second_factor=True, by="passkey")
    return let_in(request, outcome, back)


@router.get("")
def offered(request: Request, session: SessionDep, region: RegionDep, found: SignedInDep) -> Response:
    """Show how to add a passkey."""
    return _offer(request, session, region, found)


@router.post("")
def added(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, sent: Answer
) -> Response:
    """Add the passkey that the browser has made; with the first second factor come recovery codes."""
    mistakes = again(request, session, found, sent)
    if mistakes:
        return _offer(request, session, region, found, 422, mistakes=mistakes)
    account = session.get_one(Account, found.person.account_id)
    is_first = not factors.has_second_factor(session, account)
    token, secret = cookies.read(request, cookies.SESSION), request.app.state.settings.account_secret
    name = sent.get("name", "")
    if not passkeys.add(session, account, site(request), token, sent.get("antwort", ""), name, secret=secret):
        return _offer(request, session, region, found, 422, mistakes={"name": NOT_MADE})
    factors_changed(request, session, found, Event.PASSKEY_ADDED)
    found.session.has_second_factor = True
    if is_first:
        return codes_page(request, session, region, found)
    answer = onward(f"{OWN}?fertig=passkey")
    cookies.give(request, answer, cookies.SESSION, request.state.token)
    return answer


@router.post("/{passkey_id:int}/entfernen")
def removed(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, passkey_id: int, sent: Sent
) -> Response:
    """Remove one of one's own passkeys; whoever found the browser open does not know the password."""
    mistakes = again(request, session, found, sent)
    if mistakes:
        wrong = {f"passkey-{passkey_id}": mistakes["jetzt"]}
        return own_account(request, session, region, found, 422, mistakes=wrong)
    if not passkeys.remove(session, found.person.account_id, passkey_id):
        raise NotFoundError
    account = session.get_one(Account, found.person.account_id)
    if not factors.has_second_factor(session, account):
        factors.forget_codes(session, account.id)
    factors_changed(request, session, found, Event.PASSKEY_REMOVED)
    answer = onward(f"{OWN}?fertig=ohne-passkey")
    cookies.give(request, answer, cookies.SESSION, request.state.token)
    return answer


def _offer(
    request: Request,
    session: Session,
    region: Region,
    found: SignedIn,
    status: int = 200,
    *,
    mistakes: dict[str, str] | None = None,
) -> Response:
    account = session.get_one(Account, found.person.account_id)
    token = cookies.read(request, cookies.SESSION)
    name = identity.of_region(region, "de").title
    options = passkeys.to_add(session, account, site(request), token, name)
    shown = {"options": options, "mistakes": mistakes or {}, "longest": passkeys.LONGEST_NAME}
    return page(request, session, region, found.person, "passkey.html", status, **shown)
