"""The queue: what waits for somebody, by kind, the oldest first."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.regions.deps import RegionDep
from web.staff import queue, queue_bulk, queue_claims
from web.staff.gate import allowed
from web.staff.queue_reading import asked, choice, done_said, page_number, taken_back
from web.staff.queue_words import DEEDS, ORIGINS, actors
from web.staff.showing import page

router = APIRouter(prefix=queue.QUEUE)


class Waiting(NamedTuple):
    """A kind of work with how much of it waits; what nobody has to do stands aside."""

    task: queue.Task
    number: int
    address: str
    shown: bool


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
    number = page_number(request)
    items = task.items(reader, number, queue.PER_PAGE)
    all_chosen = request.query_params.get("alle") == "ja"
    turned = reader._replace(free=not reader.free)
    return page(
        request,
        session,
        region,
        person,
        "queue.html",
        kinds=[
            Waiting(one, number, queue.address(one.slug, reader), number > 0 or one == task)
            for one, number in kinds
        ],
        task=task,
        items=items,
        item_url=lambda item: queue.address(task.slug, reader, path=item.path),
        page_url=lambda number: queue.address(task.slug, reader, number),
        all_url=queue.address(task.slug),
        free_url=queue.address(task.slug, turned),
        back=queue.address(task.slug, reader, number),
        cares=queue_claims.cares(session, person, [one.thing for one in items.results if one.thing]),
        deeds=[(did.value, DEEDS[did]) for did in task.deeds if person.may(queue_bulk.RIGHTS[did])],
        bulk_url=queue_bulk.BULK,
        address_fields=queue.fields(task.slug, reader),
        all_chosen=all_chosen,
        all_chosen_url=queue.address(task.slug, reader, number, alle="" if all_chosen else "ja"),
        who=actors(session, {item.actor for item in items.results}),
        origins=ORIGINS,
        choice=known,
        reader=reader,
        query=queue.address(task.slug, reader, path=""),
        done=done_said(request, is_list=True),
        war=taken_back(request),
    )
