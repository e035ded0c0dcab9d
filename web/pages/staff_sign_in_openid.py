"""The OpenID provider as a way in: there and back again, and linking it in one's account."""

import logging
import re
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import oidc, sessions, signing_in, throttle
from api.accounts.models import Account, Event, SignInFlow
from api.accounts.policy import Action
from api.accounts.throttle import Limit
from api.core.deps import SessionDep
from api.core.errors import ConflictError, NotFoundError
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.pages.staff_account import OWN, again, factors_changed, own_account
from web.pages.staff_sign_in import entrance_page, let_in
from web.sending.networks import network
from web.staff import cookies, openid
from web.staff.forms import Sent
from web.staff.gate import BACK, PATH, SIGN_IN, SignedIn, SignedInDep, allowed, everybody, signed_in, way_back
from web.staff.openid import UnreachableError
from web.staff.passkeys import site
from web.staff.showing import onward, page

THERE: Final = f"{SIGN_IN}/dienst"
RETURN: Final = f"{THERE}/zurueck"
DOWN: Final = (
    "„{label}“ antwortet gerade nicht. Bitte versuchen Sie es später noch einmal, "
    "oder nehmen Sie Ihr Kennwort oder einen Passkey."
)
OLD: Final = (
    "Das hat nicht geklappt: Die Seite war zu lange offen, oder dieser Weg wurde schon einmal benutzt. "
    "Bitte beginnen Sie noch einmal."
)
REFUSED: Final = (
    "„{label}“ hat die Anmeldung abgebrochen oder abgelehnt. Sie können es noch einmal versuchen."
)
UNTRUSTED: Final = (
    "Das hat nicht geklappt: Die Antwort von „{label}“ war nicht so, dass wir ihr trauen können. "
    "Bitte versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg."
)
UNKNOWN: Final = (
    "Ihr Zugang bei „{label}“ ist hier noch mit keinem Konto verbunden. Melden Sie sich einmal mit Ihrem "
    "Kennwort an und verbinden Sie ihn unter „Mein Konto“."
)
OTHER_EMAIL: Final = (
    "„{label}“ bestätigt für Sie nicht die Mailadresse, die hier zu Ihrem Konto gehört. Waren Sie dort mit "
    "einem anderen Zugang angemeldet? Sonst hilft die Person, die die Konten verwaltet."
)
TAKEN: Final = (
    "Dieser Zugang bei „{label}“ gehört hier schon zu einem Konto, oder Ihr Konto ist schon verbunden."
)
WAIT: Final = "Von hier kamen gerade sehr viele Versuche. Bitte warten Sie eine Minute."
_TRIES: Final = Limit(30, 10)
_CODE: Final = re.compile(r"[\x20-\x7e]{1,2000}")  # RFC 6749, A.11


class _RefusedError(Exception):
    """The provider, or the person there, has said no."""


class _UnknownError(Exception):
    """The identity opens no account here."""


class _OtherEmailError(Exception):
    """The provider does not vouch for the address of the account."""


_SAID: Final[dict[type[Exception], tuple[int, str]]] = {
    UnreachableError: (503, DOWN),
    oidc.UntrustedError: (422, UNTRUSTED),
    ConflictError: (422, TAKEN),
    _RefusedError: (422, REFUSED),
    _UnknownError: (422, UNKNOWN),
    _OtherEmailError: (422, OTHER_EMAIL),
}
log = logging.getLogger("landkarte.openid")
way_in = APIRouter(prefix=PATH, dependencies=[Depends(everybody)])
router = APIRouter(prefix=f"{OWN}/dienst", dependencies=[Depends(allowed(Action.MANAGE_OWN_ACCOUNT))])


@way_in.post("/anmelden/dienst")
def sent_there(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Send a browser to the provider, to sign in."""
    label, back = openid.of_request(request).label, way_back(sent.get(BACK, ""))
    if _is_too_much(request, session):
        return entrance_page(request, session, region, 429, back=back, error=WAIT)
    try:
        return _onward(request, session, region, back)
    except UnreachableError:
        return entrance_page(request, session, region, 503, back=back, error=DOWN.format(label=label))


@way_in.get("/anmelden/dienst/zurueck")
def came_back(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Take what a browser brings back from the provider, once and only from the one that was sent."""
    label = openid.of_request(request).label
    if _is_too_much(request, session):
        return entrance_page(request, session, region, 429, back=PATH, error=WAIT)
    flow = _flow(request, session)
    session.commit()  # used up, whatever comes of it; and nothing is held while the provider is asked
    found = _who_links(request, session, region, flow) if flow else None
    if flow is None or (flow.account_id is not None and found is None):
        return entrance_page(request, session, region, 422, back=PATH, error=OLD)
    try:
        identity = _identity(request, flow)
        if found is not None:
            return _linked(request, session, found, identity)
        return _entered(request, session, identity, flow.back)
    except tuple(_SAID) as error:
        status, said = next(said for kind, said in _SAID.items() if isinstance(error, kind))
        if isinstance(error, oidc.UntrustedError):
            log.warning("An answer of the OpenID provider is not trusted: %s", error)
    sentence = said.format(label=label)
    if found is not None:
        return own_account(request, session, region, found, status, error=sentence)
    return entrance_page(request, session, region, status, back=flow.back, error=sentence)


@router.post("")
def begun(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, sent: Sent
) -> Response:
    """Send who is signed in, and knows the password, to the provider to link it."""
    label = openid.of_request(request).label
    mistakes = again(request, session, found, sent)
    if mistakes:
        return own_account(request, session, region, found, 422, mistakes={"dienst": mistakes["jetzt"]})
    try:
        return _onward(request, session, region, OWN, found)
    except UnreachableError:
        return own_account(request, session, region, found, 503, error=DOWN.format(label=label))


@router.post("/{identity_id:int}/entfernen")
def removed(
    request: Request, session: SessionDep, region: RegionDep, found: SignedInDep, identity_id: int, sent: Sent
) -> Response:
    """Unlink the provider; also when the installation has none any more."""
    mistakes = again(request, session, found, sent)
    if mistakes:
        wrong = {f"dienst-{identity_id}": mistakes["jetzt"]}
        return own_account(request, session, region, found, 422, mistakes=wrong)
    if not oidc.unlink(session, found.person.account_id, identity_id):
        raise NotFoundError
    factors_changed(request, session, found, Event.IDENTITY_UNLINKED)
    return _with_new_cookie(request, f"{OWN}?fertig=getrennt")


def _onward(
    request: Request, session: Session, region: Region, back: str, found: SignedIn | None = None
) -> Response:
    """Answer with the page that leads to the provider: the policy lets no form lead to other hosts."""
    ours = openid.of_request(request)
    ours.metadata()  # asked before anything is written
    uri = f"{site(request).origin}{RETURN}"
    account_id = found.person.account_id if found else None
    sent = oidc.begin(session, cookies.read(request, cookies.SESSION), uri, back, account_id)
    person, address = found.person if found else None, ours.way(sent, uri)
    return page(request, session, region, person, "openid.html", address=address, label=ours.label)


def _flow(request: Request, session: Session) -> SignInFlow | None:
    state, browser = _one(request, "state"), cookies.read(request, cookies.SESSION)
    return oidc.take(session, browser, state) if state and browser else None


def _one(request: Request, name: str) -> str | None:
    """Return a parameter that is said at most once, as all of them have to be (RFC 6749, 3.1)."""
    said = request.query_params.getlist(name)
    return said[0] if len(said) == 1 and said[0].isascii() and said[0].isprintable() else None


def _who_links(request: Request, session: Session, region: Region, flow: SignInFlow) -> SignedIn | None:
    """Return who is signed in, if that is still who has begun to link."""
    row = sessions.of_token(session, cookies.read(request, cookies.SESSION))
    if flow.account_id is None or row is None or row.account_id != flow.account_id:
        return None
    return signed_in(request, session, region)


def _identity(request: Request, flow: SignInFlow) -> oidc.Identity:
    ours = openid.of_request(request)
    ours.check_issuer(_one(request, "iss") if "iss" in request.query_params else None)
    if "error" in request.query_params:
        raise _RefusedError
    code = _one(request, "code") or ""
    if not _CODE.fullmatch(code) or flow.redirect_uri != f"{site(request).origin}{RETURN}":
        raise oidc.UntrustedError("no code, or for another address")
    return ours.identity(code, flow)


def _linked(request: Request, session: Session, found: SignedIn, identity: oidc.Identity) -> Response:
    account = session.get_one(Account, found.person.account_id)
    try:
        oidc.link(session, account, identity)
    except oidc.UntrustedError as error:
        raise _OtherEmailError from error
    factors_changed(request, session, found, Event.IDENTITY_LINKED)
    return _with_new_cookie(request, f"{OWN}?fertig=verbunden")


def _entered(request: Request, session: Session, identity: oidc.Identity, back: str) -> Response:
    account = oidc.owner(session, identity)
    if account is None:
        raise _UnknownError
    before = cookies.read(request, cookies.SESSION)
    for is_whole in (True, False):
        row = sessions.of_token(session, before, is_whole=is_whole)
        if row is not None:
            session.delete(row)
    client = cookies.client(request)
    if identity.has_many_factors:
        outcome = signing_in.enter(session, account, client, has_second_factor=True, by="provider")
    else:
        outcome = signing_in.enter_by_one(session, account, client, by="provider")
    return let_in(request, outcome, back)


def _with_new_cookie(request: Request, path: str) -> Response:
    answer = onward(path)
    cookies.give(request, answer, cookies.SESSION, request.state.token)
    return answer


def _is_too_much(request: Request, session: Session) -> bool:
    secret = request.app.state.settings.account_secret
    wait = throttle.take(session, throttle.key(secret, "provider", network(request)), _TRIES)
    session.commit()
    return bool(wait)
