"""The list of offers with filters and map."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.core.errors import FieldError, InvalidInputError
from api.offers import facets
from api.offers import service as offers
from api.offers.schemas import OfferSummary
from api.regions.deps import RegionDep, Tagged
from web.filters import active_choices, filter_form
from web.map import map_context
from web.rendering import locale_of, render
from web.wish import Wish

router = APIRouter(dependencies=[Tagged])

# Below this number of offers the ones across the border are shown, too.
FEW = 10


def numbered(found: list[OfferSummary], first: int | None) -> list[dict[str, object]]:
    """Return offers as the templates take them, numbered from first on, or without numbers."""
    return [
        {
            **{name: getattr(offer, name) for name in OfferSummary.model_fields},
            "number": None if first is None else first + position,
        }
        for position, offer in enumerate(found)
    ]


@router.get("/angebote")
def listed(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Show a page of the offers that the address asks for."""
    wish = Wish(session, region, request.query_params)
    wanted = offers.resolve(session, region, wish.query)
    page = offers.find(session, region, wish.query, wanted)
    if page.page > page.pages:
        raise InvalidInputError(errors=[FieldError("page", "there are fewer pages")])
    counts = facets.count(session, wanted)
    locale = locale_of(request)
    form = filter_form(session, region, wish, counts, locale)
    path = request.scope["path"]
    few = bool(wish.query.space) and page.total < FEW
    return render(
        request,
        session,
        region,
        "offers.html",
        page={
            "total": page.total,
            "page": page.page,
            "pages": page.pages,
            "results": numbered(page.results, wish.query.offset + 1),
        },
        filters=form,
        active=active_choices(form, wish),
        view=wish.view,
        list_url=wish.address(ansicht=None, seite=_other_than_first(page.page)) or path,
        map_url=wish.address(ansicht="karte", seite=_other_than_first(page.page)),
        page_url=lambda number: wish.address(seite=_other_than_first(number)) or "?",
        on_map=counts.points,
        without_place=counts.without_point,
        map=map_context(
            session,
            region,
            wish.api_query(),
            next(iter(wish.query.space), None),
            locale,
            request.app.state.settings,
        ),
        neighbours=numbered(offers.nearby(session, region, wanted), None) if few else [],
        space=wish.space,
    )


def _other_than_first(page: int) -> int | None:
    return page if page > 1 else None
