"""The links of a help chain: added, changed, moved and taken out."""

from typing import Any

from fastapi import APIRouter, Response

from api.chains import past
from api.chains import service as chains
from api.chains.schemas import Chain
from api.core.errors import ConflictError, InvalidInputError
from web.sending.reading import Fields
from web.staff.chains import (
    CHAINS,
    CHANGED,
    OTHERS,
    SEEN,
    link_said,
    link_typed,
    mistakes,
    topics,
    way,
)
from web.staff.chains_desk import Desk, Editing
from web.staff.forms import Sent
from web.staff.showing import onward

router = APIRouter(prefix=f"{CHAINS}/{{chain_id:int}}/glied")


@router.get("/neu")
def begun(desk: Editing, chain_id: int) -> Response:
    """Show the form for a new link."""
    return _form(desk, desk.chain(chain_id), None, {})


@router.post("/neu")
def added(desk: Editing, chain_id: int, sent: Sent) -> Response:
    """Add a link at the end."""
    chain = desk.chain(chain_id)
    try:
        said = link_said(desk.session, desk.region, sent).checked()
        is_there = bool(chain.links) and chain.links[-1].model_dump(exclude={"id"}) == said.model_dump()
        if not is_there:  # else it was sent twice
            past.check_seen(desk.session, desk.act, chain_id, sent.get(SEEN, ""))
            chains.add_link(desk.session, desk.act, chain_id, said)
    except InvalidInputError as error:
        return _form(desk, chain, None, sent, 422, mistakes=mistakes(error))
    except ConflictError:
        return _form(desk, chain, None, sent, 409, error=CHANGED)
    return onward(f"{CHAINS}/{chain_id}?fertig=gespeichert#glieder")


@router.get("/{link_id:int}")
def shown(desk: Editing, chain_id: int, link_id: int) -> Response:
    """Show the form for a link."""
    chain = desk.chain(chain_id)
    link = chains.link(chain, link_id)
    return _form(desk, chain, link_id, link_typed(desk.session, desk.region, link))


@router.post("/{link_id:int}")
def changed(desk: Editing, chain_id: int, link_id: int, sent: Sent) -> Response:
    """Change a link."""
    chain = desk.chain(chain_id)
    link = chains.link(chain, link_id)
    try:
        said = link_said(desk.session, desk.region, sent).checked()
        if said.model_dump() != link.model_dump(exclude={"id"}):
            past.check_seen(desk.session, desk.act, chain_id, sent.get(SEEN, ""))
            chains.change_link(desk.session, desk.act, chain_id, link_id, said)
    except InvalidInputError as error:
        return _form(desk, chain, link_id, sent, 422, mistakes=mistakes(error))
    except ConflictError:
        return _form(desk, chain, link_id, sent, 409, error=CHANGED)
    return onward(f"{CHAINS}/{chain_id}?fertig=gespeichert#glieder")


@router.post("/{link_id:int}/entfernen")
def removed(desk: Editing, chain_id: int, link_id: int, sent: Sent) -> Response:
    """Take a link out of its chain."""
    outdated = desk.outdated(chain_id, sent)
    if outdated is not None:
        return outdated
    chains.remove_link(desk.session, desk.act, chain_id, link_id)
    return onward(f"{CHAINS}/{chain_id}?fertig=entfernt#glieder")


@router.post("/{link_id:int}/{to}")
def moved(desk: Editing, chain_id: int, link_id: int, to: str, sent: Sent) -> Response:
    """Move a link up or down by one place."""
    outdated = desk.outdated(chain_id, sent)
    if outdated is not None:
        return outdated
    chains.move_link(desk.session, desk.act, chain_id, link_id, way(to))
    return onward(f"{CHAINS}/{chain_id}#glieder")


def _form(
    desk: Desk,
    chain: Chain,
    link_id: int | None,
    sent: Fields,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    values: dict[str, Any] = {
        "chain": chain,
        "link_id": link_id,
        "sent": sent,
        "topics": topics(desk.session),
        "others": OTHERS,
        "seen": desk.seen(chain.id),
        "here": f"{CHAINS}/{chain.id}",
    }
    return desk.page("chain_link.html", status, **(values | context))
