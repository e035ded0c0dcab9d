"""All entries of a provider behind the link from a mail: seen, confirmed, done with."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Response
from starlette.background import BackgroundTask

from api.core.errors import ConflictError, NotFoundError
from api.curation import confirming, freshness_links
from api.curation.freshness_links import Found, Standing
from api.curation.freshness_models import ProviderLink, Purpose
from web.mail import asking
from web.mail.letters import CHECK_PATH
from web.provider.changing import Item
from web.provider.entries import MOST, State, cards, states
from web.provider.gate import NEW_LINK, ByLink, Here, Read, Sent, check_proof, find, onward, page, unknown
from web.sending.networks import network

DONE: Final = {
    "bestaetigt": "Danke, das ist bestätigt.",
    "gesendet": "Danke, das ist bei uns angekommen. Jemand sieht es sich an; bis dahin bleibt alles, wie es "
    "ist.",
}
CHANGED: Final = (
    "Jemand anders hat inzwischen etwas geändert: {names}. So steht es jetzt da. Bitte sehen Sie es noch "
    "einmal an."
)
STATUS: Final = {Standing.USED: 200, Standing.EXPIRED: 410}
router = APIRouter(prefix=f"{CHECK_PATH}{{token}}")


@router.get("")
def shown(here: ByLink) -> Response:
    """Show all entries, or what became of them; looking uses nothing up."""
    try:
        found = freshness_links.find(here.session, here.region.id, here.token, Purpose.CHECK)
    except NotFoundError:
        return unknown(here)
    if found.standing != Standing.OPEN:
        return over(here, found)
    return listed(here, found.link)


@router.post("")
def confirmed(here: ByLink, sent: Sent) -> Response:
    """Confirm one entry, or all that were shown; what somebody else has changed since is shown again."""
    try:
        link = freshness_links.held(here.session, here.region.id, here.token)
    except ConflictError:  # pressed twice: what came of it stands there
        return onward(here.path)
    all_of_them = states(here, link)
    asked = _asked(sent, all_of_them)
    done = confirming.confirm_all(here.session, freshness_links.act_of(link), asked, link.organization_id)
    if done.changed_since:
        names = ", ".join(
            f"„{one.line.name}“" for one in all_of_them if one.line.offer_id in done.changed_since
        )
        return listed(here, link, 409, error=CHANGED.format(names=names))
    return ended(here, link, "bestaetigt")


@router.post("/neuer-link")
def asked_anew(here: ByLink, read: Read) -> Response:
    """Send a new link to the address that is known of the provider; nobody learns which, or if any is."""
    check_proof(here, read)
    here.request.app.state.throttle.take(network(here.request))
    found = find(here, Purpose.CHECK)
    state = here.request.app.state
    answer = onward(f"{NEW_LINK}/unterwegs")
    answer.background = BackgroundTask(
        asking.to_organization, state.engine, state.settings, here.region, found.link.organization_id
    )
    return answer


def ended(here: Here, link: ProviderLink, done: str) -> Response:
    """Lead back to the list; if everything in it is done, the link is done with, too."""
    if all(one.is_done for one in states(here, link)):
        freshness_links.use_up(here.session, link)
        return onward(f"{here.path}?fertig=alles")
    return onward(f"{here.path}?fertig={done}")


def listed(here: Here, link: ProviderLink, status: int = 200, error: str = "") -> Response:
    """Return the page with all entries: in full those that nothing was said about, then the others."""
    every = states(here, link)
    left = [one for one in every if not one.is_done]
    return page(
        here,
        "check.html",
        status,
        organization=freshness_links.organization_of(here.session, link),
        cards=cards(here, link, left),
        more=max(0, len(left) - MOST),
        handled=[one for one in every if one.is_done],
        is_all_checked=bool(every) and not any(one.line.state != "fresh" for one in left),
        expires_on=link.expires_at,
        error=error,
        done="" if error else DONE.get(here.request.query_params.get("fertig", ""), ""),
    )


def over(here: Here, found: Found, status: int = 0, error: str = "", lost: Sequence[Item] = ()) -> Response:
    """Return the page of a link that is used up or has expired: what came of it, and how to get a new one."""
    every = states(here, found.link) if found.standing == Standing.USED else []
    return page(
        here,
        "over.html",
        status or STATUS[found.standing],
        is_used=found.standing == Standing.USED,
        is_just_done=here.request.query_params.get("fertig") == "alles" and not error,
        used_at=found.link.used_at,
        handled=[one for one in every if one.is_done],
        weeks=here.request.app.state.settings.digest_weeks,
        error=error,
        lost=lost,
    )


def _asked(sent: Sent, every: list[State]) -> dict[int, int]:
    """Return the entries that are to be confirmed, each with the last revision that was seen of it."""
    own = {one.line.offer_id: one for one in every}
    wish = sent.get("tun", "")
    names = [name for name in sent if name.startswith("stand-")] if wish == "alle" else []
    if wish.startswith("stimmt-"):
        names = [f"stand-{wish.removeprefix('stimmt-')}"]
    numbers = {number(name.removeprefix("stand-")): number(sent.get(name, "")) for name in names}
    if wish == "alle":  # what is not public any more does not hold up the rest
        numbers = {offer_id: seen for offer_id, seen in numbers.items() if offer_id in own}
    if not numbers or numbers.keys() - own.keys():
        raise NotFoundError("There is no such offer of this provider.")
    # Pressed twice it is done already.
    return {offer_id: seen for offer_id, seen in numbers.items() if not own[offer_id].is_confirmed}


def number(said: str) -> int:
    """Return a number that a form carries along, -1 for what is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else -1  # noqa: PLR2004
