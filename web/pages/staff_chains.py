"""Help chains for staff: where links are missing in which Stadtteil; texts, order, and who sees a chain."""

from typing import Any, Final

from fastapi import APIRouter, Response

from api.chains import finding, past
from api.chains import service as chains
from api.chains.schemas import Chain
from api.core.errors import ConflictError, InvalidInputError
from web.sending.reading import Fields
from web.staff.chains import (
    CHAINS,
    CHANGED,
    OTHERS,
    SEEN,
    chain_said,
    chain_typed,
    mistakes,
    way,
)
from web.staff.chains_desk import Desk, Editing, Seeing
from web.staff.forms import Sent
from web.staff.showing import onward

EMPTY: Final = "Eine Kette ohne Glieder hilft niemandem. Bitte fügen Sie zuerst eines hinzu."
NOT_NOW: Final = "Dieser Schritt lässt sich nicht mehr zurücknehmen."

router = APIRouter(prefix=CHAINS)


@router.get("")
def listed(desk: Seeing) -> Response:
    """Show all chains, and how often a link is missing."""
    every = chains.every(desk.session, desk.region, published=False)
    tables = finding.tables(desk.session, desk.region, every, desk.shelves)
    found = [(chain, tables[chain.id]) for chain in every]
    return desk.page("chains.html", chains=found, may_edit=desk.may_edit, done=desk.done)


@router.get("/neu")
def begun(desk: Editing) -> Response:
    """Show the form for a new chain."""
    return _form(desk, None, {})


@router.post("/neu")
def created(desk: Editing, sent: Sent) -> Response:
    """Add a chain that nobody but staff sees yet."""
    try:
        said = chain_said(sent).checked()
        for known in chains.every(desk.session, desk.region, published=False):
            if not known.links and known.names == said.names:  # sent twice
                return onward(f"{CHAINS}/{known.id}?fertig=neu")
        chain = chains.create(desk.session, desk.act, said)
    except InvalidInputError as error:
        return _form(desk, None, sent, 422, mistakes=mistakes(error))
    return onward(f"{CHAINS}/{chain.id}?fertig=neu")


@router.get("/{chain_id:int}")
def shown(desk: Seeing, chain_id: int) -> Response:
    """Show the links of a chain, where they are missing, and what was changed."""
    return desk.show(chain_id)


@router.get("/{chain_id:int}/texte")
def texts(desk: Editing, chain_id: int) -> Response:
    """Show the form for the texts of a chain."""
    chain = desk.chain(chain_id)
    return _form(desk, chain, chain_typed(chain))


@router.post("/{chain_id:int}/texte")
def changed(desk: Editing, chain_id: int, sent: Sent) -> Response:
    """Change the texts of a chain."""
    chain = desk.chain(chain_id)
    try:
        said = chain_said(sent).checked()
        if said.model_dump() != chain.model_dump(include={"names", "summaries"}):
            past.check_seen(desk.session, desk.act, chain_id, sent.get(SEEN, ""))
            chains.change(desk.session, desk.act, chain_id, said)
    except InvalidInputError as error:
        return _form(desk, chain, sent, 422, mistakes=mistakes(error))
    except ConflictError:
        return _form(desk, chain, sent, 409, error=CHANGED)
    return onward(f"{CHAINS}/{chain_id}?fertig=gespeichert")


@router.post("/{chain_id:int}/zeigen")
def published(desk: Editing, chain_id: int, sent: Sent) -> Response:
    """Show a chain to everybody, or to staff alone."""
    is_published = sent.get("zeigen") == "ja"
    try:
        chains.publish(desk.session, desk.act, chain_id, is_published=is_published)
    except ConflictError:
        return desk.show(chain_id, 409, error=EMPTY)
    return onward(f"{CHAINS}/{chain_id}?fertig={'oeffentlich' if is_published else 'verborgen'}")


@router.post("/{chain_id:int}/zuruecknehmen/{step_id:int}")
def undone(desk: Editing, chain_id: int, step_id: int, _sent: Sent) -> Response:
    """Take a step of the history back."""
    desk.chain(chain_id)
    try:
        is_whole = past.undo(desk.session, desk.act, chain_id, step_id)
    except ConflictError:
        desk.session.rollback()
        return desk.show(chain_id, 409, error=NOT_NOW)
    return onward(f"{CHAINS}/{chain_id}?fertig={'zurueck' if is_whole else 'teils'}")


@router.post("/{chain_id:int}/{to}")
def moved(desk: Editing, chain_id: int, to: str, _sent: Sent) -> Response:
    """Move a chain up or down in the list."""
    chains.move(desk.session, desk.act, chain_id, way(to))
    return onward(CHAINS)


def _form(desk: Desk, chain: Chain | None, sent: Fields, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
    values: dict[str, Any] = {
        "chain": chain,
        "sent": sent,
        "others": OTHERS,
        "seen": desk.seen(chain.id) if chain else 0,
        "here": f"{CHAINS}/{chain.id}" if chain else CHAINS,
    }
    return desk.page("chain_texts.html", status, **(values | context))
