"""A place that is on no map: its address is looked up, or somebody sets the point."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from api.accounts import scope
from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import drafts, entries, eyes, reach, service, unplaced
from api.curation.claims import About
from api.curation.sheet import of_offer
from api.curation.unplaced import Unplaced, Use
from api.regions.deps import RegionDep
from api.regions.models import Region
from web.map import map_context
from web.staff import form_points, place_form, queue, queue_claims, queue_doubts
from web.staff.form_steps import WHERE, point_read
from web.staff.forms import Sent
from web.staff.gate import PATH, allowed
from web.staff.place_form import Typed
from web.staff.queue_reading import asked, done_said, following
from web.staff.queue_words import refusal
from web.staff.showing import onward, page

ReaderOf = Annotated[Person, Depends(allowed(Action.SEE_QUEUE))]
REASON: Final = "Der Ort hatte keinen Punkt auf der Karte."
WRONG: Final = "Bitte sehen Sie die markierten Felder noch einmal an."

router = APIRouter(prefix=queue_doubts.PLACE)


@router.get("/{place_id:int}")
def shown(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, place_id: int
) -> Response:
    """Show a place with what the search for its address has found."""
    place = _place(session, region, person, place_id)
    typed = place_form.searched(session, region.id, place_form.of_place(place))
    return _page(request, session, region, person, place, typed, done=done_said(request))


@router.post("/{place_id:int}")
def placed(
    request: Request, session: SessionDep, region: RegionDep, person: ReaderOf, place_id: int, sent: Sent
) -> Response:
    """Look the address up as it was typed, or put the place there: for all offers under its roof."""
    place = _place(session, region, person, place_id)
    typed = place_form.of_sent(sent)
    if sent.get("tun") == "suchen":
        again = place_form.searched(session, region.id, replace(typed, point=""))
        return _page(request, session, region, person, place, again)
    path = f"{queue_doubts.PLACE}/{place_id}"
    done = "gesetzt" if all(_at_once(session, region, person, use) for use in place.uses) else "vorgeschlagen"
    following_url = following(request, session, region, person, path, done)
    try:
        point = place_form.point_of(session, region.id, typed)
        for use in place.uses:
            _write(session, region, person, use, typed, point)
    except InvalidInputError as error:
        session.rollback()
        mistakes = {one.field: one.detail for one in error.errors if one.field in _FIELDS}
        words = WRONG if mistakes else " ".join(dict.fromkeys(one.detail for one in error.errors))
        return _page(
            request, session, region, person, place, typed, 422, error=words or WRONG, mistakes=mistakes
        )
    except ConflictError as error:
        session.rollback()
        return _page(request, session, region, person, place, typed, 409, error=refusal(error))
    return onward(following_url)


@router.post("/{place_id:int}/aendern/{offer_id:int}")
def edited(
    session: SessionDep, region: RegionDep, person: ReaderOf, place_id: int, offer_id: int, _sent: Sent
) -> Response:
    """Open the form of one of the offers where its places stand."""
    place = _place(session, region, person, place_id)
    if offer_id not in {use.offer_id for use in place.uses}:
        raise NotFoundError("This offer is not there.")
    person.require(Action.DRAFT, scope.of_offer(session, offer_id))
    reach.check_hidden(session, person, offer_id)
    draft = drafts.open_draft(session, entries.by_form(person), offer_id)
    return onward(f"{PATH}/entwurf/{draft.id}/{WHERE.key}")


_FIELDS: Final = frozenset({*place_form.FIELDS, place_form.POINT})


def _place(session: Session, region: Region, person: Person, place_id: int) -> Unplaced:
    """Return a place that waits, with those of its offers that are this person's business."""
    if place_id > reach.HIGHEST:
        raise NotFoundError("There is no such place.")
    only = scope.offers_for(person, Action.SEE_QUEUE)
    return unplaced.get(session, region.id, place_id, unplaced.Wanted(only=only))


def _at_once(session: Session, region: Region, person: Person, use: Use) -> bool:
    may = person.may(Action.PUBLISH, scope.of_offer(session, use.offer_id))
    return may and not eyes.wanted(session, region.id)


def _write(
    session: Session, region: Region, person: Person, use: Use, typed: Typed, point: dict[str, Any]
) -> None:
    """Change one offer, or suggest it; said twice it is suggested once."""
    act = entries.by_form(person)
    changes = place_form.changes(use, of_offer(session, region.id, use.offer_id), typed, point)
    if not _at_once(session, region, person, use):
        unplaced.suggest(session, act, use.offer_id, changes, REASON)
    elif service.change_at_once(session, act, use.offer_id, changes).conflicts:
        raise ConflictError("Somebody was first.")


def _page(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    place: Unplaced,
    typed: Typed,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> Response:
    reader, task = asked(request, session, region, person)
    path = f"{queue_doubts.PLACE}/{place.id}"
    next_path = queue.after(reader, task, path)
    slug = task.slug if task else ""
    values: dict[str, Any] = {
        "place": place,
        "address": unplaced.address(place.street, place.postcode, place.town),
        "typed": typed,
        "pin": form_points.said(session, region, point_read(typed.point, None)),
        "map": map_context(session, region, "", None, "de", request.app.state.settings),
        "at_once": all(_at_once(session, region, person, use) for use in place.uses),
        "may_edit": [
            use.offer_id
            for use in place.uses
            if person.may(Action.DRAFT, scope.of_offer(session, use.offer_id))
        ],
        "care": queue_claims.care(session, person, (About.PLACE, place.id)),
        "back": queue.address(slug, reader, path=path),
        "here": path,
        "query": queue.address(slug, reader, path=""),
        "queue_url": queue.address(slug or "orte", reader),
        "next_url": queue.address(slug, reader, path=next_path) if next_path else "",
    }
    return page(request, session, region, person, "place.html", status, **(values | context))
