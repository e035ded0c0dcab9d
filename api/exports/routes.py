"""GET /offers.csv, .xlsx, .ods, .kml and .geojson: all that a filter finds, as a file."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from api.core.deps import SessionDep
from api.exports import notes, reading
from api.exports.download import Download, snapshot
from api.exports.formats import FORMATS, Ending
from api.offers import service as offers
from api.offers.addresses import address
from api.offers.schemas import OfferFilter
from api.regions import freshness
from api.regions.deps import RegionDep, Tagged, untag
from api.search import service as search
from api.search.deps import ShelvesDep
from api.search.schemas import Question

router = APIRouter(tags=["offers"], dependencies=[Tagged])

_CONTENT: Final[dict[str, Any]] = {form.media_type.partition(";")[0]: {} for form in FORMATS.values()}


class ExportQuery(OfferFilter):
    """Which offers are taken away: by words and filters, always all that are found."""

    q: Question = Field(default="", description="Words as people type them")


@router.get(
    "/offers.{ending}",
    operation_id="exportOffers",
    response_class=Response,
    responses={200: {"content": _CONTENT, "description": "The file, sent while it is made"}},
)
def export(
    request: Request,
    response: Response,
    session: SessionDep,
    region: RegionDep,
    shelves: ShelvesDep,
    ending: Annotated[Literal["csv", "xlsx", "ods", "kml", "geojson"], Path(description="The format")],
    query: Annotated[ExportQuery, Query()],
) -> Response:
    """Return all offers that words and filters find as a file, a row for each offer at each place.

    At most two files are made at the same time; who comes then is asked to come again (503).
    """
    wanted = search.narrowed(session, region, query.q, offers.resolve(session, region, query), shelves)
    if query.when:
        response.headers["ETag"] = freshness.of_region(region).tag_of_minute
    if query.q and search.is_plain(region, shelves):
        untag(response)
    tag = response.headers.get("ETag", "")
    if tag and freshness.names(request.headers.get("If-None-Match", ""), tag):
        return Response(status_code=304, headers=dict(response.headers))
    origin = address(request, region).origin
    form = FORMATS[Ending(ending)]
    # Words that somebody has typed are nobody's business who gets the file.
    said = urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "q"])
    page = f"{origin}/api/v1/offers.{ending}" + (f"?{said}" if said else "")
    about = notes.of(session, region, origin, page)
    name = notes.file_name(session, region, query, ending)
    engine = request.app.state.engine

    def parts() -> Iterator[bytes]:
        with snapshot(engine) as reader:
            yield from form.write(about, reading.rows(reader, wanted, origin))

    headers = {
        **response.headers,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Link": f'<{origin}/quellen>; rel="license"',
    }
    return Download(parts, request.app.state.downloads, form.media_type, headers)
