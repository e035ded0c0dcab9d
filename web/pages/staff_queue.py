"""The queue: what waits for somebody, by kind, the oldest first."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.regions.deps import RegionDep
from web.staff import queue
from web.staff.gate import allowed
from web.staff.queue_reading import asked, choice, page_number
from web.staff.queue_words import ORIGINS, actors
from web.staff.showing import page

DONE: Final = {
    "entschieden": "Danke, das ist entschieden.",
    "beantwortet": "Danke, der Hinweis ist beantwortet.",
}

router = APIRouter(prefix=queue.QUEUE)


@router.get("")
def shown(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.SEE_QUEUE))],
) -> Response:
    """Show one kind of work; without a choice the first of which something waits."""
    known = choice(session, region, person)
    reader, task = asked(request, session, region, person, known)
    kinds = queue.counts(reader)
    task = task or next((one for one, number in kinds if number), kinds[0][0])
    items = task.items(reader, page_number(request), queue.PER_PAGE)
    return page(
        request,
        session,
        region,
        person,
        "queue.html",
        kinds=[(one, number, queue.address(one.slug, reader)) for one, number in kinds],
        task=task,
        items=items,
        item_url=lambda item: queue.address(task.slug, reader, path=item.path),
        page_url=lambda number: queue.address(task.slug, reader, number),
        all_url=queue.address(task.slug),
        who=actors(session, {item.actor for item in items.results}),
        origins=ORIGINS,
        choice=known,
        reader=reader,
        done=DONE.get(request.query_params.get("fertig", ""), ""),
    )
