"""Who may see a page of staff: every route under /pflege names the action it is for, or it is not served.

    router = APIRouter(prefix=f"{PATH}/warteschlange")

    @router.get("")
    def shown(request: Request, session: SessionDep, region: RegionDep,
              person: Annotated[Person, Depends(allowed(Action.SEE_QUEUE))]) -> Response:
        return page(request, session, region, person, "queue.html", …)

    @router.post("/{offer_id:int}/bestaetigen")
    def confirmed(offer_id: int, session: SessionDep,
                  person: Annotated[Person, Depends(allowed(Action.CONFIRM))], sent: Sent) -> Response:
        person.require(Action.CONFIRM, scope.of_offer(session, offer_id))

Who is not signed in is led to the way in and back again; who may not gets 403. Routes that change something
take `Sent` (or `form(…)`, `checked`). Both are checked when the app starts: no oversight opens anything.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Annotated, Final, NamedTuple
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.accounts import sessions
from api.accounts.models import StaffSession
from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import NotFoundError
from api.core.languages import DEFAULT
from api.regions.deps import RegionDep
from web.rendering import locale_of
from web.staff import cookies

PATH: Final = "/pflege"
SIGN_IN: Final = f"{PATH}/anmelden"
BACK: Final = "weiter"  # the field that says where to go after signing in
_LONGEST_WAY: Final = 500
_SAFE: Final = frozenset({"GET", "HEAD"})


class SignInNeededError(Exception):
    """Somebody asks for a page of staff without being signed in."""


class UnsafeWayError(Exception):
    """Somebody asks for a page of staff without https."""


class SignedIn(NamedTuple):
    """Who is signed in, and by which session."""

    person: Person
    session: StaffSession


def signed_in(request: Request, session: SessionDep, region: RegionDep) -> SignedIn:
    """Return who is signed in; raise SignInNeededError."""
    _only_german_and_safe(request)
    found = sessions.of_token(session, cookies.read(request, cookies.SESSION))
    if found is None:
        raise SignInNeededError
    request.app.state.pace.take(found.account_id, writes=request.method not in _SAFE)
    person = sessions.person(session, found, region.id)
    request.state.person = person
    return SignedIn(person, found)


SignedInDep = Annotated[SignedIn, Depends(signed_in, scope="function")]


@cache
def allowed(action: Action) -> Callable[..., Person]:
    """Return the dependency of a route for an action: the Person who may do it somewhere in the region."""

    def check(found: SignedInDep) -> Person:
        found.person.require(action)
        return found.person

    check.action = action  # type: ignore[attr-defined]
    return check


async def everybody(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Mark the few routes that are for who is not signed in, or has no rights here."""
    _only_german_and_safe(request)


everybody.is_open = True  # type: ignore[attr-defined]


def _only_german_and_safe(request: Request) -> None:
    """Staff of German cities reads these pages; their cookie must not travel in the clear."""
    if locale_of(request) != DEFAULT:
        raise NotFoundError
    if not cookies.is_safe(request):
        raise UnsafeWayError


def action_of(route: APIRoute) -> Action | None:
    """Return the action that a route declares; None: it is for everybody. Raise LookupError if neither."""
    calls = list(_calls(route.dependant))
    actions = [call.action for call in calls if hasattr(call, "action")]
    if len(actions) == 1:
        return Action(actions[0])
    if not actions and any(hasattr(call, "is_open") for call in calls):
        return None
    raise LookupError(f"{route.path} must declare one action: Depends(allowed(Action.…))")


def check_declared(routers: Iterable[APIRouter]) -> None:
    """Raise LookupError unless every route of staff says for whom it is, and takes only forms of ours."""
    for route in (route for router in routers for route in router.routes):
        if not isinstance(route, APIRoute) or not (route.path == PATH or route.path.startswith(f"{PATH}/")):
            continue
        action_of(route)
        changes = not set(route.methods or ()) <= _SAFE
        if changes and not any(hasattr(call, "checks_forms") for call in _calls(route.dependant)):
            raise LookupError(f"{route.path} changes something and must check its form: sent: Sent")


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def way_back(said: str) -> str:
    """Return where to go after signing in: a page of staff, never an address of somebody else."""
    parts = urlsplit(said)
    is_ours = parts.path == PATH or parts.path.startswith(f"{PATH}/")
    is_plain = said.isascii() and said.isprintable() and not set(said) & set("\\ ") and "//" not in parts.path
    is_there = not (parts.scheme or parts.netloc) and len(said) <= _LONGEST_WAY
    is_page = is_ours and is_plain and is_there and "/../" not in f"{parts.path}/"
    return said if is_page and not said.startswith((SIGN_IN, f"{PATH}/abmelden")) else PATH


def way_in(request: Request) -> str:
    """Return the address of the way in that leads back to this page, or to the form that was sent."""
    said = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in _SAFE:
        parts = urlsplit(request.headers.get("referer", ""))
        said = parts.path if parts.netloc == request.headers.get("host") else ""
    back = way_back(said)
    return SIGN_IN if back == PATH else f"{SIGN_IN}?{BACK}={quote(back, safe='/')}"
