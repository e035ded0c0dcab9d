"""GET /ogc and everything under it."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.ogc import answers, collections, description, documents, offers, spaces, tiling
from api.ogc.collections import OFFERS
from api.ogc.counts import Counts, Wanted
from api.ogc.deps import Visit, VisitDep, question
from api.ogc.links import GEOJSON, HTML, MVT, OPENAPI, Link
from api.ogc.parts import Part
from api.ogc.questions import (
    FeatureQuestion,
    OffersQuestion,
    OfferTileQuestion,
    PageQuestion,
    Question,
    SpacesQuestion,
    SpaceTileQuestion,
    TilesetQuestion,
)
from api.ogc.tiling import MATRIX_SET
from api.regions import freshness
from api.regions.deps import Tagged
from api.regions.schemas import RegionQuery

router = APIRouter(dependencies=[Tagged])

MOST_ON_A_PAGE = 100  # features that people are shown at once

Ask = Annotated[Question, Query()]
AskOffers = Annotated[OffersQuestion, question(OffersQuestion)]
AskSpaces = Annotated[SpacesQuestion, question(SpacesQuestion)]
AskOfferTile = Annotated[OfferTileQuestion, question(OfferTileQuestion)]
AskSpaceTile = Annotated[SpaceTileQuestion, question(SpaceTileQuestion)]


@router.get("/")
def landing(visit: VisitDep, _asked: Ask) -> Response:
    """Show the way in."""
    document = documents.landing(visit.site, visit.region, visit.said)
    return answers.said(visit, "landing", document)


@router.get("/conformance")
def conformance(visit: VisitDep, _asked: Ask) -> Response:
    """Say what of the standards is kept."""
    document = documents.conformance(visit.site, visit.said)
    return answers.said(visit, "conformance", document)


@router.get("/api")
def api(visit: VisitDep, _asked: Annotated[RegionQuery, Query()]) -> Response:
    """Describe everything (OpenAPI 3.0)."""
    document = description.describe(visit.site, visit.region, collections.every(visit.session, visit.region))
    return Response(
        json.dumps(document, ensure_ascii=False), media_type=OPENAPI, headers=dict(visit.response.headers)
    )


@router.get("/collections")
def every(visit: VisitDep, _asked: Ask) -> Response:
    """List the collections."""
    found = collections.every(visit.session, visit.region)
    document = documents.collections(visit.site, found, visit.said)
    return answers.said(visit, "collections", document)


@router.get("/collections/{collection_id}")
def one(visit: VisitDep, collection_id: str, _asked: Ask) -> Response:
    """Show a collection."""
    found = collections.get(visit.session, visit.region, collection_id)
    document = documents.collection(visit.site, found, visit.said)
    return answers.said(visit, "collection", document)


@router.get(f"/collections/{OFFERS}/items")
def offer_items(visit: VisitDep, asked: AskOffers) -> Response:
    """List offers."""
    _shorten(visit, asked)
    counts, wanted = _counted(visit, OFFERS)
    part = offers.part(visit.session, visit.region, asked, visit.site.pages, counts.get(wanted))
    visit.has_read()
    counts.keep(wanted, part.matched)
    links = _around(visit, OFFERS, asked, part)
    return answers.features(visit, part, links, asked.crs)


@router.get("/collections/{collection_id}/items")
def space_items(visit: VisitDep, collection_id: str, asked: AskSpaces) -> Response:
    """List the spaces of a division."""
    _shorten(visit, asked)
    division = collections.division_id(visit.session, visit.region, collection_id)
    counts, wanted = _counted(visit, collection_id)
    part = spaces.part(visit.session, division, asked, visit.site.pages, counts.get(wanted))
    visit.has_read()
    counts.keep(wanted, part.matched)
    links = _around(visit, collection_id, asked, part)
    return answers.features(visit, part, links, asked.crs)


@router.get("/collections/{collection_id}/items/{feature_id}")
def item(
    visit: VisitDep, collection_id: str, feature_id: str, asked: Annotated[FeatureQuestion, Query()]
) -> Response:
    """Show a feature."""
    if collection_id == OFFERS:
        text = offers.one(visit.session, visit.region, feature_id, asked.crs, visit.site.pages)
    else:
        division = collections.division_id(visit.session, visit.region, collection_id)
        text = spaces.one(visit.session, division, feature_id, asked.crs, visit.site.pages)
    path = f"/collections/{collection_id}"
    links = [
        *visit.site.both(f"{path}/items/{feature_id}", visit.said, GEOJSON),
        visit.site.link("collection", path, "application/json", title="Sammlung"),
    ]
    return answers.feature(visit, text, links, asked.crs)


@router.get("/collections/{collection_id}/tiles")
def tilesets(visit: VisitDep, collection_id: str, _asked: Ask) -> Response:
    """List the sets of tiles of a collection."""
    found = collections.get(visit.session, visit.region, collection_id)
    document = documents.tilesets(visit.site, found, visit.said)
    return answers.said(visit, "tilesets", document)


@router.get(f"/collections/{{collection_id}}/tiles/{MATRIX_SET}")
def tileset(visit: VisitDep, collection_id: str, asked: Annotated[TilesetQuestion, Query()]) -> Response:
    """Show a set of tiles, also as TileJSON."""
    found = collections.get(visit.session, visit.region, collection_id)
    if asked.f == "tilejson":
        fields = offers.TILE_FIELDS if collection_id == OFFERS else spaces.TILE_FIELDS
        document = documents.tilejson(visit.site, found, fields)
    else:
        document = documents.tileset(visit.site, found, visit.said)
    return answers.said(visit, "tileset", document)


@router.get(f"/collections/{OFFERS}/tiles/{MATRIX_SET}/{{z}}/{{y}}/{{x}}")
def offer_tile(visit: VisitDep, z: str, y: str, x: str, asked: AskOfferTile) -> Response:
    """Draw the offers in a tile."""
    return _tile(visit, offers.tile(visit.session, visit.region, tiling.tile(z, y, x), asked))


@router.get(f"/collections/{{collection_id}}/tiles/{MATRIX_SET}/{{z}}/{{y}}/{{x}}")
def space_tile(visit: VisitDep, collection_id: str, z: str, y: str, x: str, asked: AskSpaceTile) -> Response:
    """Draw the spaces of a division in a tile."""
    where = tiling.tile(z, y, x)
    division = collections.division_id(visit.session, visit.region, collection_id)
    return _tile(visit, spaces.tile(visit.session, division, collection_id, where, asked))


@router.get("/tileMatrixSets")
def matrix_sets(visit: VisitDep, _asked: Ask) -> Response:
    """List the matrix sets."""
    document = documents.matrix_sets(visit.site, visit.said)
    return answers.said(visit, "matrix_sets", document)


@router.get(f"/tileMatrixSets/{MATRIX_SET}")
def matrix_set(visit: VisitDep, _asked: Ask) -> Response:
    """Define the matrix set."""
    return answers.said(visit, "matrix_set", tiling.matrix_set())


def _tile(visit: Visit, tile: bytes) -> Response:
    """Answer with a tile; 204 says that nothing lies there (OGC API – Tiles, 7.1.7)."""
    visit.has_read()
    headers = dict(visit.response.headers)
    return (
        Response(tile, media_type=MVT, headers=headers)
        if tile
        else Response(status_code=204, headers=headers)
    )


def _counted(visit: Visit, collection_id: str) -> tuple[Counts, Wanted]:
    """Return what is known of how many features answer questions, and this question there."""
    counts: Counts = visit.request.app.state.counts
    return counts, Wanted.of(freshness.of_region(visit.region), collection_id, visit.said)


def _shorten(visit: Visit, asked: PageQuestion) -> None:
    if answers.wants_page(visit.request):
        asked.limit = min(asked.limit, MOST_ON_A_PAGE)


def _around(visit: Visit, collection_id: str, asked: PageQuestion, part: Part) -> list[Link]:
    """Return the links of a page of features to itself, its neighbours and its collection."""
    path = f"/collections/{collection_id}"
    site, said = visit.site, visit.said
    kind = HTML if answers.wants_page(visit.request) else GEOJSON
    links = site.both(f"{path}/items", said, GEOJSON)
    if asked.offset + part.returned < part.matched and part.returned:
        more = {**said, "offset": asked.offset + part.returned}
        links.append(site.link("next", f"{path}/items", kind, more, "Weiter"))
    if asked.offset:
        back = {**said, "offset": max(asked.offset - asked.limit, 0)}
        links.append(site.link("prev", f"{path}/items", kind, back, "Zurück"))
    return [*links, site.link("collection", path, "application/json", title="Sammlung")]
